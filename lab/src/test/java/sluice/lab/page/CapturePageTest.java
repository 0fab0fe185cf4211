package sluice.lab.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import sluice.observe.explain.CaptureAnalysis;
import sluice.wire.CaptureReader;

/** The page of a capture in a browser. With {@code -Dsluice.screenshots=DIR} it leaves pictures there. */
@ExtendWith(OneBrowser.class)
class CapturePageTest {
    private static final int MOST_CHARACTERS = 1_500_000;

    @TempDir
    private static Path folder;

    private static Path page = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        WrittenSite.get().verdict("cwnd-story");
        Path capture = WrittenSite.get().file("captures/cwnd-story.pcapng");
        page = Files.writeString(folder.resolve("story.html"), html(capture, "a </script><b>.pcapng"));
    }

    private static String html(Path capture, String name) throws IOException {
        CaptureAnalysis a;
        try (CaptureReader r = CaptureReader.open(Files.newInputStream(capture))) {
            a = CaptureAnalysis.read(r);
        }
        return CapturePage.html(a, name, null, () -> CaptureReader.open(Files.newInputStream(capture)));
    }

    private static Browser in() {
        return OneBrowser.get();
    }

    @BeforeEach
    void likeADesktop() {
        in().look(1280, false);
        in().open(page.toUri().toString());
        in().script("localStorage.clear()");
        in().script("location.reload()");
        in().forgetComplaints();
    }

    @Test
    void isBoundedAndAsksForNothing() throws IOException {
        String html = Files.readString(page);
        assertThat(html.length()).isLessThan(MOST_CHARACTERS);
        assertThat(html).doesNotContain(" src=", "@import").containsOnlyOnce("rel=");
    }

    @Test
    void theIndexLeadsToAConnectionAndAFindingToItsPacket() {
        assertThat(in().all(".connections tbody tr").size()).isGreaterThan(1);
        assertThat(in().text(".health")).contains("packets").contains("</script><b>");
        in().click(".connections tbody tr:first-child a");
        assertThat(in().fragment()).startsWith("#connection=");
        assertThat(in().text(".findings")).contains("packets lost");
        assertThat(in().all(".ladder-svg [role=option]").size()).isBetween(20, 600);
        assertThat(in().text(".ladder-svg")).contains("retransmission", "left out");
        assertThat(in().all(".plot canvas").size()).isGreaterThan(2);
        in().click(".findings [data-kind=loss] a.packet");
        String packet = in().text(".findings [data-kind=loss] a.packet");
        assertThat(in().text("#words")).contains(packet + " · ");
        assertThat(in().fragment()).endsWith("packet=" + packet.substring(1));
        String before = in().text("#count");
        in().keys(Keys.ARROW_RIGHT);
        assertThat(in().text("#count")).isNotEqualTo(before);
        in().click(".bar nav a");
        assertThat(in().all(".connections")).hasSize(1);
        in().assertQuiet("capture");
    }

    @Test
    void onAPhoneInChineseAndForEverybody() throws IOException {
        for (String place : new String[]{"", "#connection=1"}) {
            in().look(1280, false);
            in().open(page.toUri() + place);
            assertThat(in().faults()).as("desktop %s", place).isEmpty();
            in().look(390, true);
            in().open(page.toUri() + place);
            assertThat(in().tooWide()).as("sideways at 390 px %s", place).isZero();
            assertThat(in().faults()).as("phone, dark %s", place).isEmpty();
            pictures(place);
        }
        in().click("#language");
        assertThat(in().text(".findings")).contains("丢包", "个报文段丢失", "查找丢包").doesNotContain("segments", "Look");
        in().assertQuiet("phone");
    }

    /** For people to look at; nobody asks for them usually. */
    private static void pictures(String place) throws IOException {
        String directory = System.getProperty("sluice.screenshots", "");
        for (int look = 0; look < 4 && !directory.isEmpty(); look++) {
            int width = look < 2 ? 1280 : 390;
            in().look(width, look % 2 == 1);
            in().open(page.toUri() + place);
            in().screenshot(Path.of(directory, "explain" + place.replaceAll("[#=]", "-") + "-" + width
                    + (look % 2 == 1 ? "-dark" : "") + ".png"), width < 600 ? 4200 : 2600);
        }
    }
}
