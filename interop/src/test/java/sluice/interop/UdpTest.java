package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.base.Counter;
import sluice.sockets.SluiceDatagramSocket;
import sluice.wire.IpAddress;

/** Datagrams between the kernel's sockets and ours. */
class UdpTest {
    @ParameterizedTest(name = "offload {0}, {1}")
    @CsvSource({"true,V4", "true,V6", "false,V4", "false,V6"})
    void datagramsOfAllSizesComeBack(boolean offload, Family family) throws Exception {
        try (Lab lab = Lab.builder().offload(offload).start();
                SluiceDatagramSocket ours = new SluiceDatagramSocket(lab.stack, IpAddress.ANY_V6, 7);
                DatagramChannel kernel = lab.kernelUdp(family.kernelsInet(), 0)) {
            ours.setSoTimeout(3000);
            kernel.socket().setSoTimeout(3000);
            Random random = new Random(1);
            for (int size : new int[]{0, 1, 7, 1452, 1453, 1472, 1473, 2944, 8000, 40_000, 65_000, 65_507}) {
                byte[] sent = new byte[size];
                random.nextBytes(sent);
                kernel.send(ByteBuffer.wrap(sent), new InetSocketAddress(family.oursInet(), 7));
                byte[] buffer = new byte[70_000];
                SluiceDatagramSocket.Received r = ours.receive(buffer, 0, buffer.length);
                assertThat(r.length()).as("size " + size).isEqualTo(size);
                assertThat(Arrays.copyOf(buffer, size)).isEqualTo(sent);
                ours.send(buffer, 0, size, r.source(), r.port());
                java.net.DatagramPacket p = new java.net.DatagramPacket(new byte[70_000], 70_000);
                kernel.socket().receive(p);
                assertThat(p.getLength()).as("size " + size).isEqualTo(size);
                assertThat(Arrays.copyOf(p.getData(), size)).isEqualTo(sent);
            }
        }
    }

    @ParameterizedTest(name = "offload {0}, {1}")
    @CsvSource({"true,V4", "true,V6", "false,V4", "false,V6"})
    void manyDatagramsOfOneCallArriveOneByOne(boolean offload, Family family) throws Exception {
        try (Lab lab = Lab.builder().offload(offload).start();
                SluiceDatagramSocket ours = new SluiceDatagramSocket(lab.stack,
                        family == Family.V4 ? IpAddress.ANY_V4 : IpAddress.ANY_V6, 0);
                DatagramChannel kernel = lab.kernelUdp(family.kernelsInet(), 0)) {
            ours.configure(o -> o.setSegmentBytes(1100));
            kernel.socket().setSoTimeout(3000);
            byte[] sent = new byte[50 * 1100 + 123];
            new Random(1).nextBytes(sent);
            int port = kernel.socket().getLocalPort();
            ours.send(sent, 0, sent.length, family.kernelsIp(), port);
            for (int at = 0; at < sent.length; at += 1100) {
                java.net.DatagramPacket p = new java.net.DatagramPacket(new byte[2000], 2000);
                kernel.socket().receive(p);
                assertThat(Arrays.copyOf(p.getData(), p.getLength())).as("at %d", at)
                        .isEqualTo(Arrays.copyOfRange(sent, at, Math.min(sent.length, at + 1100)));
            }
            assertThat(lab.count(family == Family.V4 ? Counter.UdpOutDatagrams : Counter.Udp6OutDatagrams))
                    .isEqualTo(51);
        }
    }

    @Test
    void aBurstOfDatagrams() throws Exception {
        try (Lab lab = Lab.start();
                SluiceDatagramSocket ours = new SluiceDatagramSocket(lab.stack, IpAddress.ANY_V4, 7);
                DatagramChannel kernel = lab.kernelUdp(Family.V4.kernelsInet(), 0)) {
            ours.setSoTimeout(3000);
            kernel.connect(new InetSocketAddress(Family.V4.oursInet(), 7));
            byte[] buffer = new byte[100];
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < 50; i++) {
                    kernel.write(ByteBuffer.allocate(8).putInt(round).putInt(i).flip());
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(ours.receive(buffer, 0, 100).length()).isEqualTo(8);
                    assertThat(ByteBuffer.wrap(buffer).getInt()).isEqualTo(round);
                    assertThat(ByteBuffer.wrap(buffer).getInt(4)).isEqualTo(i);
                }
            }
            assertThat(lab.count(Counter.UdpInErrors)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedPortIsReportedToTheKernel(Family family) throws Exception {
        try (Lab lab = Lab.start(); DatagramChannel kernel = lab.kernelUdp(family.kernelsInet(), 0)) {
            kernel.connect(new InetSocketAddress(family.oursInet(), 9999));
            kernel.write(ByteBuffer.wrap(new byte[10]));
            kernel.socket().setSoTimeout(3000);
            Lab.await("our ICMP message", java.time.Duration.ofSeconds(2),
                    () -> lab.count(
                            family == Family.V4 ? Counter.IcmpOutDestUnreachs : Counter.Icmp6OutDestUnreachs) == 1);
            assertThatExceptionOfType(PortUnreachableException.class)
                    .isThrownBy(() -> kernel.socket().receive(new java.net.DatagramPacket(new byte[10], 10)));
            assertThat(lab.count(family == Family.V4 ? Counter.UdpNoPorts : Counter.Udp6NoPorts)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedPortOfTheKernelIsReportedToUs(Family family) throws Exception {
        try (Lab lab = Lab.start();
                SluiceDatagramSocket ours = new SluiceDatagramSocket(lab.stack,
                        family == Family.V4 ? IpAddress.ANY_V4 : IpAddress.ANY_V6, 0)) {
            ours.setSoTimeout(3000);
            ours.connect(family.kernelsIp(), 9999);
            ours.send(new byte[10], 0, 10, null, 0);
            assertThatExceptionOfType(PortUnreachableException.class)
                    .isThrownBy(() -> ours.receive(new byte[10], 0, 10));
        }
    }
}
