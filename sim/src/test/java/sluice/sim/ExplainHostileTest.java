package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.observe.capture.CapturedSegment;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.ConnectionAnalysis;
import sluice.observe.explain.ExplainJson;
import sluice.observe.explain.ExplainText;
import sluice.observe.explain.PacketFields;
import sluice.observe.json.JsonReader;
import sluice.wire.CaptureReader;

/**
 * Captures with bytes changed, left out, doubled and cut off: a result or a message, nothing else, in bounded memory.
 * {@code -Dsluice.explain.rounds=100000} does it that often.
 */
class ExplainHostileTest {
    private static final int ROUNDS = Integer.getInteger("sluice.explain.rounds", 20_000);
    private static final int MOST_BYTES = 24_000;

    private final Random random = new Random(20_261_130);

    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (ExplainTest.Place p : List.of(ExplainTest.lossBurst(), ExplainTest.nagle(), ExplainTest.refused(),
                ExplainTest.blackHole())) {
            seeds.add(head(Captures.pcap(p.world, p.client)));
            seeds.add(head(Captures.pcapng(p.world, p.server)));
        }
        return seeds;
    }

    private static byte[] head(byte[] capture) {
        return Arrays.copyOf(capture, Math.min(capture.length, MOST_BYTES));
    }

    private byte[] mutated(byte[] seed) {
        byte[] b = seed.clone();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            int at = random.nextInt(random.nextInt(4) == 0 ? Math.min(64, b.length) : b.length);
            switch (random.nextInt(6)) {
                case 0 -> b[at] = (byte) random.nextInt(256);
                case 1 -> b[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> b[at] = (byte) (random.nextBoolean() ? 0 : 255);
                case 3 -> {
                    int n = Math.min(random.nextInt(80), b.length - at);
                    System.arraycopy(b, at, b, random.nextInt(b.length - n + 1), n);
                }
                case 4 -> {
                    for (int k = at; k < Math.min(b.length, at + 4); k++) {
                        b[k] = (byte) random.nextInt(256);
                    }
                }
                default -> b = Arrays.copyOf(b, random.nextInt(8) == 0 ? random.nextInt(b.length) + 1 : b.length);
            }
        }
        return b;
    }

    @Test
    void aResultOrAMessageAndNothingElse() throws IOException {
        List<byte[]> seeds = seeds();
        long results = 0;
        long messages = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mutated(seeds.get(round % seeds.size()));
            try {
                explain(bytes, round);
                results++;
            } catch (IOException e) {
                assertThat(e.getMessage()).as("round %d", round).isNotBlank();
                messages++;
            } catch (RuntimeException e) {
                throw new AssertionError("round " + round + " of " + ROUNDS, e);
            }
        }
        System.out.printf("%d mutated captures: %d explained, %d refused by a message%n", ROUNDS, results, messages);
        assertThat(results).isGreaterThan(ROUNDS / 10);
        assertThat(messages).isGreaterThan(ROUNDS / 100);
    }

    private static void explain(byte[] bytes, int round) throws IOException {
        CaptureAnalysis a = Captures.explain(bytes);
        assertThat(ExplainText.health(a, "x")).hasSizeBetween(1, ExplainText.HEALTH_LINES);
        for (ConnectionAnalysis c : a.connections()) {
            assertThat(ExplainText.story(c, a.findings(c.number()))).isNotEmpty();
            assertThat(c.time().totalNs()).as("round %d", round).isNotNegative();
        }
        if (round % 16 == 0) {
            assertThat(JsonReader.read(ExplainJson.of(a, "x"))).isNotNull();
            fields(bytes);
        }
    }

    private static void fields(byte[] bytes) throws IOException {
        CapturedSegment s = new CapturedSegment();
        try (CaptureReader r = CaptureReader.open(new ByteArrayInputStream(bytes))) {
            for (int i = 0; i < 40 && r.next(); i++) {
                assertThat(PacketFields.of(r, s, s.read(r))).isNotEmpty();
            }
        }
    }

    /** Every SYN a new connection, every segment a hole: what is kept stays bounded. */
    @Test
    void memoryIsBounded() throws IOException {
        Runtime rt = Runtime.getRuntime();
        System.gc();
        long before = rt.totalMemory() - rt.freeMemory();
        byte[] flood = ExplainFlood.pcap(400_000);
        CaptureAnalysis a = Captures.explain(flood);
        System.gc();
        long kept = rt.totalMemory() - rt.freeMemory() - before - flood.length;
        assertThat(a.connections()).hasSizeLessThanOrEqualTo(10_000);
        assertThat(kept).as("bytes kept for %d connections", a.connections().size()).isLessThan(400L << 20);
    }
}
