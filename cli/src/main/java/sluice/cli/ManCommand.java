package sluice.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice man}: a command's description as a manual page. */
@Command(name = "man", mixinStandardHelpOptions = true,
        description = "Print the manual page of a command in roff, made of what its --help says.",
        footer = {"", "Examples:", "  sluice man sim | man -l -", "  sluice man > /usr/local/share/man/man1/sluice.1"})
final class ManCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "Which command (default: the top).")
    private @Nullable String name;

    ManCommand() {}

    @Override
    public Integer call() {
        CommandLine top = spec.root().commandLine();
        CommandLine command = name == null ? top : top.getSubcommands().get(name);
        if (command == null || isHidden(command)) {
            throw new ParameterException(spec.commandLine(), "COMMAND \"" + name + "\": there is "
                    + top.getSubcommands().entrySet().stream().filter(e -> !isHidden(e.getValue()))
                            .map(Map.Entry::getKey).collect(Collectors.joining(", ")));
        }
        spec.commandLine().getOut().print(ManualPage.of(command.getCommandSpec()));
        spec.commandLine().getOut().flush();
        return Main.OK;
    }

    private static boolean isHidden(CommandLine command) {
        return command.getCommandSpec().usageMessage().hidden();
    }
}
