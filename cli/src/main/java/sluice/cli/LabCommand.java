package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.cli.against.AgainstLinux;
import sluice.lab.Chapter;
import sluice.lab.Check;
import sluice.lab.Experiment;
import sluice.lab.JsonReport;
import sluice.lab.Lab;
import sluice.lab.LabFiles;
import sluice.lab.Language;
import sluice.lab.Result;
import sluice.lab.TextReport;
import sluice.lab.Variation;
import sluice.lab.against.Comparison;
import sluice.lab.against.Plays;
import sluice.lab.experiments.Experiments;
import sluice.lab.page.LabServer;
import sluice.lab.page.LabSite;
import sluice.link.NetemSpec;

/** {@code sluice lab}: what documents on TCP describe, run, shown and asserted. */
@Command(name = "lab", mixinStandardHelpOptions = true,
        description = {"Run experiments on TCP: what the documents describe, on the real stack in virtual time.",
            "Without a name it lists them. Each shows what happened and compares the document's numbers with what was "
                    + "measured; in a browser (--html, --serve) every packet can be stepped to."},
        footer = {"", "Examples:", "  sluice lab                       # what there is",
            "  sluice lab handshake             # one of them",
            "  sluice lab time-wait-old-duplicate --lang zh",
            "  sluice lab sack --set tcp_sack=0 # what changes without it",
            "  sluice lab cwnd-story --netem \"loss 1%%\" --seed 5",
            "  sluice lab --all                 # all of them, as a table",
            "  sluice lab --against linux sack  # with the kernel at the other end",
            "  sluice lab --html site           # a site, to be opened from its directory",
            "  sluice lab --serve               # the same with controls, for a browser"})
