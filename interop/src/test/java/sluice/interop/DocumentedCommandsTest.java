package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command line in README, CONTRIBUTING and docs is run as it stands, by bash, in a network namespace of its own:
 * fenced blocks as one script each, and what stands in the text. What cannot be, or takes too long, is in the two lists
 * here, with the reason; an entry that no page has any more is an error.
 */
class DocumentedCommandsTest extends CommandLines {
    private static final String CAPTURE = "./sluice sim --rate 10mbit --netem 'delay 20ms' -n 1M --capture FILE.pcapng "
            + "> log && ";

    /** With its language, of which {@link #SHELL} are run. */
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Set<String> SHELL = Set.of("", "sh", "bash");
    private static final Pattern ANY_BLOCK = Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern INLINE = Pattern.compile("`([^`]+)`");
    /** What makes a text amid a line a command line: a program with arguments, or several options of sim. */
    private static final Pattern COMMAND = Pattern
            .compile("(sudo |\\./sluice |\\./test|mvn |bench/[\\w/-]+ |source |--\\w+ \\S.* --).*", Pattern.DOTALL);

    /** Parts that are replaced before a line is run. */
    private static final Map<String, String> CHANGED = new LinkedHashMap<>();

    static {
        CHANGED.put("./sluice demo", "./sluice demo --size 8M --impaired-size 500K"); // half a minute
        CHANGED.put("--http /srv/files --iperf3 &", // a directory of this test's; what follows comes when it is ready
                "--http files --iperf3 > ready & until grep -qs ready ready; do sleep 0.1; done");
        // Ten seconds; others may run sluice on this machine; and the server has to end.
        CHANGED.put("iperf3 -c 10.99.0.2 -R;  sudo ./sluice ss -tani",
                "iperf3 -t 1 -c 10.99.0.2 -R;  sudo ./sluice ss -tani --pid $! && cmp big.iso files/big.iso; s=$?; "
                        + "kill %1; wait; exit $s");
        CHANGED.put("-n 1G --no-checks", "-n 10M --no-checks"); // a gigabyte takes minutes on a loaded machine
        CHANGED.put("--rate 20mbit --netem \"delay 20ms\" --algorithm cubic,bbr", // README says that sim has these
                "./sluice sim --rate 20mbit --netem \"delay 20ms\" --algorithm cubic,bbr");
        CHANGED.put("./sluice plot FILE.pcapng", CAPTURE + "./sluice plot FILE.pcapng");
        CHANGED.put("./sluice explain FILE", CAPTURE + "./sluice explain FILE.pcapng");
        CHANGED.put("./sluice lab --serve", "./sluice lab --serve > ready & "
                + "until grep -qs http ready; do sleep 0.1; done; "
                + "curl -sSf http://127.0.0.1:8890/handshake.html > page; s=$?; kill %1; wait; exit $s");
        CHANGED.put("./sluice serve --metrics 9464", "./sluice serve --metrics 9464 > ready & "
                + "until grep -qs ready ready; do sleep 0.1; done; "
                + "curl -sSf http://127.0.0.1:9464/metrics | grep -q '^# EOF'; s=$?; kill %1; wait; exit $s");
        CHANGED.put("./sluice serve --echo --qlog net.qlog", "./sluice serve --echo --qlog net.qlog > ready & "
                + "until grep -qs ready ready; do sleep 0.1; done; "
                + "echo hello > /dev/tcp/10.99.0.2/7; kill $!; wait; grep -q SYN-RECV net.qlog");
        CHANGED.put("./sluice metrics", "./sluice serve > ready & until grep -qs ready ready; do sleep 0.1; done; "
                + "./sluice metrics --pid $! | grep -q '^# EOF'; s=$?; kill %1; wait; exit $s");
        CHANGED.put("./sluice lab ID", "./sluice lab handshake");
        CHANGED.put("--against linux ID", "--against linux handshake");
        CHANGED.put("--swarm 10000", "--swarm 20"); // hours
        CHANGED.put("--swarm-seed N", "--swarm-seed 7");
        CHANGED.put("./sluice COMMAND --help", "./sluice sim --help");
        CHANGED.put("--algorithm yours,cubic", "--algorithm reno,cubic");
        CHANGED.put("man sim \\| man -l -", "man sim | { if command -v man; then man -l -; else cat; fi; }");
    }

    /** What is not run at all: the start of a line, and why. */
    private static final Map<String, String> NOT_RUN = new LinkedHashMap<>();

    static {
        NOT_RUN.put("./test", "this test is part of it");
        NOT_RUN.put("./sluice ss", "names the command; the README's block runs it beside a serve");
        NOT_RUN.put("mvn ", "it is Maven that runs this test, and ./test that compiles, checks and packages");
        NOT_RUN.put("bench/event-hashes ", "builds another commit, for minutes");
        NOT_RUN.put("bench/mutation/run ", "builds once for each mutant");
        NOT_RUN.put("./sluice campaign ",
                "runs for a minute or two on all processors, or takes a file of the reader's");
        NOT_RUN.put("spark-submit ", "wants Apache Spark");
        NOT_RUN.put("bench/campaign-rate ", "measures for minutes, on a machine that does nothing else");
        NOT_RUN.put("bench/wrk ", "measures for minutes, on a machine that does nothing else");
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    /** All command lines of all pages, a block as one; each once. */
    private static List<String> documented() throws IOException {
        List<String> all = new ArrayList<>();
        for (Path page : pages()) {
            String text = read(page);
            for (Matcher m = BLOCK.matcher(text); m.find();) {
                if (SHELL.contains(m.group(1))) {
                    all.add(m.group(2).strip());
                }
            }
            for (Matcher m = INLINE.matcher(ANY_BLOCK.matcher(text).replaceAll("")); m.find();) {
                if (COMMAND.matcher(m.group(1)).matches()) {
                    all.add(m.group(1));
                }
            }
        }
        return all.stream().distinct().toList();
    }

    static List<String> run() throws IOException {
        return documented().stream().filter(c -> NOT_RUN.keySet().stream().noneMatch(c::startsWith)).toList();
    }

    @Test
    void theListsOfExceptionsAreNotStale() throws IOException {
        String all = String.join("\n", documented());
        assertThat(CHANGED.keySet()).allMatch(all::contains);
        assertThat(NOT_RUN.keySet()).allMatch(start -> ("\n" + all).contains("\n" + start));
        assertThat(run()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("run")
    void itDoesWhatThePageSays(String line) throws Exception {
        String script = line;
        for (Map.Entry<String, String> e : CHANGED.entrySet()) {
            script = script.replace(e.getKey(), e.getValue());
        }
        succeeds(script);
    }
}
