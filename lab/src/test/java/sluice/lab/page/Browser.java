package sluice.lab.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window. Where there is none the test is skipped, loudly. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** axe-core 4.14.1, of npm. */
    private static final String AXE = "axe.min.js";

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one with no profile of its own, in English. */
    static Browser start() {
        Path chromium = program("chromium");
        Path chromedriver = program("chromedriver");
        Assumptions.assumeTrue(chromium != null && chromedriver != null,
                "SKIPPED: the page in a browser (Debian: apt-get install chromium chromium-driver)");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(String.valueOf(chromium));
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en",
                "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
                "--hide-scrollbars", "--window-size=1280,1000");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(String.valueOf(chromedriver))).usingAnyFreePort().build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return new Browser(driver);
    }

    private static @Nullable Path program(String name) {
        for (String directory : String.valueOf(System.getenv("PATH")).split(File.pathSeparator)) {
            Path file = Path.of(directory, name);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }

    @Override
    public void close() {
        driver.quit();
    }

    // --- going, looking ---

    /** Opens an address anew, also when only its fragment is another. */
    void open(String address) {
        if (document(driver.getCurrentUrl()).equals(document(address))) {
            driver.get("about:blank");
        }
        driver.get(address);
    }

    private static String document(@Nullable String address) {
        return String.valueOf(address).replaceFirst("#.*", "");
    }

    /** Where it is. */
    String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    /** The first element of a CSS selector. */
    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    String text(String selector) {
        return find(selector).getText();
    }

    void click(String selector) {
        WebElement element = find(selector);
        script("arguments[0].scrollIntoView({block: 'center'})", element);
        element.click();
    }

    /** Keys, to whatever has the focus. */
    void keys(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Waits until a text contains a word. */
    void waitFor(String selector, String word) {
        Object found = driver.executeAsyncScript("""
                const [selector, word, done] = arguments;
                const text = () => [...document.querySelectorAll(selector)].map(e => e.textContent).join(' ');
                const look = () => {
                    if (text().includes(word)) {
                        observer.disconnect();
                        done(word);
                    }
                };
                const observer = new MutationObserver(look);
                observer.observe(document, {subtree: true, childList: true, characterData: true});
                look();
                setTimeout(() => done(text()), 15000);""", selector, word);
        assertThat(found).as(selector).isEqualTo(word);
    }

    Object script(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    String fragment() {
        return String.valueOf(script("return location.hash"));
    }

    // --- how it looks ---

    /** Width of the window, and whether the person likes it dark. */
    void look(int width, boolean dark) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height",
                width < 600 ? 844 : 1000, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** How many pixels the page is wider than the window. */
    long tooWide() {
        return (Long) script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /** The page down to so many pixels. */
    void screenshot(Path file, int height) throws IOException {
        long width = (Long) script("return window.innerWidth");
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height,
                "deviceScaleFactor", 1, "mobile", width < 600));
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    // --- faults ---

    /** Whatever the console says so far is of no interest. */
    void forgetComplaints() {
        driver.manage().logs().get(LogType.BROWSER);
    }

    /** Nothing was complained about since the last call. */
    void assertQuiet(String where) {
        List<String> complaints = driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(e -> e.getLevel().intValue() >= Level.WARNING.intValue()).map(LogEntry::getMessage).toList();
        assertThat(complaints).as("console of " + where).isEmpty();
    }

    /** What axe-core finds serious or critical. */
    List<?> faults() throws IOException {
        if (Boolean.TRUE.equals(script("return window.axe === undefined"))) {
            script(axe());
        }
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations
                    .filter(v => v.impact === 'serious' || v.impact === 'critical')
                    .map(v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' '
                        + n.failureSummary).join(' | '))), e => done([String(e)]));"""));
    }

    private static String axe() throws IOException {
        try (InputStream in = Browser.class.getResourceAsStream(AXE)) {
            return new String(Objects.requireNonNull(in, AXE).readAllBytes(), UTF_8);
        }
    }
}
