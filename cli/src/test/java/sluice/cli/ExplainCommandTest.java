package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonReader;

/** {@code sluice explain} on captures of {@code sluice sim}. */
class ExplainCommandTest {
    @TempDir
    Path folder;

    private Path capture = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    @BeforeEach
    void capture() {
        capture = folder.resolve("lossy.pcapng");
        assertThat(run("sim", "--seed", "5", "--netem", "delay 10ms loss 3%", "--rate", "20mbit", "-n", "300K",
                "--capture", capture.toString())).isEqualTo(Main.OK);
    }

    @Test
    void theHealthReportIsTenLinesAndStoriesFollow() {
        assertThat(run("explain", capture.toString(), "--health")).isEqualTo(Main.OK);
        assertThat(out.toString().lines()).hasSizeBetween(4, 10);
        assertThat(out.toString()).startsWith("lossy.pcapng: ").contains("! packets lost (#", "captured at the client");
        assertThat(run("explain", capture.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("  handshake   ", "  sent again  by the client: ", "  time        ",
                "  end         closed, by the client first", "→ Look for drops");
    }

    @Test
    void packedByGzipToo() throws Exception {
        Path packed = folder.resolve("lossy.pcapng.gz");
        try (OutputStream o = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(capture, o);
        }
        assertThat(run("explain", capture.toString())).isEqualTo(Main.OK);
        String plain = out.toString();
        assertThat(run("explain", packed.toString())).isEqualTo(Main.OK);
        assertThat(out.toString().replace(".gz", "")).isEqualTo(plain);
    }

    @Test
    void aPacketFieldByField() {
        assertThat(run("explain", capture.toString(), "--packet", "1")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("packet 1: IP 10.0.0.1.", "connection #1", "IPv4 (RFC 791)",
                "TCP (RFC 9293)", "SYN: opens", "MSS", "window scale");
        assertThat(run("explain", capture.toString(), "--packet", "100000")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("fewer packets").hasLineCount(1);
    }

    @Test
    void aConnectionAsStoryLadderAndPicture() throws Exception {
        Path drawn = folder.resolve("one.svg");
        assertThat(run("explain", capture.toString(), "--connection", "1", "--diagram", "--plot", drawn.toString()))
                .isEqualTo(Main.OK);
        assertThat(out.toString()).startsWith("#1 10.0.0.1:").contains("SYN seq 0", "─▶", "drawn: " + drawn);
        assertThat(Files.readString(drawn)).contains("<svg");
        assertThat(run("explain", capture.toString(), "--connection", "9")).isEqualTo(Main.USAGE);
        assertThat(err.toString()).contains("--connection 9", "1…2");
    }

    @Test
    void aPageInOneFile() throws Exception {
        Path page = folder.resolve("one.html");
        assertThat(run("explain", capture.toString(), "--html", page.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).startsWith("lossy.pcapng: ").endsWith("written: " + page + System.lineSeparator());
        assertThat(Files.readString(page)).startsWith("<!doctype html>").contains("window.CAPTURE = {", "packets lost")
                .doesNotContain("{{");
    }

    @Test
    void aPageOfADamagedFile() throws Exception {
        byte[] all = Files.readAllBytes(capture);
        Path half = Files.write(folder.resolve("half.pcapng"), Arrays.copyOf(all, all.length / 2 + 1));
        Path page = folder.resolve("half.html");
        assertThat(run("explain", half.toString(), "--html", page.toString())).isEqualTo(Main.OK);
        assertThat(Files.readString(page)).contains("capture file damaged");
    }

    @Test
    void aPageThatCannotBe() throws Exception {
        String nowhere = folder.resolve("none/one.html").toString();
        assertThat(run("explain", capture.toString(), "--html", nowhere)).isEqualTo(Main.USAGE);
        assertThat(err.toString().lines().findFirst().orElse("")).contains("--html", "there is no directory");
        assertThat(run("explain", capture.toString(), "--html", folder.toString())).isEqualTo(Main.USAGE);
        Path text = Files.writeString(folder.resolve("text.pcap"), "this is no capture, but a text");
        Path page = folder.resolve("text.html");
        assertThat(run("explain", text.toString(), "--html", page.toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("text.pcap").hasLineCount(1);
        assertThat(page).doesNotExist();
    }

    @Test
    void jsonHasASchema() {
        assertThat(run("explain", capture.toString(), "--json")).isEqualTo(Main.OK);
        JsonObject o = JsonObject.of(JsonReader.read(out.toString()));
        assertThat(o.text("schema")).isEqualTo("sluice.explain/1");
        assertThat(o.objects("findings").getFirst().text("kind")).isEqualTo("loss");
        assertThat(o.objects("connections")).hasSize(2);
        assertThat(o.objects("connections").getFirst().text("vantage")).isEqualTo("client");
        assertThat(o.texts("health")).hasSizeBetween(4, 10);
    }

    /** What was read before the damage is explained. */
    @Test
    void aFileThatEndsEarly() throws Exception {
        byte[] all = Files.readAllBytes(capture);
        Path half = Files.write(folder.resolve("half.pcapng"), Arrays.copyOf(all, all.length / 2 + 1));
        assertThat(run("explain", half.toString())).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("capture file damaged", "the file ends");
        Path none = Files.write(folder.resolve("none.pcapng"), Arrays.copyOf(all, 20));
        assertThat(run("explain", none.toString())).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("none.pcapng").hasLineCount(1);
    }
}
