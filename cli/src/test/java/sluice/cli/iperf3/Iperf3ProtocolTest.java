package sluice.cli.iperf3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.TwoStacks;
import sluice.observe.json.JsonReader;

/** iperf3's protocol: its texts, and whole tests between two hosts in memory. */
class Iperf3ProtocolTest {
    private static final class Canned implements Iperf3Channel.Transport {
        final ByteArrayInputStream in;
        final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Canned(byte... bytes) {
            in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return in.read(into, offset, Math.min(length, 3)); // as small as a network may deliver
        }

        @Override
        public void write(byte[] from) {
            out.writeBytes(from);
        }

        @Override
        public void setPatience(long ms) {}

        @Override
        public void close() {}
    }

    private static Iperf3Channel channel(byte... bytes) {
        return new Iperf3Channel(new Canned(bytes));
    }

    @Test
    void readsTheParametersOfIperf312() throws IOException {
        Iperf3Parameters p = Iperf3Parameters.read(
                JsonReader.readObject("{\"tcp\":true,\"omit\":1,\"time\":10,\"num\":0,\"blockcount\":0,\"parallel\":2,"
                        + "\"bidirectional\":true,\"len\":131072,\"pacing_timer\":1000,\"congestion\":\"cubic\","
                        + "\"client_version\":\"3.12\"}"));
        assertThat(p.streams()).isEqualTo(4);
        assertThat(List.of(p.clientSends(0), p.clientSends(1), p.clientSends(2), p.clientSends(3)))
                .containsExactly(true, true, false, false);
        assertThat(p.congestion()).isEqualTo("cubic");
        assertThat(Iperf3Parameters.read(JsonReader.readObject(p.json()))).isEqualTo(p);
    }

    @Test
    void numbersStreamsAsIperf3Does() {
        assertThat(List.of(Iperf3Parameters.streamId(0), Iperf3Parameters.streamId(1), Iperf3Parameters.streamId(2)))
                .containsExactly(1, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sctp\":true}", "{\"udp\":true,\"len\":70000}", "{\"udp\":true,\"len\":8}",
        "{\"parallel\":0}", "{\"parallel\":1000}", "{\"authtoken\":\"x\"}"})
    void refusesWhatItCannotDo(String json) {
        assertThatThrownBy(() -> Iperf3Parameters.read(JsonReader.readObject(json)))
                .isInstanceOf(Iperf3Exception.class);
    }

    @Test
    void resultsSurviveTheWire() {
        Iperf3Results r = new Iperf3Results(1.5, 1, 0.5, 1, "cubic", "said",
                List.of(new Iperf3Results.Stream(1, 5_000_000_000L, 7, 2.5, Datagrams.NONE),
                        new Iperf3Results.Stream(3, 1, -1, 2.5, new Datagrams(90, 3, 0, 0.25))));
        assertThat(Iperf3Results.read(JsonReader.readObject(r.json()))).isEqualTo(r);
    }

    @Test
    void textsComeBehindTheirLength() throws IOException {
        byte[] text = "{\"a\":1}".getBytes(UTF_8);
        assertThat(channel(ByteBuffer.allocate(11).putInt(7).put(text).array()).readJson().number("a", 0)).isEqualTo(1);
        Canned canned = new Canned();
        new Iperf3Channel(canned).writeJson("{}");
        assertThat(canned.out.toByteArray()).containsExactly(0, 0, 0, 2, '{', '}');
    }

