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
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    @ValueSource(strings = {"{\"udp\":true}", "{\"parallel\":0}", "{\"parallel\":1000}", "{\"authtoken\":\"x\"}"})
    void refusesWhatItCannotDo(String json) {
        assertThatThrownBy(() -> Iperf3Parameters.read(JsonReader.readObject(json)))
                .isInstanceOf(Iperf3Exception.class);
    }

    @Test
    void resultsSurviveTheWire() {
        Iperf3Results r = new Iperf3Results(1.5, 1, 0.5, 1, "cubic", "said",
                List.of(new Iperf3Results.Stream(1, 5_000_000_000L, 7, 2.5), new Iperf3Results.Stream(3, 1, -1, 2.5)));
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
        return new Iperf3Parameters(0, 0, bytes, 0, parallel, reverse, bidirectional, 0, 0, 0, false, 0, false, "reno");
    }

    @Test
    void aTestMovesTheBytesAskedFor() throws Exception {
        var end = JsonReader.readObject(measure(parameters(20_000_000, 1, false, false))).object("end");
        assertThat(end).isNotNull();
        assertThat(end.object("sum_sent").number("bytes", 0)).isEqualTo(20_000_000);
        assertThat(end.object("sum_received").number("bytes", 0)).isEqualTo(20_000_000);
    }

    /** Without -b, two hosts in memory move gigabits. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRateAskedForIsKept(boolean reverse) throws Exception {
        var asked = new Iperf3Parameters(2, 0, 0, 0, 1, reverse, false, 16_384, 0, 0, false, 10_000_000, false, "reno");
        var end = JsonReader.readObject(measure(asked)).object("end");
        assertThat(end.object("sum_received").number("bits_per_second", 0)).isBetween(9_000_000L, 11_000_000L);
    }

    @Test
    void theServersOutputComesAlong() throws Exception {
        StringWriter text = new StringWriter();
        var asked = new Iperf3Parameters(2, 0, 0, 0, 1, false, false, 0, 0, 0, false, 50_000_000, true, "reno");
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
        assertThat(end.object("sum_sent").number("bytes", 0)).isPositive();
        assertThat(end.object("sum_received_bidir_reverse").number("bytes", 0)).isPositive();
    }
}
