package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.base.Counter;

/** tshark's expert analysis of our captures. */
class CaptureTest {
    @TempDir
    Path directory;

    private record Finding(String source, int severity, String message) {}

    static Stream<Arguments> paths() {
        return Stream.of("", "delay 2ms", "loss 2%", "delay 5ms 2ms", "duplicate 3%")
                .flatMap(w -> Stream.of(Family.values()).map(f -> Arguments.of(w, f)));
    }

    /** What a path shows, and whether a queue that ran over or a late thread had a part in it. */
    private record Trial(List<Finding> findings, String disturbance) {}

    @ParameterizedTest(name = "\"{0}\" {1}")
    @MethodSource("paths")
    void nothingIsWrong(String words, Family family) throws Exception {
        Machine.requireTool("tshark", "tshark");
        boolean clean = words.isEmpty() || words.equals("delay 2ms");
        for (int attempt = 1;; attempt++) {
            Trial trial = trial(words, family, clean);
            assertThat(trial.findings).noneMatch(
                    f -> f.message.contains("Malformed") || f.message.contains("hecksum") || f.message.contains("Bogus")
                            || f.message.contains("Short segment") || f.message.contains("reserved"));
            List<Finding> wrong = clean ? trial.findings.stream().filter(f -> isLoss(f, family)).toList() : List.of();
            // A machine that holds us or the kernel up for milliseconds makes loss of its own; not every time.
            if (wrong.isEmpty() || attempt == 3 || trial.disturbance.isEmpty()) {
                assertThat(wrong).as("%s; attempt %d", trial.disturbance, attempt).isEmpty();
                return;
            }
            System.out.println("  \"" + words + "\" " + family + ": once more, for " + trial.disturbance);
        }
    }

    private static boolean isLoss(Finding f, Family family) {
        return f.source.equals(family.ours)
                && f.message.matches(".*(etransmission|ut-Of-Order|revious segment|uplicate ACK|ACKed segment that "
                        + "wasn't captured).*");
    }

    private Trial trial(String words, Family family, boolean clean) throws Exception {
        Path file = directory.resolve("capture.pcapng");
        Lab.Builder builder = Lab.builder().offload(family == Family.V4).queue(10_000).capture(file);
        if (!words.isEmpty()) {
            builder.impaired(words + " limit 10000", 11);
        }
        int bytes = clean ? 6 << 20 : 1 << 20;
        String disturbance;
        try (Lab lab = builder.start()) {
            try (Connected c = Connected.toUs(lab, family)) {
                Transfer.start("captured", c.sluicePeer(), c.kernelPeer(), bytes).finish(Duration.ofSeconds(8), lab);
                Transfer.start("captured", c.kernelPeer(), c.sluicePeer(), bytes).finish(Duration.ofSeconds(8), lab);
            }
            try (Connected c = Connected.fromUs(lab, family)) {
                Transfer.start("captured", c.kernelPeer(), c.sluicePeer(), 100_000).finish(Duration.ofSeconds(8), lab);
                Transfer.start("captured", c.sluicePeer(), c.kernelPeer(), 100_000).finish(Duration.ofSeconds(8), lab);
            }
            lab.assertNothingLeft();
            lab.run(Duration.ofSeconds(5), "ping", "-c", "2", "-i", "0.1", "-w", "1", "-s", "4000", family.ours);
            disturbance = disturbance(lab);
        }
        List<Finding> findings = expert(file);
        findings.stream().filter(f -> f.severity > 0x20_0000 && !f.message.startsWith("Duplicate ACK"))
                .collect(java.util.stream.Collectors.groupingBy(f -> f, java.util.stream.Collectors.counting()))
                .forEach((f, n) -> System.out.println("  \"" + words + "\" " + family + ": " + n + " x " + f));
        // Linux writes 0xffff for a checksum of 0 in TCP too (CSUM_MANGLED_0 in skb_checksum_help), once in 65,536
        // packets without offload.
        findings.removeIf(
                f -> !f.source.equals(family.ours) && f.message.contains("Checksum 0xffff instead of 0x0000"));
        return new Trial(findings, disturbance);
    }

    /** Packets that the device's queue dropped, timers that ran out at either end: empty when there are none. */
    private static String disturbance(Lab lab) throws Exception {
        List<String> all = new ArrayList<>();
        Matcher dropped = Pattern.compile("\"tx\":\\{[^}]*\"dropped\":(\\d+)").matcher(
                lab.run(Duration.ofSeconds(5), "ip", "-s", "-j", "link", "show", Lab.DEVICE).out());
        assertThat(dropped.find()).as("the device's statistics").isTrue();
        if (!dropped.group(1).equals("0")) {
            all.add("packets dropped by the device's queue: " + dropped.group(1));
        }
        for (Counter c : List.of(Counter.TcpExtTCPLossProbes, Counter.TcpExtTCPTimeouts,
                Counter.TcpExtTCPDSACKOldSent)) {
            if (lab.count(c) != 0) {
                all.add(c + ": " + lab.count(c));
            }
        }
        return String.join(", ", all);
    }

    private static List<Finding> expert(Path file) throws Exception {
        // No dissector above TCP: some would take our random bytes for their own.
        Process p = new ProcessBuilder("tshark", "-r", file.toString(), "-n", "-d", "tcp.port==1-65535,data", "-o",
                "tcp.check_checksum:TRUE", "-o",
                "ip.check_checksum:TRUE", "-o",
                "udp.check_checksum:TRUE", "-Y", "_ws.expert", "-T", "fields", "-e", "ip.src", "-e", "ipv6.src", "-e",
                "_ws.expert.severity", "-e",
                "_ws.expert.message", "-E", "separator=|", "-E", "aggregator=;")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<Finding> all = new ArrayList<>();
        try (var reader = p.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] f = line.split("\\|", -1);
                String[] severities = f[2].split(";");
                String[] messages = f[3].split(";");
                for (int i = 0; i < messages.length; i++) {
                    all.add(new Finding(f[0].isEmpty() ? f[1] : f[0],
                            Integer.decode(severities[Math.min(i, severities.length - 1)]), messages[i]));
                }
            }
        }
        assertThat(p.waitFor()).as("tshark's exit status").isZero();
        return all;
    }
}
