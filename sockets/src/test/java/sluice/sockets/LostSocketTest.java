package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Sockets that a program forgot to close. */
class LostSocketTest {
    private static void awaitCollected(BooleanSupplier done) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            System.gc();
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(done.getAsBoolean()).as("closed").isTrue();
    }

    private static void loseAConnection(TwoStacks stacks, ServerSocket server) throws IOException {
        Socket lost = SluiceSockets.of(stacks.left).socket();
        lost.connect(server.getLocalSocketAddress());
    }

    @Test
    void theEndOfALostSocketIsSeenByItsPeer() throws Exception {
        try (TwoStacks stacks = new TwoStacks(); ServerSocket server = SluiceSockets.of(stacks.right).serverSocket()) {
            server.bind(new InetSocketAddress(Addresses.toInet(TwoStacks.RIGHT), 0));
            loseAConnection(stacks, server);
            Socket peer = server.accept();
            peer.setSoTimeout(10);
            awaitCollected(() -> {
                try {
                    return peer.getInputStream().read() < 0;
                } catch (IOException notYet) {
                    return false;
                }
            });
        }
    }

    private static void loseADatagramSocket(TwoStacks stacks) throws IOException {
        DatagramSocket lost = SluiceSockets.of(stacks.left).datagramSocket();
        lost.bind(null);
    }

    @Test
    void thePortOfALostDatagramSocketIsFree() throws Exception {
        try (TwoStacks stacks = new TwoStacks()) {
            loseADatagramSocket(stacks);
            awaitCollected(() -> stacks.left.execute(host -> host.udp().sockets().isEmpty()));
        }
    }
}
