package sluice.lab.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;
import sluice.lab.experiments.Experiments;

/**
 * The pages in a browser, with real clicks and keys: the site from {@code file://}, and the server's. With {@code
 * -Dsluice.screenshots=DIR} it leaves pictures of some of them there.
 */
@ExtendWith(OneBrowser.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageTest {
    private static final long MOST_BYTES = 3_000_000;
    /**
     * An experiment's page at a glance, in one question: assertions, the verdict, how many pixels it is wider than the
     * window, and what stands in ladders beside the segments and has no Chinese words.
     */
    private static final String GLANCE = """
            const root = document.documentElement;
            const seen = [document.querySelectorAll('.checks tbody tr').length,
                document.querySelector('.verdict-line').innerText, root.scrollWidth - root.clientWidth];
            Lab.lang = 'zh';
            return [...seen, [...new Set(LAB_RUN.experiments[0].stages.flatMap(s => s.ladder ? s.ladder.rows : [])
                .map(row => row.note).filter(note => note && Lab.foreign(note) === note))]];""";

    private static @Nullable WrittenSite site;
    private static @Nullable LabServer server;

    @BeforeAll
    static void start() throws IOException {
        site = WrittenSite.get();
        server = LabServer.start(0);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Browser in() {
        return OneBrowser.get();
    }

    private static WrittenSite site() {
        return Objects.requireNonNull(site);
    }

    private static String page(String name) {
        return site().file(name.replaceFirst("#.*", "")).toUri() + name.replaceFirst("[^#]*", "");
    }

    private static String live(String name) {
        return Objects.requireNonNull(server).address() + name;
    }

    @BeforeEach
    void likeADesktop() {
        in().look(1280, false);
        if (!in().address().startsWith("file:")) {
            in().open(page("index.html"));
        }
        in().script("localStorage.clear()");
        in().forgetComplaints();
    }

    @Test
    void theSiteIsSmall() throws IOException {
        try (Stream<Path> files = Files.walk(site().whole())) {
            assertThat(files.filter(f -> Files.isRegularFile(f) && !f.toString().endsWith(".pcapng"))
                    .mapToLong(f -> f.toFile().length()).sum()).isLessThan(MOST_BYTES);
        }
    }

    /** Before the others: most pages are written while it looks at those before. */
    @Test
    @Order(1)
    void everyExperimentOpens() {
        in().look(390, false);
        for (String id : Experiments.all().stream().map(e -> e.about().id()).toList()) {
            in().open(page(id + ".html"));
            List<?> seen = (List<?>) in().script(GLANCE);
            assertThat((Long) seen.get(0)).as("assertions of " + id).isPositive();
            assertThat((String) seen.get(1)).as(id).matches("(?s)[✓✗] .*\\d+ .*assertions.*");
            assertThat((Long) seen.get(2)).as(id + " scrolls sideways on a phone").isZero();
            assertThat((List<?>) seen.get(3)).as(id + ": the stack's remarks in Chinese").isEmpty();
            in().assertQuiet(id);
        }
    }

    @Test
    void theIndexFinds() {
        site().verdict("handshake");
        in().open(page("index.html"));
        assertThat(in().all(".experiments li")).hasSize(Experiments.all().size());
        in().find("#find").sendKeys("keepalive");
        assertThat(in().all(".experiments li:not([hidden])")).hasSizeBetween(1, 15);
        in().find("#find").clear();
        in().find("#find").sendKeys("three-way handshake");
        in().click(".experiments li[data-id=handshake] a");
        assertThat(in().text("h1")).isEqualTo("The three-way handshake");
        in().assertQuiet("index");
    }

    @Test
    void stepsByButtonAndKeyboard() {
        in().open(page("handshake.html"));
        assertThat(in().text("#count")).startsWith("step 1 of ");
        assertThat(in().text("#words")).contains("client sends SYN seq 0");
        assertThat(in().all(".box.lit-left[data-state=SYN-SENT]")).hasSize(1);
        assertThat(in().all(".box.lit-right[data-state=LISTEN]")).hasSize(1);
        assertThat(in().text(".fields")).contains("SYN", "opens, and sets the sequence number", "MSS", "1460");
        in().click("#step-forth");
        assertThat(in().text("#words")).contains("server receives SYN");
        assertThat(in().all(".box.lit-right[data-state=SYN-RECEIVED]")).hasSize(1);
        in().keys(Keys.ARROW_RIGHT);
        assertThat(in().text("#words")).contains("server sends SYN,ACK");
        assertThat(in().find("#step-2").getAttribute("aria-selected")).isEqualTo("true");
        in().keys(Keys.END);
        assertThat(in().all(".box.lit-left.lit-right[data-state=ESTABLISHED]")).hasSize(1);
        assertThat(in().text(".ends")).contains("SND.UNA", "MaxRcvBuffer", "ESTABLISHED");
        in().keys(Keys.ARROW_LEFT);
        in().keys(Keys.HOME);
        assertThat(in().text("#count")).startsWith("step 1 of ");
        in().click("#step-3 rect");
        assertThat(in().text("#count")).startsWith("step 4 of ");
        assertThat(in().fragment()).isEqualTo("#step=4");
        in().assertQuiet("handshake");
    }

    @Test
    void thePlotsHaveOneCursorAndOneZoom() {
        in().open(page("cwnd-story.html"));
        assertThat(in().all(".plot canvas")).hasSizeGreaterThan(2);
        String before = in().text("#count");
        in().click(".plot .u-over");
        assertThat(in().text("#count")).isNotEqualTo(before);
        assertThat(in().script("return LAB_VIEW.cursor.ns > 1e9")).isEqualTo(true);
        Object whole = in().script("return LAB_VIEW.plots.range()");
        in().click("[data-zoom='0.5']");
        List<?> zoomed = (List<?>) in().script("return LAB_VIEW.plots.range()");
        assertThat(zoomed).isNotEqualTo(whole).allMatch(zoomed.getFirst()::equals);
        in().keys("0");
        assertThat(in().script("return LAB_VIEW.plots.range()")).isEqualTo(whole);
        in().assertQuiet("cwnd-story");
    }

    @Test
    void theWindowMovesWithTheCursor() {
        in().open(page("send-window.html"));
        String first = in().find(".windows svg").getAttribute("aria-label");
        in().keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        assertThat(in().find(".windows svg").getAttribute("aria-label")).isNotEqualTo(first);
        in().click(".pictures button:nth-of-type(2)");
        assertThat(in().find(".windows svg").getAttribute("aria-label")).contains("SND.UNA 32, SND.NXT 46, SND.WND 20");
        in().assertQuiet("send-window");
    }

    @Test
    void languageThemeAndPermalink() {
        in().open(page("handshake.html"));
        in().click("#language");
        assertThat(in().text("h1")).isEqualTo("三次握手");
        assertThat(in().text(".checks")).contains("文档", "实测");
        assertThat(in().fragment()).isEqualTo("#lang=zh");
        in().keys(Keys.ARROW_RIGHT);
        assertThat(in().fragment()).isEqualTo("#step=2&lang=zh");
        in().click("#theme");
        assertThat(in().script("return document.documentElement.dataset.theme")).isEqualTo("dark");
        in().open(page("handshake.html"));
        assertThat(in().text("h1")).as("remembered").isEqualTo("三次握手");
        assertThat(in().script("return document.documentElement.dataset.theme")).isEqualTo("dark");
        in().open(page("handshake.html#lang=en&step=3&seed=5&netem=loss+1%25&set=tcp_sack%3D0"));
        assertThat(in().text("#count")).startsWith("step 3 of ");
        assertThat(in().text(".controls")).as("what this page cannot do")
                .contains("./sluice lab handshake --seed 5 --netem 'loss 1%' --set tcp_sack=0");
        assertThat(in().find("#files a").getAttribute("href")).endsWith("captures/handshake.pcapng");
        in().assertQuiet("handshake");
    }

    @Test
    void theControlsAreAlive() {
        in().open(live("cumulative-ack.html"));
        assertThat(in().text(".verdict-line")).startsWith("✓");
        in().find("#loss").sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        in().waitFor(".status", "Ran with --netem 'loss 0.2%'");
        assertThat(in().text(".verdict-line")).contains("assertions are off");
        in().find("#delay").sendKeys(Keys.ARROW_RIGHT);
        in().waitFor(".status", "delay 1ms loss 0.2%");
        in().find("#settings").sendKeys("tcp_sack=0", Keys.TAB);
        in().waitFor(".status", "--set tcp_sack=0");
        assertThat(in().text(".network")).contains("tcp_sack=0").contains("netem delay 1ms loss 0.2%");
        assertThat(in().fragment()).contains("netem=delay+1ms+loss+0.2%25", "set=tcp_sack%3D0");
        String link = live("cumulative-ack.html") + in().fragment();
        in().click("#reset");
        in().waitFor(".verdict-line", "✓");
        in().open(link);
        in().waitFor(".status", "--set tcp_sack=0");
        assertThat(in().find("#settings").getAttribute("value")).isEqualTo("tcp_sack=0");
        in().assertQuiet("live");
    }

    @Test
    void aWrongSettingIsALineOnThePage() {
        in().open(live("handshake.html"));
        in().find("#settings").sendKeys("<b>x</b>=1", Keys.TAB);
        in().waitFor(".error", "<b>x</b>");
        assertThat(in().all(".error b")).isEmpty();
        in().click("#reset");
        in().waitFor(".status", "the conditions as written");
        assertThat(in().text(".error")).isEmpty();
        in().find("#netem").sendKeys("loss much", Keys.ENTER);
        in().waitFor(".error", "much");
    }

    @Test
    void axeFindsNoSeriousFault() throws IOException {
        for (String name : List.of("index.html", "handshake.html", "cwnd-story.html", "send-window.html")) {
            in().look(1280, false);
            in().open(page(name));
            assertThat(in().faults()).as("%s on a desktop", name).isEmpty();
            in().look(390, true);
            in().open(page(name));
            assertThat(in().script("return document.documentElement.dataset.theme")).isEqualTo("dark");
            assertThat(in().faults()).as("%s on a phone, dark", name).isEmpty();
            pictures(name);
        }
        in().open(live("syn-flood.html"));
        assertThat(in().faults()).as("live, on a phone, dark").isEmpty();
    }

    /** For people to look at; nobody asks for them usually. */
    private static void pictures(String name) throws IOException {
        String directory = System.getProperty("sluice.screenshots", "");
        for (int look = 0; look < 4 && !directory.isEmpty(); look++) {
            int width = look < 2 ? 1280 : 390;
            in().look(width, look % 2 == 1);
            in().open(page(name + (name.startsWith("index") ? "" : "#step=5")));
            in().screenshot(Path.of(directory, name.replace(".html", "") + "-" + width + (look % 2 == 1 ? "-dark" : "")
                    + ".png"), width < 600 ? 4200 : 2600);
        }
    }
}