final class LabCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Experiments to run.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "Run all of them; a table at the end.")
    private boolean all;

    @Option(names = "--set", paramLabel = "[HOST:]NAME=VALUE",
            description = "A sysctl of all hosts or of one, over the experiment's own; repeatable.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--netem", paramLabel = "WORDS", defaultValue = "",
            description = "What tc netem is told for every link, both ways: \"delay 20ms loss 1%%\".")
    private String netem = "";

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Everything random comes from it. Default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--lang", paramLabel = "en|zh", defaultValue = "en",
            description = "Language. Default ${DEFAULT-VALUE}.")
    private Language language = Language.EN;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "60",
            description = "Rows of a sequence diagram that are shown. Default ${DEFAULT-VALUE}.")
    private int rows;

    @Option(names = "--absolute", description = "Sequence numbers as they are on the wire.")
    private boolean absolute;

    @Option(names = "--out", paramLabel = "DIR",
            description = "Where captures (pcapng) and plots (SVG) go. Default: sluice-lab in the temporary directory; "
                    + "with --all none are written unless this says where.")
    private @Nullable Path directory;

    @Option(names = "--html", paramLabel = "DIR",
            description = "Write a site with a page for each experiment, for a browser and without a server: "
                    + "DIR/index.html.")
    private @Nullable Path site;

    @Option(names = "--serve", arity = "0..1", fallbackValue = "8890", paramLabel = "PORT",
            description = "Serve the same on 127.0.0.1 (port 8890) with controls for loss, delay, rate, buffers, "
                    + "settings and seed, until Ctrl-C; 0 takes a free port.")
    private @Nullable Integer port;

    @Option(names = "--json", description = "Print results as JSON (schema " + JsonReport.SCHEMA + ").")
    private boolean json;

    @Option(names = "--against", paramLabel = "linux",
            description = "Run the experiments' applications for real, with the kernel of this machine in one part and "
                    + "sluice in the other, and compare; those that can be (with --all: every one).")
    private @Nullable String against;

    LabCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Variation variation = variation();
        combined();
        String other = against;
        if (site != null || port != null) {
            return browser(variation, out);
        }
        if (other != null) {
            return against(other, variation, out) ? Main.OK : Main.FAILED;
        }
        if (!all && ids.isEmpty()) {
            out.print(json ? listJson() : list());
            out.flush();
            return Main.OK;
        }
        return run(all ? Experiments.all() : chosen(), variation, out) ? Main.OK : Main.FAILED;
    }

    /** Refuses what says nothing together. */
    private void combined() {
        Limits.directory(spec, "--out", directory);
        Limits.directory(spec, "--html", site);
        Limits.notTogether(spec, "--json", "--html", "--serve");
        if (all && !ids.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--all runs " + ids.getFirst() + " too: give names or "
                    + "--all");
        }
        boolean lists = !all && ids.isEmpty() && site == null && port == null && against == null;
        for (String option : List.of("--set", "--netem", "--seed", "--rows", "--absolute", "--out")) {
            if (lists && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " says how an experiment is run: name one, "
                        + "or --all");
            }
        }
    }

    private boolean against(String other, Variation variation, PrintWriter out) throws InterruptedException {
        if (!other.equals("linux")) {
            throw new ParameterException(spec.commandLine(), "--against " + other + ": there is linux only");
        }
        if (!variation.asWritten()) {
            throw new ParameterException(spec.commandLine(), "--against linux takes neither --set nor --netem: both "
                    + "ends' settings are the experiment's own");
        }
        List<Experiment> experiments = all ? Experiments.all().stream()
                .filter(e -> Plays.find(e.about().id()) != null).toList() : chosen();
        List<Comparison> done = new ArrayList<>();
        for (Experiment e : experiments) {
            if (Plays.find(e.about().id()) == null) {
                throw new ParameterException(spec.commandLine(), e.about().id() + " cannot be run against Linux; these "
                        + "can: " + String.join(", ", Plays.all().keySet()));
            }
        }
        if (experiments.isEmpty()) {
            out.println(String.join(System.lineSeparator(), Plays.all().keySet()));
        }
        String why = AgainstLinux.whyUnavailable();
        if (why != null && !experiments.isEmpty()) {
            throw new Failure("--against linux: " + why);
        }
        for (Experiment e : experiments) {
            Comparison c = AgainstLinux.compare(e, Objects.requireNonNull(Plays.find(e.about().id())));
            done.add(c);
            if (!json) {
                out.println(c.text());
                out.flush();
            }
        }
        if (json) {
            out.println(Comparison.json(done));
        }
        out.flush();
        return done.stream().allMatch(Comparison::agrees);
    }

    /** The site, or the server: all experiments, whose conditions are changed on the page. */
    private int browser(Variation variation, PrintWriter out) throws IOException {
        Path directory = site;
        if (directory != null && port != null || all || against != null || !ids.isEmpty()
                || !variation.equals(Variation.NONE)) {
            throw new ParameterException(spec.commandLine(), "--html and --serve show every experiment as it is "
                    + "written: one of them, without names, --all, --against, --set, --netem and --seed");
        }
        return directory != null ? write(directory, out) : serve(port == null ? 0 : port, out);
    }

    private int write(Path directory, PrintWriter out) throws IOException {
        List<String> failed = new ArrayList<>();
        LabSite.write(directory, r -> {
            if (!r.passed()) {
                failed.add(r.about().id());
            }
        });
        out.println(directory.resolve("index.html"));
        failed.forEach(id -> out.println("does not hold: " + id));
        out.flush();
        return failed.isEmpty() ? Main.OK : Main.FAILED;
    }

    private int serve(int wanted, PrintWriter out) {
        Limits.within(spec, "--serve", wanted, 0, 65_535);
        CountDownLatch ended = new CountDownLatch(1);
        Signals.onTermination(ended::countDown);
        try (LabServer server = LabServer.start(wanted)) {
            out.println(server.address() + " (until Ctrl-C)");
            out.flush();
            ended.await();
            return Main.OK;
        } catch (IOException e) {
            throw new Failure("cannot listen on 127.0.0.1 port " + wanted + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Main.OK;
        }
    }

    private Variation variation() {
        Limits.within(spec, "--rows", rows, 1, Integer.MAX_VALUE);
        if (!netem.isEmpty()) {
            Limits.parse(spec, "--netem", netem, NetemSpec::parse);
        }
        set.forEach((name, value) -> Limits.parse(spec, "--set", name + "=" + value, word -> {
            Variation.checkSetting(name, value);
            return word;
        }));
        return new Variation(seed, set, netem);
    }

    private List<Experiment> chosen() {
        List<Experiment> found = new ArrayList<>();
        for (String id : ids) {
            Experiment e = Experiments.find(id);
            if (e == null) {
                List<String> near = Experiments.near(id);
                throw new ParameterException(spec.commandLine(), "there is no experiment \"" + id + "\""
                        + (near.isEmpty() ? "; sluice lab lists them" : "; did you mean " + String.join(", ", near)
                                + "?"));
            }
            found.add(e);
        }
        return found;
    }

    private boolean run(List<Experiment> experiments, Variation variation, PrintWriter out) throws IOException {
        TextReport report = new TextReport(language, rows, absolute);
        List<Result> results = new ArrayList<>();
        List<List<Path>> files = new ArrayList<>();
        List<String> table = new ArrayList<>();
        boolean passed = true;
        for (Experiment e : experiments) {
            long started = System.nanoTime();
            Result r = Lab.run(e, variation);
            double seconds = (System.nanoTime() - started) / 1e9;
            if (!all) {
                hosts(r);
            }
            List<Path> written = written(r);
            passed &= r.passed();
            table.add(row(r, seconds));
            if (json) {
                results.add(r);
                files.add(written);
            } else if (!all) {
                out.print((table.size() > 1 ? System.lineSeparator() : "") + report.full(r, written));
            } else {
                out.println(table.getLast());
                if (!r.passed()) {
                    out.print(report.checks(r));
                    out.println(report.summary(r));
                }
            }
            out.flush();
        }
        if (json) {
            out.println(JsonReport.of(results, files));
        } else if (all) {
            out.println(total(table.size(), table.stream().filter(t -> t.startsWith("✗")).count()));
        }
        out.flush();
        return passed;
    }

    /** Refuses a setting of a host that the experiment does not have. */
    private void hosts(Result r) {
        Set<String> names = new TreeSet<>();
        r.stages().forEach(s -> names.addAll(s.settings().keySet()));
        for (Map.Entry<String, String> one : set.entrySet()) {
            String setting = one.getKey();
            int colon = setting.indexOf(':');
            if (colon >= 0 && !names.contains(setting.substring(0, colon))) {
                throw new ParameterException(spec.commandLine(), "--set " + setting + "=" + one.getValue() + ": "
                        + r.about().id() + " has no host of that name; it has " + String.join(", ", names));
            }
        }
    }

    private List<Path> written(Result r) throws IOException {
        Path where = directory;
        if (where == null && !all) {
            where = Path.of(System.getProperty("java.io.tmpdir"), "sluice-lab");
        }
        return where == null ? List.of() : LabFiles.write(r, where);
    }

    private String row(Result r, double seconds) {
        return String.format(Locale.ROOT, "%s %-28s %3d/%-3d %6.2f s  %s", r.passed() ? "✓" : "✗", r.about().id(),
                r.count(Check.Verdict.HOLDS), r.checks().size(), seconds, r.about().title().in(language));
    }

    private String total(int experiments, long failed) {
        return language == Language.ZH ? experiments + " 个实验，" + failed + " 个不成立"
                : experiments + " experiments, " + failed + " failed";
    }

    private String list() {
        StringBuilder out = new StringBuilder();
        Chapter chapter = null;
        for (Experiment e : Experiments.all()) {
            if (e.about().chapter() != chapter) {
                chapter = e.about().chapter();
                out.append(out.isEmpty() ? "" : "\n").append(chapter.letter()).append(" · ")
                        .append(chapter.title().in(language)).append('\n');
            }
            out.append(String.format(Locale.ROOT, "  %-28s %s%n", e.about().id(), e.about().title().in(language)));
        }
        return out.toString();
    }

    private static String listJson() {
        return JsonReport.list(Experiments.all()) + System.lineSeparator();
    }
}
