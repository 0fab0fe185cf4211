package sluice.cli;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.cli.http.HttpServer;

/**
 * Our HTTP server on the kernel's sockets, for the demo's kernel side. Ends when its standard input does, so it never
 * outlives its parent.
 */
@Command(name = "internal-http-server", hidden = true,
        description = "The HTTP server on the kernel's sockets, for the demo.")
final class InternalHttpServerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--dir", required = true, description = "What to serve.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path directory;

    @Option(names = "--port", required = true, description = "Where.")
    private int port;

    InternalHttpServerCommand() {}

    @Override
    public Integer call() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(new InetSocketAddress("::", port), 128);
            try (HttpServer server = HttpServer.start(channel, directory)) {
                spec.commandLine().getOut().println("ready");
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
        return Main.OK;
    }
}
