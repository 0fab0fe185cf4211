package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.link.ImpairedLink;
import sluice.link.PipeLink;
import sluice.link.SegmentationLink;
import sluice.wire.IpAddress;

/** Sockets of a stack that ends, and of one without a waiter: what no kernel has. */
class StackAndSocketsTest {
    @Test
    void closingTheStackEndsBlockedCalls() throws Exception {
        try (TwoStacks stacks = new TwoStacks();
                ServerSocket server = stacks.listen();
                Socket client = stacks.connect(server);
                Socket peer = server.accept()) {
            FutureTask<Integer> read = new FutureTask<>(() -> client.getInputStream().read());
            Thread reader = Thread.ofPlatform().daemon().start(read);
            while (reader.getState() != Thread.State.WAITING && reader.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            stacks.left.close();
            assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SocketException.class);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(() -> client.getOutputStream().write(1)).isInstanceOf(SocketException.class);
        }
    }

    /** With links around the pipe. */
    @Test
    void aStackOverAPipeNeedsNoWaiter() throws Exception {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), 64);
        IpAddress address = IpAddress.parse("10.1.0.2");
        try (Stack a = bare("a", pipe.a(), IpAddress.parse("10.1.0.1"));
                Stack b = bare("b", pipe.b(), address);
                ServerSocket server = SluiceSockets.of(b).serverSocket();
                Socket one = SluiceSockets.of(a).socket()) {
            server.bind(new InetSocketAddress(7));
            one.connect(Addresses.toInet(address, 7));
            try (Socket other = server.accept()) {
                for (int i = 0; i < 200; i++) {
                    one.getOutputStream().write(i);
                    assertThat(other.getInputStream().read()).isEqualTo(i);
                    other.getOutputStream().write(i);
                    assertThat(one.getInputStream().read()).isEqualTo(i);
                }
            }
        }
    }

    /** As Linux has it where no route names an interface for the group. */
    @Test
    void aStackWithLoopbackAloneHasNoDeviceForAGroup() throws Exception {
        try (Stack alone = Stack.builder(HostConfig.builder(Entropy.seeded(7)).build()).start();
                DatagramChannel c = SluiceSelectorProvider.of(alone)
                        .openDatagramChannel(StandardProtocolFamily.INET)) {
            NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.ofLiteral("127.0.0.1"));
            assertThatThrownBy(() -> c.join(InetAddress.ofLiteral("239.255.3.4"), loopback))
                    .isExactlyInstanceOf(SocketException.class).hasMessage("No such device");
        }
    }

    private static Stack bare(String name, PipeLink link, IpAddress address) {
        return Stack.builder(HostConfig.builder(Entropy.seeded(7)).name(name).build()).name(name)
                .link("pipe0", new ImpairedLink(SegmentationLink.withOffloads(link), null, null))
                .address("pipe0", address, 24).start();
    }
}
