package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice netstat}. */
@Command(name = "netstat", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Print the sockets of a running sluice in the manner of netstat.",
        footer = {"", "Example: all TCP sockets with the process", "  sluice netstat -napt"})
final class NetstatCommand implements Callable<Integer> {
    @Option(names = "-n", description = "Numbers instead of names (always so).")
    @SuppressWarnings("UnusedVariable") // there so that habitual flags work
    private boolean numeric;

    @Option(names = "-a", description = "Listening sockets too.")
    private boolean all;

    @Option(names = "-l", description = "Only listening sockets.")
    private boolean listening;

    @Option(names = "-p", description = "The process (always so).")
    @SuppressWarnings("UnusedVariable") // there so that habitual flags work
    private boolean process;

    @Option(names = "-t", description = "TCP sockets.")
    private boolean tcp;

    @Option(names = "-u", description = "UDP sockets.")
    private boolean udp;

    @Option(names = "-s", description = "The counters by protocol instead of sockets.")
    private boolean statistics;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Mixin
    private ControlOptions target = new ControlOptions();

    NetstatCommand() {}

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>(List.of(statistics ? "netstat-statistics" : "netstat"));
        SsCommand.add(words, json, "json");
        SsCommand.add(words, tcp, "tcp");
        SsCommand.add(words, udp, "udp");
        SsCommand.add(words, all, "all");
        SsCommand.add(words, listening, "listening");
        return target.ask(words);
    }
}
