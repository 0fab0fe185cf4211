package sluice.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import sluice.cli.http.ChannelConnection;
import sluice.cli.http.HttpServer;
import sluice.core.icmp.PingReply;
import sluice.engine.Stack;
import sluice.sockets.SluicePing;
import sluice.wire.IpAddress;

/** Another host of ours at the far end of a pipe in memory. */
final class MemoryOther implements Other {
    private static final int PINGS = 3;

    private final Stack stack;
    private final HttpServer server;

    MemoryOther(Stack stack, Path directory) throws IOException {
        this.stack = stack;
        server = HttpServer.start(stack, directory, SERVER_PORT, true);
    }

    @Override
    public String client() {
        return "sluice B";
    }

    @Override
    public String server() {
        return "sluice B";
    }

    @Override
    public String ping(IpAddress us) throws IOException {
        int received = 0;
        double sum = 0;
        try (SluicePing ping = new SluicePing(stack, us)) {
            for (int i = 0; i < PINGS; i++) {
                ping.send(56, 0);
                PingReply reply = ping.receive(Duration.ofSeconds(2));
                if (reply != null && reply.error() == null) {
                    received++;
                    sum += reply.rttNs() / 1e6;
                }
            }
        }
        if (received < PINGS) {
            throw new IOException(received + " of " + PINGS + " pings to " + us + " were answered");
        }
        return String.format(Locale.ROOT, "%d of %d answered, %.3f ms on average", received, PINGS, sum / received);
    }

    @Override
    public void download(IpAddress us, String name, Path to) throws IOException {
        try (ChannelConnection connection = ChannelConnection.open(stack, us, 80)) {
            Http.download(connection, Http.authority(us, 80), name, to);
        }
    }

    @Override
    public void upload(IpAddress us, String name, Path from) throws IOException {
        try (ChannelConnection connection = ChannelConnection.open(stack, us, 80)) {
            Http.upload(connection, Http.authority(us, 80), name, from);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        stack.close(Duration.ofSeconds(1));
    }
}
