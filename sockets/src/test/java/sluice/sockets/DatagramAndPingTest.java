package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.BindException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.core.icmp.PingReply;
import sluice.wire.IpAddress;

class DatagramAndPingTest {
    private final TwoStacks stacks = new TwoStacks();

    @AfterEach
    void close() {
        stacks.close();
    }

    @Test
    void datagramsKeepTheirBounds() throws Exception {
        try (SluiceDatagramSocket a = new SluiceDatagramSocket(stacks.left, IpAddress.ANY_V4, 0);
                SluiceDatagramSocket b = new SluiceDatagramSocket(stacks.right, TwoStacks.RIGHT, 5000)) {
            a.send(new byte[]{1, 2, 3}, 0, 3, TwoStacks.RIGHT, 5000);
            a.send(new byte[]{4, 5}, 0, 2, TwoStacks.RIGHT, 5000);
            byte[] got = new byte[2];
            SluiceDatagramSocket.Received first = b.receive(got, 0, 2);
            assertThat(first.length()).isEqualTo(2);
            assertThat(first.fullLength()).isEqualTo(3);
            assertThat(first.source()).isEqualTo(TwoStacks.LEFT);
            assertThat(first.port()).isEqualTo(a.getLocalPort());
            assertThat(b.receive(got, 0, 2).fullLength()).isEqualTo(2);
            assertThat(got).containsExactly(4, 5);
        }
    }

    @Test
    void anUnreachablePortIsReportedToAConnectedSocket() throws Exception {
        try (SluiceDatagramSocket a = new SluiceDatagramSocket(stacks.left, IpAddress.ANY_V4, 0)) {
            a.connect(TwoStacks.RIGHT, 9);
            a.send(new byte[1], 0, 1, null, 0);
            assertThatExceptionOfType(PortUnreachableException.class).isThrownBy(() -> a.receive(new byte[1], 0, 1));
        }
    }

    @Test
    void timeoutsCloseAndTakenPorts() throws Exception {
        try (SluiceDatagramSocket a = new SluiceDatagramSocket(stacks.left, IpAddress.ANY_V4, 5000)) {
            a.setSoTimeout(10);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> a.receive(new byte[1], 0, 1));
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> new SluiceDatagramSocket(stacks.left, IpAddress.ANY_V4, 5000));
            a.setSoTimeout(0);
            CompletableFuture<Void> receive = CompletableFuture.runAsync(() -> {
                try {
                    a.receive(new byte[1], 0, 1);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            }, run -> Thread.ofPlatform().daemon().start(run));
            a.close();
            assertThatExceptionOfType(CompletionException.class).isThrownBy(receive::join)
                    .withCauseInstanceOf(SocketException.class);
        }
    }

    @Test
    void ping() throws Exception {
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
}
