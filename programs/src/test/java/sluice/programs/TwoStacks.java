package sluice.programs;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.link.ImpairedLink;
import sluice.link.Link;
import sluice.link.PipeLink;
import sluice.sockets.SluiceSelectorProvider;
import sluice.wire.IpAddress;

/** A client's and a server's stack with a link in memory between them. */
final class TwoStacks implements AutoCloseable {
    private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final String CLEAN = "";

    final Stack client;
    final Stack server;

    /** A path as {@code words} of tc netem say, in both directions; "" for one that does nothing. */
    TwoStacks(String words) {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE);
        client = stack("client", pipe.a(), words, CLIENT, 1);
        server = stack("server", pipe.b(), words, SERVER, 2);
    }

    /** A clean path. */
    TwoStacks() {
        this(CLEAN);
    }

    private static Stack stack(String name, PipeLink pipe, String words, IpAddress address, long seed) {
        Link link = words.isEmpty() ? pipe : ImpairedLink.outbound(pipe, words, seed);
        return Stack.builder(HostConfig.builder(Entropy.seeded(seed)).name(name).build()).name(name)
                .link("pipe0", link).address("pipe0", address, 24).start();
    }

    SelectorProvider clientProvider() {
        return SluiceSelectorProvider.of(client);
    }

    SelectorProvider serverProvider() {
        return SluiceSelectorProvider.of(server);
    }

    /** An address of the server's stack. */
    static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(SERVER.toString()), port);
    }

    @Override
    public void close() {
        client.close(Duration.ZERO);
        server.close(Duration.ZERO);
    }
}
