package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
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
import sluice.sockets.SluiceSocketOptions;

/** Datagrams between the kernel's sockets and ours. */
class UdpTest {
    @ParameterizedTest(name = "offload {0}, {1}")
    @CsvSource({"true,V4", "true,V6", "false,V4", "false,V6"})
    void datagramsOfAllSizesComeBack(boolean offload, Family family) throws Exception {
        try (Lab lab = Lab.builder().offload(offload).start();
                DatagramSocket ours = lab.datagramSocket(7);
                DatagramChannel kernel = lab.kernelUdp(family.kernelsInet(), 0)) {
            ours.setSoTimeout(3000);
            kernel.socket().setSoTimeout(3000);
            Random random = new Random(1);
            for (int size : new int[]{0, 1, 7, 1452, 1453, 1472, 1473, 2944, 8000, 40_000, 65_000, 65_507}) {
                byte[] sent = new byte[size];
                random.nextBytes(sent);
                kernel.send(ByteBuffer.wrap(sent), new InetSocketAddress(family.oursInet(), 7));
                byte[] buffer = new byte[70_000];
                DatagramPacket r = new DatagramPacket(buffer, buffer.length);
                ours.receive(r);
                assertThat(r.getLength()).as("size " + size).isEqualTo(size);
                assertThat(Arrays.copyOf(buffer, size)).isEqualTo(sent);
                ours.send(r);
                DatagramPacket p = new DatagramPacket(new byte[70_000], 70_000);
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
                DatagramSocket ours = lab.datagramSocket(0);
                DatagramChannel kernel = lab.kernelUdp(family.kernelsInet(), 0)) {
            ours.setOption(SluiceSocketOptions.UDP_SEGMENT, 1100);
            kernel.socket().setSoTimeout(3000);
            byte[] sent = new byte[50 * 1100 + 123];
            new Random(1).nextBytes(sent);
            int port = kernel.socket().getLocalPort();
            ours.send(new DatagramPacket(sent, sent.length, family.kernelsInet(), port));
            for (int at = 0; at < sent.length; at += 1100) {
                DatagramPacket p = new DatagramPacket(new byte[2000], 2000);
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
                DatagramSocket ours = lab.datagramSocket(7);
                DatagramChannel kernel = lab.kernelUdp(Family.V4.kernelsInet(), 0)) {
            ours.setSoTimeout(3000);
            kernel.connect(new InetSocketAddress(Family.V4.oursInet(), 7));
            byte[] buffer = new byte[100];
            DatagramPacket p = new DatagramPacket(buffer, buffer.length);
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < 50; i++) {
                    kernel.write(ByteBuffer.allocate(8).putInt(round).putInt(i).flip());
                }
                for (int i = 0; i < 50; i++) {
                    p.setLength(buffer.length);
                    ours.receive(p);
                    assertThat(p.getLength()).isEqualTo(8);
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
                    .isThrownBy(() -> kernel.socket().receive(new DatagramPacket(new byte[10], 10)));
            assertThat(lab.count(family == Family.V4 ? Counter.UdpNoPorts : Counter.Udp6NoPorts)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClosedPortOfTheKernelIsReportedToUs(Family family) throws Exception {
        try (Lab lab = Lab.start();
                DatagramSocket ours = lab.datagramSocket(0)) {
            ours.setSoTimeout(3000);
            ours.connect(family.kernelsInet(), 9999);
            ours.send(new DatagramPacket(new byte[10], 10));
            assertThatExceptionOfType(PortUnreachableException.class)
                    .isThrownBy(() -> ours.receive(new DatagramPacket(new byte[10], 10)));
        }
    }
}
