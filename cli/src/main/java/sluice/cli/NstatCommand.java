package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice nstat}. */
@Command(name = "nstat", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Print the counters of a running sluice in the manner of nstat: those that moved since the last "
                + "time it was asked.",
        footer = {"", "Example: all counters since the start, zeros too", "  sluice nstat -az",
            "Example: retransmissions", "  sluice nstat -a '*Retrans*'"})
final class NstatCommand implements Callable<Integer> {
    @Option(names = {"-a", "--ignore"}, description = "Values since the start, not since the last time.")
    private boolean absolute;

    @Option(names = {"-z", "--zeros"}, description = "Counters that did not move too.")
    private boolean zeros;

    @Option(names = {"-s", "--noupdate"}, description = "Do not remember these values for the next time.")
    private boolean keep;

    @Option(names = {"-j", "--json"}, description = "As JSON.")
    private boolean json;

    @Parameters(paramLabel = "PATTERN", description = "Only counters of these names: TcpExt*, *Retrans*.")
    private List<String> patterns = new ArrayList<>();

    @Mixin
    private ControlOptions target = new ControlOptions();

    NstatCommand() {}

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>(List.of("nstat"));
        SsCommand.add(words, absolute, "absolute");
        SsCommand.add(words, zeros, "zeros");
        SsCommand.add(words, keep, "keep");
        SsCommand.add(words, json, "json");
        if (!patterns.isEmpty()) {
            words.add("--");
            words.addAll(patterns);
        }
        return target.ask(words);
    }
}
