package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.core.icmp.PingReply;
import sluice.wire.IpAddress;

class PingTest {
    private static final IpAddress NOBODY = IpAddress.ofV4(0x0a000063);

    private final TwoStacks stacks = new TwoStacks();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void aRequestIsAnswered() throws Exception {
        try (SluicePing ping = new SluicePing(stacks.left, TwoStacks.RIGHT)) {
            int seq = ping.send(56, 0);
            PingReply reply = ping.receive(Duration.ofSeconds(20));
            assertThat(reply).isNotNull();
            assertThat(reply.seq()).isEqualTo(seq);
            assertThat(reply.error()).isNull();
            assertThat(reply.rttNs()).isPositive();
            assertThat(ping.receive(Duration.ofMillis(10))).isNull();
        }
    }

    private static FutureTask<@Nullable PingReply> blockedReceive(SluicePing ping, Thread.Builder kind,
            Thread[] receiver) {
        FutureTask<@Nullable PingReply> receive = new FutureTask<>(() -> ping.receive(Duration.ofSeconds(60)));
        Thread t = kind.start(receive);
        receiver[0] = t;
        while (t.getState() != Thread.State.WAITING && t.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return receive;
    }

    private static void failed(FutureTask<?> receive, String message) {
        assertThatThrownBy(() -> receive.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class).cause()
                .isInstanceOf(SocketException.class).hasMessage(message);
    }

    @Test
    void closingEndsAReceive() throws Exception {
        SluicePing ping = new SluicePing(stacks.left, NOBODY);
        FutureTask<?> receive = blockedReceive(ping, Thread.ofPlatform().daemon(), new Thread[1]);
        ping.close();
        failed(receive, "Socket closed");
        ping.close();
        assertThatThrownBy(() -> ping.send(1, 0)).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }

    @Test
    void anInterruptClosesThePingOfAVirtualThread() throws Exception {
        SluicePing ping = new SluicePing(stacks.left, NOBODY);
        Thread[] receiver = new Thread[1];
        FutureTask<?> receive = blockedReceive(ping, Thread.ofVirtual(), receiver);
        receiver[0].interrupt();
        failed(receive, "Closed by interrupt");
        assertThatThrownBy(() -> ping.send(1, 0)).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }
}
