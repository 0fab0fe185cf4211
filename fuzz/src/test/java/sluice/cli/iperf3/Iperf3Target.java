package sluice.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import sluice.observe.json.JsonException;
import sluice.observe.json.JsonReader;

/** What an iperf3 client says: parameters, results, and the greeting of its datagrams. */
public final class Iperf3Target {
    private Iperf3Target() {}

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment m = arena.allocate(Math.max(1, data.length));
            m.asByteBuffer().put(data);
            var _ = UdpGreeting.asks(m, data.length) || UdpGreeting.answers(m, data.length);
        }
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            var _ = Iperf3Parameters.read(JsonReader.readObject(text));
        } catch (Iperf3Exception | JsonException refused) {
            // what they say
        }
        try {
            var _ = Iperf3Results.read(JsonReader.readObject(text));
        } catch (JsonException refused) {
            // what it says
        }
    }
}
