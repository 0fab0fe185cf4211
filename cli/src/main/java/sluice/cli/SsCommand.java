package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.observe.print.SocketFilter;

/** {@code sluice ss}. */
@Command(name = "ss", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Print the sockets of a running sluice in the manner of ss.",
        footer = {"", "Example: every TCP connection and listener, its timers, what TCP knows of it",
            "  sluice ss -tanoi", "Example: connections to one port", "  sluice ss state established dport = :443"})
final class SsCommand implements Callable<Integer> {
    @Option(names = "-t", description = "TCP sockets.")
    private boolean tcp;

    @Option(names = "-u", description = "UDP sockets.")
    private boolean udp;

    @Option(names = "-a", description = "Listening ones too.")
    private boolean all;

    @Option(names = "-l", description = "Only listening ones.")
    private boolean listening;

    @Option(names = "-n", description = "Numbers instead of names (always so).")
    @SuppressWarnings("UnusedVariable") // there so that habitual flags work
    private boolean numeric;

    @Option(names = "-p", description = "The process.")
    private boolean process;

    @Option(names = "-i", description = "What TCP knows of each connection.")
    private boolean info;

    @Option(names = {"-o", "-e"}, description = "The timer that runs.")
    private boolean timers;

    @Option(names = "-m", description = "Memory (part of -i).")
    private boolean memory;

    @Option(names = "-s", description = "How many there are, instead of each.")
    private boolean summary;

    @Option(names = "-H", description = "No heading.")
    private boolean headless;

    @Option(names = "-4", description = "IPv4 only.")
    private boolean v4;

    @Option(names = "-6", description = "IPv6 only.")
    private boolean v6;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Parameters(paramLabel = "FILTER",
            description = "Which: [state NAME] [sport|dport = :PORT] [src|dst ADDRESS[/LEN][:PORT]], with not, and, or "
                    + "and brackets.")
    private List<String> filter = new ArrayList<>();

    @Mixin
    private ControlOptions target = new ControlOptions();

    SsCommand() {}

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>(List.of("ss"));
        add(words, tcp, "tcp");
        add(words, udp, "udp");
        add(words, all, "all");
        add(words, listening, "listening");
        add(words, process, "process");
        add(words, info || memory, "info");
        add(words, timers, "timers");
        add(words, headless, "headless");
        add(words, v4, "4");
        add(words, v6, "6");
        add(words, json, "json");
        add(words, summary, "summary");
        if (!filter.isEmpty()) {
            Limits.parse(target.spec, "FILTER", String.join(" ", filter), text -> SocketFilter.parse(filter));
            words.add("--");
            words.addAll(filter);
        }
        return target.ask(words);
    }

    static void add(List<String> words, boolean wanted, String word) {
        if (wanted) {
            words.add(word);
        }
    }
}
