package sluice.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import sluice.cli.mcp.McpServer;

/** {@code sluice mcp}: tools for programs that speak the Model Context Protocol. */
@Command(name = "mcp", mixinStandardHelpOptions = true,
        description = {
            "Serve explain, diagnose, lab and sim as tools of the Model Context Protocol, on standard input and output "
                    + "(revision 2026-07-28; clients that begin with initialize are served too).",
            "An assistant starts it by itself; what it may read is what this user may read."},
        footer = {"", "In the configuration of most clients:",
            "  {\"mcpServers\": {\"sluice\": {\"command\": \"/path/to/sluice\", \"args\": [\"mcp\"]}}}",
            "Tools, arguments and results: docs/mcp.md", "", "Example: whether it answers",
            "  echo '{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}' | sluice mcp"})
final class McpCommand implements Callable<Integer> {
    McpCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream protocol = System.out;
        System.setOut(System.err); // whatever else prints must not come between messages
        try {
            new McpServer(Main::run, Version.NUMBER, protocol).serve(System.in);
        } finally {
            System.setOut(protocol);
        }
        return Main.OK;
    }
}