    @Test
    void lengthsAreNotBelieved() {
        assertThatThrownBy(() -> channel((byte) 0x7f, (byte) -1, (byte) -1, (byte) -1).readJson())
                .isInstanceOf(Iperf3Exception.class);
        assertThatThrownBy(() -> channel((byte) -1, (byte) -1, (byte) -1, (byte) -1).readJson())
                .isInstanceOf(Iperf3Exception.class);
        assertThatThrownBy(() -> channel((byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) '{').readJson())
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> channel((byte) 0, (byte) 0, (byte) 0, (byte) 2, (byte) '{', (byte) '{').readJson())
                .isInstanceOf(Iperf3Exception.class);
    }

    @Test
    void refusalsAreExplained() {
        assertThatThrownBy(() -> channel((byte) -1).expect(9)).hasMessageContaining("busy");
        assertThatThrownBy(() -> channel((byte) -2, (byte) 0, (byte) 0, (byte) 0, (byte) 14, (byte) 0, (byte) 0,
                (byte) 0, (byte) 0).expect(9))
                .hasMessageContaining(
                        "error 14");
        assertThatThrownBy(() -> channel((byte) 4).expect(9)).hasMessageContaining("TEST_END")
                .hasMessageContaining("PARAM_EXCHANGE");
        assertThatThrownBy(() -> channel().expect(9)).isInstanceOf(EOFException.class);
    }

    private static String measure(Iperf3Parameters parameters) throws Exception {
        StringWriter text = new StringWriter();
        try (TwoStacks stacks = new TwoStacks(); Iperf3Server server = Iperf3Server.start(stacks.b, 5201, line -> {
        })) {
            new Iperf3Client(stacks.a, TwoStacks.B, 5201, parameters,
                    new Iperf3Report(new PrintWriter(text, true), true)).run(0.2, () -> false);
        }
        return text.toString();
    }

    private static Iperf3Parameters parameters(long bytes, int parallel, boolean reverse, boolean bidirectional) {
        return new Iperf3Parameters(false, false, 0, 0, bytes, 0, parallel, reverse, bidirectional, 0, 0, 0, false, 0,
                false, "reno");
    }

    @Test
    void aTestMovesTheBytesAskedFor() throws Exception {
        var end = JsonReader.readObject(measure(parameters(20_000_000, 1, false, false))).object("end");
        assertThat(end).isNotNull();
        assertThat(end.object("sum_sent").number("bytes", 0)).isEqualTo(20_000_000);
        assertThat(end.object("sum_received").number("bytes", 0)).isEqualTo(20_000_000);
    }

    private static byte[] cookie(int number) {
        return java.util.Arrays.copyOf(String.format("%036d", number).getBytes(UTF_8), Iperf3Channel.COOKIE);
    }

    /** Each of them holds one of the 64 places for tests until it is given up. */
    @Test
    void silentControlConnectionsDoNotKeepTestsOut() throws Exception {
        try (TwoStacks stacks = new TwoStacks(); Iperf3Server server = Iperf3Server.start(stacks.b, 5201, line -> {
        }, 50)) {
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                silent.add(stacks.connect(5201));
                silent.getLast().getOutputStream().write(cookie(i));
            }
            for (Socket s : silent) {
                assertThat(s.getInputStream().read()).isEqualTo(9); // PARAM_EXCHANGE
                assertThat(s.getInputStream().read()).as("the end").isEqualTo(-1);
                s.close();
            }
            StringWriter text = new StringWriter();
            new Iperf3Client(stacks.a, TwoStacks.B, 5201, parameters(1_000_000, 1, false, false),
                    new Iperf3Report(new PrintWriter(text, true), true)).run(0.2, () -> false);
            assertThat(text.toString()).contains("\"sum_received\"");
        }
    }

    /** The control connection says nothing for a second, but the test moves bytes. */
    @Test
    void aTestThatRunsIsNotSilent() throws Exception {
        StringWriter text = new StringWriter();
        var asked = new Iperf3Parameters(false, false, 1, 0, 0, 0, 1, false, false, 16_384, 0, 0, false, 50_000_000,
                false, "reno");
        try (TwoStacks stacks = new TwoStacks(); Iperf3Server server = Iperf3Server.start(stacks.b, 5201, line -> {
        }, 400)) {
            new Iperf3Client(stacks.a, TwoStacks.B, 5201, asked,
                    new Iperf3Report(new PrintWriter(text, true), true)).run(0.2, () -> false);
        }
        assertThat(text.toString()).contains("\"sum_received\"");
    }

    /** Without -b, two hosts in memory move gigabits. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRateAskedForIsKept(boolean reverse) throws Exception {
        var asked = new Iperf3Parameters(false, false, 2, 0, 0, 0, 1, reverse, false, 16_384, 0, 0, false, 10_000_000,
                false, "reno");
        var end = JsonReader.readObject(measure(asked)).object("end");
        assertThat(end.object("sum_received").number("bits_per_second", 0)).isBetween(9_000_000L, 11_000_000L);
    }

    /** So slow that what a loaded machine sends in one go fits a receive buffer. */
    private static final long RATE = 500_000;

    private static Iperf3Parameters datagrams(int parallel, boolean reverse, boolean bidirectional, boolean longNumbers,
            int block) {
        return new Iperf3Parameters(true, longNumbers, 1, 0, 0, 0, parallel, reverse, bidirectional, block, 0, 0, false,
                RATE, false, null);
    }

    /** Nothing is lost between two hosts in memory; what the one sent is what the other counted. */
    @ParameterizedTest
    @CsvSource({"1,false,false,false,0", "3,true,false,false,1000", "2,false,true,true,0", "1,false,false,false,3000"})
    void datagramsAreCountedOnBothSides(int parallel, boolean reverse, boolean bidirectional, boolean longNumbers,
            int block) throws Exception {
        var text = JsonReader.readObject(measure(datagrams(parallel, reverse, bidirectional, longNumbers, block)));
        var end = text.object("end");
        for (String suffix : bidirectional ? List.of("", "_bidir_reverse") : List.of("")) {
            var sum = end.object("sum" + suffix);
            long sent = end.object("sum_sent" + suffix).number("bytes", 0);
            assertThat(sum.number("bits_per_second", 0)).as(suffix)
                    .isBetween(parallel * RATE * 6 / 10, parallel * RATE * 13 / 10);
            assertThat(sum.number("lost_packets", -1)).isZero();
            assertThat(sum.number("packets", 0) * (block == 0 ? 1448 : block)).isBetween(sent * 9 / 10, sent);
            assertThat(sum.real("jitter_ms", -1)).isBetween(0.0, 50.0);
        }
    }

    @Test
    void theReportOfDatagramsHasIperf3sColumns() throws Exception {
        StringWriter text = new StringWriter();
        try (TwoStacks stacks = new TwoStacks(); Iperf3Server server = Iperf3Server.start(stacks.b, 5201, line -> {
        })) {
            new Iperf3Client(stacks.a, TwoStacks.B, 5201, datagrams(1, false, false, false, 0),
                    new Iperf3Report(new PrintWriter(text, true), false)).run(1, () -> false);
            // the port is closed again when no test wants it: JUnit's limit ends a wait that is in vain
            while (!stacks.b.access().execute(host -> host.udp().sockets().isEmpty())) {
                Thread.onSpinWait();
            }
        }
        assertThat(text.toString()).contains("Bitrate         Total Datagrams",
                "Bitrate         Jitter    Lost/Total Datagrams").containsPattern(
                        "\\[  1\\]   0\\.00-1\\.\\d\\d   sec .* ms  0/\\d+ \\(0%\\)  receiver")
                .containsPattern("0\\.000 ms  0/\\d+ \\(0%\\)  sender").doesNotContain("Retr");
    }

    private static void arrives(UdpStream s, long number, long sentUs, long atNs) {
        MemorySegment m = Arena.ofAuto().allocate(16);
        m.asByteBuffer().putInt((int) (sentUs / 1_000_000)).putInt((int) (sentUs % 1_000_000)).putInt((int) number);
        s.received(m, 16, atNs);
    }

    /** Numbers 1, 2, 5, 4, 6: 3 is lost, 4 came late; 16 transits that differ by 1 ms give a jitter of 1/16 ms each. */
    @Test
    void lossOrderAndJitterAreIperf3s() {
        Iperf3Test test = new Iperf3Test(datagrams(1, true, false, false, 0), true);
        try (TwoStacks stacks = new TwoStacks()) {
            var socket = stacks.a.access().execute(host -> host.udp().open());
            UdpStream s = new UdpStream(test, 1, false, socket,
                    new DataStream.Ends(TwoStacks.A, 1, TwoStacks.B, 2), () -> {
                    });
            stacks.a.access().execute(host -> {
                s.start(0, 0);
                return null;
            });
            arrives(s, 1, 1_000, 5_000_000);
            arrives(s, 2, 2_000, 6_000_000);
            arrives(s, 5, 3_000, 8_000_000);
            arrives(s, 4, 4_000, 9_000_000);
            arrives(s, 6, 5_000, 10_000_000);
            Datagrams d = s.figures(10_000_000).datagrams();
            assertThat(d.packets()).isEqualTo(6);
            assertThat(d.lost()).isEqualTo(1);
            assertThat(d.outOfOrder()).isEqualTo(1);
            double jitter = 1e-3 / 16;
            jitter -= jitter / 16;
            jitter -= jitter / 16;
            assertThat(d.jitterSeconds()).isCloseTo(jitter, org.assertj.core.data.Offset.offset(1e-12));
            assertThat(d.text()).isEqualTo("0.055 ms  1/6 (17%)");
            assertThat(new Datagrams(890, 3, 0, 0.009).text()).isEqualTo("9.000 ms  3/890 (0.34%)");
        }
    }

    @Test
    void theServersOutputComesAlong() throws Exception {
        StringWriter text = new StringWriter();
        var asked = new Iperf3Parameters(false, false, 2, 0, 0, 0, 1, false, false, 0, 0, 0, false, 50_000_000, true,
                "reno");
        try (TwoStacks stacks = new TwoStacks(); Iperf3Server server = Iperf3Server.start(stacks.b, 5201, line -> {
        })) {
            new Iperf3Client(stacks.a, TwoStacks.B, 5201, asked, new Iperf3Report(new PrintWriter(text, true), false))
                    .run(1, () -> false);
        }
        String output = text.toString();
        assertThat(output).contains("\nServer output:\n");
        output = output.substring(output.indexOf("Server output:"));
        assertThat(output).contains("Server listening on 5201", "local 10.0.0.2 port 5201 connected to 10.0.0.1",
                "0.00-1.00   sec", "receiver", "iperf Done.");
        assertThat(JsonReader.readObject(measure(asked)).text("server_output_text")).contains("receiver");
    }

    @Test
    void reverseParallelAndBothWays() throws Exception {
        assertThat(JsonReader.readObject(measure(parameters(20_000_000, 4, true, false))).object("end")
                .object("sum_received").number("bytes", 0))
                .isGreaterThanOrEqualTo(20_000_000);
        var end = JsonReader.readObject(measure(parameters(20_000_000, 2, false, true))).object("end");
        long forth = end.object("sum_received").number("bytes", 0);
        long back = end.object("sum_received_bidir_reverse").number("bytes", 0);
        assertThat(Math.max(forth, back)).as("it ends when one way has moved what was asked for")
                .isGreaterThanOrEqualTo(20_000_000);
        assertThat(Math.min(forth, back)).as("both ways move").isGreaterThanOrEqualTo(2 * 131_072);
        assertThat(forth).isLessThanOrEqualTo(end.object("sum_sent").number("bytes", 0));
        assertThat(back).isLessThanOrEqualTo(end.object("sum_sent_bidir_reverse").number("bytes", 0));
    }
}
