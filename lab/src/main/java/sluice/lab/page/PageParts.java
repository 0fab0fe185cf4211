package sluice.lab.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sluice.lab.About;
import sluice.lab.JsonReport;
import sluice.lab.experiments.Experiments;

/**
 * What pages consist of, by the path below the site's root. Scripts are classic ones, and data are scripts that set a
 * variable: modules and fetches do not work from {@code file://}. Immutable once made.
 */
final class PageParts {
    private static final List<String> FILES = List.of("page/lab.css", "page/words.js", "page/dom.js", "page/model.js",
            "page/ladder.js", "page/stepper.js", "page/machine.js", "page/ends.js", "page/header.js", "page/windows.js",
            "page/plots.js",
            "page/checks.js", "page/controls.js", "page/link.js", "page/experiment.js", "page/index.js",
            "vendor/uPlot.iife.min.js", "vendor/uPlot.min.css", "vendor/uPlot-LICENSE.txt");
    private static final Map<String, String> TYPES = Map.of("css", "text/css", "js", "text/javascript", "html",
            "text/html", "txt", "text/plain");

    /** A line of a template that stands for a file. */
    private static final Pattern PART = Pattern.compile("\\{\\{(script|style) (\\S+)}}");

    private final Map<String, byte[]> files = new TreeMap<>();

    /** @param live whether a server is behind the pages, so that the controls do something */
    PageParts(boolean live) {
        FILES.forEach(name -> files.put(name, resource(name)));
        files.put("data/list.js", script("LAB_LIST", JsonReport.list(Experiments.all())));
        files.put("index.html", html("index.html", "Sluice lab", "", live));
        Experiments.all().forEach(e -> files.put(e.about().id() + ".html", experiment(e.about(), live)));
    }

    private static byte[] experiment(About a, boolean live) {
        return html("experiment.html", a.title().en() + " · Sluice lab", a.id(), live);
    }

    /** Everything but what comes of runs. */
    Map<String, byte[]> files() {
        return new LinkedHashMap<>(files);
    }

    /**
     * The page of a capture: all parts in one file.
     *
     * @param data what the page's scripts read, without any {@code <}
     */
    static String capture(String fileName, String data) {
        StringBuilder b = new StringBuilder();
        for (String line : new String(html("capture.html", fileName + " · Sluice explain", "", false), UTF_8)
                .split("\n", -1)) {
            Matcher part = PART.matcher(line);
            if (part.matches()) {
                String tag = part.group(1);
                b.append('<').append(tag).append('>').append(new String(resource(part.group(2)), UTF_8)).append("</")
                        .append(tag).append(">\n");
            } else {
                b.append(line.replace("{{data}}", data)).append('\n');
            }
        }
        return b.toString();
    }

    /** The path of the script with an experiment's run. */
    static String dataPath(String id) {
        return "data/" + id + ".js";
    }

    /** A script that gives a page its data. */
    static byte[] script(String variable, String json) {
        return ("window." + variable + " = " + json + ";\n").getBytes(UTF_8);
    }

    /** The media type of a path. */
    static String type(String path) {
        return TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream")
                + "; charset=utf-8";
    }

    private static byte[] html(String template, String title, String id, boolean live) {
        return new String(resource(template), UTF_8).replace("{{title}}", escaped(title)).replace("{{id}}", escaped(id))
                .replace("{{live}}", Boolean.toString(live)).getBytes(UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    static byte[] resource(String name) {
        try (InputStream in = PageParts.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
