package sluice.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice completion}: the script by which a shell completes this command's words. */
@Command(name = "completion", mixinStandardHelpOptions = true,
        description = "Print a script that lets bash and zsh complete commands and options.",
        footer = {"", "Example: in ~/.bashrc or ~/.zshrc", "  source <(sluice completion)"})
final class CompletionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    CompletionCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(AutoComplete.bash("sluice", spec.root().commandLine()));
        spec.commandLine().getOut().flush();
        return Main.OK;
    }
}
