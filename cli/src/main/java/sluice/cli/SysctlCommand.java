package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.observe.print.SysctlPrinter;

/** {@code sluice sysctl}. */
@Command(name = "sysctl", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Print or change the settings of a running sluice, by Linux's names; any unambiguous end of a "
                + "name will do.",
        footer = {"", "Examples:", "  sluice sysctl -a | grep tcp_", "  sluice sysctl tcp_sack",
            "  sluice sysctl -w net.ipv4.tcp_congestion_control=reno"})
final class SysctlCommand implements Callable<Integer> {
    @Option(names = "-a", description = "All settings.")
    private boolean all;

    @Option(names = "-w", description = "Change: arguments are NAME=VALUE.")
    private boolean write;

    @Option(names = "-n", description = "Values without names.")
    private boolean values;

    @Option(names = "--describe",
            description = "All settings with unit, range and meaning; a star marks what is not the default.")
    private boolean describe;

    @Option(names = "--json", description = "The settings named, or all, as JSON.")
    private boolean json;

    @Parameters(paramLabel = "NAME[=VALUE]", description = "Settings to print or change.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private ControlOptions target = new ControlOptions();

    SysctlCommand() {}

    @Override
    public Integer call() {
        boolean list = all || describe || json && names.isEmpty();
        if (list != names.isEmpty()) {
            throw new ParameterException(target.spec.commandLine(),
                    list ? "names and a list of all do not go together" : "which setting? (-a lists all)");
        }
        if (list) {
            return target.ask(List.of("sysctl", json ? "json" : describe ? "describe" : "all"));
        }
        if (write) {
            names.stream().filter(n -> n.indexOf('=') < 0).findFirst().ifPresent(n -> {
                throw new ParameterException(target.spec.commandLine(), "-w " + n + ": a change is NAME=VALUE");
            });
        }
        List<String> words = new ArrayList<>(List.of("sysctl",
                json ? "json" : write || names.getFirst().contains("=") ? "set" : values ? "values" : "get"));
        words.addAll(names);
        int status = target.ask(words);
        if (status == 0 && words.get(1).equals("set")) {
            for (String assignment : names) {
                Setting setting = Settings.find(assignment.substring(0, assignment.indexOf('=')));
                if (!setting.hasEffect()) {
                    target.spec.commandLine().getErr().println("sluice: " + SysctlPrinter.warning(setting));
                }
            }
        }
        return status;
    }
}
