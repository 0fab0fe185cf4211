package sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The top of the {@code sluice} command. A subcommand is a class with {@link Command} named in {@code subcommands}.
 *
 * <p>Exit status: 0 done, 1 the work failed, 2 the command line is wrong.
 */
@Command(name = "sluice", description = "A TCP/IP stack in user space.", mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        subcommands = {ServeCommand.class, ExecCommand.class, DemoCommand.class, FetchCommand.class,
            DrillCommand.class, SimCommand.class, CampaignCommand.class, LabCommand.class,
            PlotCommand.class, ExplainCommand.class, McpCommand.class, NcCommand.class,
            PingCommand.class,
            Iperf3Command.class,
            SsCommand.class,
            NetstatCommand.class, DiagnoseCommand.class,
            NstatCommand.class, MetricsCommand.class, SysctlCommand.class, NetemCommand.class,
            CompletionCommand.class, ManCommand.class,
            InternalHttpServerCommand.class})
public final class Main implements Runnable {
    /** The work was done. */
    public static final int OK = 0;
    /** The work failed. */
    public static final int FAILED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    Main() {}

    /** The process. */
    public static void main(String[] args) {
        StandardOutput output = StandardOutput.install();
        int status = run(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), args);
        System.exit(output.status(status));
    }

    /** Runs a command line and gives its exit status; for tests too. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main()).setOut(out).setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true);
        Words.register(line);
        return line.setParameterExceptionHandler(Complaint::usage).setExecutionExceptionHandler(Complaint::failure)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
