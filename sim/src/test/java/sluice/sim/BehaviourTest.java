package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import sluice.core.tcp.user.TcpSocket;

/**
 * What the stack does with a path, as a committed table: whoever changes its behaviour sees a difference and commits it
 * with the reason.
 */
class BehaviourTest {
    private static final Path FILE = Path.of("..", "docs", "behaviour.md");
    private static final String REWRITE = "mvn -o -q -Dquick -pl sim -am test -Dtest=BehaviourTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dsluice.rewrite=true";
    private static final long RATE = 20_000_000;
    private static final double RTT_MS = 40;
    private static final double SECONDS = 10;
    private static final String[] ALGORITHMS = {"reno", "cubic", "cubic++", "bbr"};
    private static final double[] BUFFERS = {0.25, 1, 4};
    private static final double[] LOSSES = {0, 0.1, 1, 3, 10};
    private static final String[] REORDERINGS = {"", "delay 10ms reorder 75%"};

    private static String cell(String algorithm, double buffer, double loss, String reordering) {
        Flows f = new Flows(3, RTT_MS).bottleneck(RATE, buffer);
        String words = (reordering + (loss > 0 ? " loss " + loss + "%" : "")).strip();
        if (!words.isEmpty()) {
            f.link.from(f.a).netem(words);
        }
        TcpSocket t = f.add(algorithm);
        f.run(SECONDS);
        long resent = t.totals.retransmissions * 1000 / Math.max(1, t.totals.dataSegmentsOut);
        return String.format(Locale.ROOT, "%.1f (%.1f)", t.totals.bytesAcked * 8 / SECONDS / 1e6, resent / 10.0);
    }

    static String table() {
        StringBuilder out = new StringBuilder();
        out.append("# What a bulk flow gets\n\n");
        out.append(
                "Goodput in Mbit/s, and in brackets the percentage of segments that were retransmitted: one flow of "
                        + "10 s over 20 Mbit/s × 40 ms in virtual time, drop-tail\n");
        out.append(
                "buffer in units of bandwidth × delay (100 kB), random loss, and reordering (a quarter of the packets "
                        + "overtakes the others by 10 ms). Seed 3.\n");
        out.append("Generated: do not edit. A test compares; to write it anew: `").append(REWRITE).append("`.\n");
        for (String reordering : REORDERINGS) {
            out.append(reordering.isEmpty() ? "\n## In order\n" : "\n## Reordered (netem `" + reordering + "`)\n");
            out.append("| algorithm | buffer |");
            for (double loss : LOSSES) {
                out.append(String.format(Locale.ROOT, " loss %s %% |", number(loss)));
            }
            out.append("\n| --- | --- |").append(" --- |".repeat(LOSSES.length)).append('\n');
            for (String algorithm : ALGORITHMS) {
                for (double buffer : reordering.isEmpty() ? BUFFERS : new double[]{1}) {
                    out.append("| ").append(algorithm).append(" | ").append(number(buffer)).append(" |");
                    for (double loss : LOSSES) {
                        out.append(' ').append(cell(algorithm, buffer, loss, reordering)).append(" |");
                    }
                    out.append('\n');
                }
            }
        }
        return out.toString();
    }

    private static String number(double d) {
        return d == Math.rint(d) ? Integer.toString((int) d) : Double.toString(d);
    }

    @Test
    void theTableIsAsCommitted() throws IOException {
        String now = table();
        if (Boolean.getBoolean("sluice.rewrite")) {
            Files.writeString(FILE, now);
        }
        assertThat(now).as("behaviour changed; if that is meant, write the table anew: " + REWRITE)
                .isEqualTo(Files.readString(FILE));
    }
}
