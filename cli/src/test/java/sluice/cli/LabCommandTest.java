package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonReader;

/** {@code sluice lab}: lists, runs, shows in two languages, and says when assertions are off. */
class LabCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    @Test
    void listsByChapter() {
        assertThat(run("lab")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("B · Connecting\n").contains("  handshake  ").contains("G · Flow control")
                .doesNotContain("document says");
        out.getBuffer().setLength(0);
        assertThat(run("lab", "--lang", "zh")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("B · 建立连接\n").contains("三次握手");
    }

    @Test
    void showsWhatHappenedAndWhatWasMeasured(@TempDir Path dir) throws Exception {
        assertThat(run("lab", "handshake", "--out", dir.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("SYN-RECEIVED", "SYN,ACK seq 0 ack 1", "document says", "ISN = ",
                dir.resolve("handshake.pcapng").toString(), "handshake: holds, 12 of 12 assertions hold");
        assertThat(Files.size(dir.resolve("handshake.pcapng"))).isGreaterThan(500);
        out.getBuffer().setLength(0);
        assertThat(run("lab", "handshake", "--absolute", "--lang", "zh", "--out", dir.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("三次握手", "断言", "handshake: 成立").doesNotContain("seq 0 ",
                "document says");
    }

    /** The one line, with the name that was meant. */
    @Test
    void anUnknownNameIsAUsageError() {
        assertThat(run("lab", "handshake", "nosuch")).isEqualTo(Main.USAGE);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("there is no experiment \"nosuch\"");
    }

    @Test
    void changedConditionsTurnAssertionsOff(@TempDir Path dir) {
        assertThat(run("lab", "flow-200", "--set", "client:tcp_sack=0", "--out", dir.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("changed: client:tcp_sack=0", "assertions are off", "○ ")
                .doesNotContain("✓ ");
        out.getBuffer().setLength(0);
        assertThat(run("lab", "handshake", "--seed", "9", "--out", dir.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("12 of 12 assertions hold");
        out.getBuffer().setLength(0);
        assertThat(run("lab", "handshake", "--netem", "loss 100%", "--out", dir.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("✗│", "did not come to its end");
    }

    @Test
    void jsonHasASchema(@TempDir Path dir) {
        assertThat(run("lab", "flow-200", "--json", "--out", dir.toString())).isEqualTo(Main.OK);
        JsonObject o = JsonObject.of(JsonReader.read(out.toString()));
        assertThat(o.text("schema")).isEqualTo("sluice.lab/2");
        JsonObject e = o.objects("experiments").getFirst();
        assertThat(e.text("id")).isEqualTo("flow-200");
        assertThat(e.flag("passed")).isTrue();
        JsonObject check = e.objects("checks").getFirst();
        assertThat(check.text("document")).isEqualTo(check.text("measured")).isEqualTo("200, 241");
        JsonObject stage = e.objects("stages").getFirst();
        assertThat(stage.objects("windows")).hasSize(7);
        assertThat(stage.object("ladder")).isNotNull();
        out.getBuffer().setLength(0);
        assertThat(run("lab", "--json")).isEqualTo(Main.OK);
        assertThat(JsonObject.of(JsonReader.read(out.toString())).objects("experiments")).isNotEmpty();
    }

    /** The page shows experiments as they are written; what changes them belongs on the page. */
    @Test
    void whatThePageDoesNotTakeIsAUsageError(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "");
        for (String[] words : new String[][]{{"lab", "handshake", "--html", dir.toString()},
            {"lab", "--html", dir.toString(), "--seed", "2"}, {"lab", "--serve", "--html", dir.toString()},
            {"lab", "--serve", "70000"}, {"lab", "--html", file.toString()}, {"lab", "--serve", "--all"}}) {
            err.getBuffer().setLength(0);
            assertThat(run(words)).as(String.join(" ", words)).isEqualTo(Main.USAGE);
            assertThat(err.toString().lines()).hasSize(1);
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(run("lab", "--serve", String.valueOf(taken.getLocalPort()))).isEqualTo(Main.FAILED);
            assertThat(err.toString().lines()).hasSize(1).first().asString()
                    .contains("cannot listen on 127.0.0.1 port " + taken.getLocalPort());
        }
    }
}
