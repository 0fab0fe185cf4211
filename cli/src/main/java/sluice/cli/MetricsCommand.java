package sluice.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice metrics}. */
@Command(name = "metrics", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Print all numbers of a running sluice as OpenMetrics text, which Prometheus reads: the counters "
                + "of nstat (sluice_TcpExt_ListenDrops_total), sockets by state, the queues of listeners, memory, "
                + "round trips. serve --metrics answers with the same by HTTP.",
        footer = {"", "Example: for the textfile collector of Prometheus' node_exporter",
            "  sluice metrics > sluice.prom"})
final class MetricsCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions target = new ControlOptions();

    MetricsCommand() {}

    @Override
    public Integer call() {
        return target.ask(List.of("metrics"));
    }
}
