package sluice.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import sluice.interop.Tshark.Compared;
import sluice.interop.Tshark.Sign;
import sluice.observe.explain.CaptureAnalysis;
import sluice.wire.CaptureReader;

/**
 * Explains every capture below a directory beside tshark, and prints where the two differ: {@code
 * build/published-captures}. Ends with status 1 when something was thrown that is no message.
 */
final class PublishedCaptures {
    private static final int MOST_SHOWN = 12;

    private final Map<Sign, long[]> totals = new EnumMap<>(Sign.class);
    private int explained;
    private int withTcp;
    private int refused;
    private int broken;
    private long packets;

    private PublishedCaptures() {
        for (Sign s : Sign.values()) {
            totals.put(s, new long[3]);
        }
    }

    public static void main(String[] args) throws Exception {
        PublishedCaptures all = new PublishedCaptures();
        List<Path> files;
        try (Stream<Path> found = Files.walk(Path.of(args[0]))) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            all.one(file);
        }
        all.say();
        System.exit(all.broken == 0 ? 0 : 1);
    }

    private void one(Path file) throws IOException, InterruptedException {
        CaptureAnalysis a;
        try (CaptureReader r = CaptureReader.open(Files.newInputStream(file))) {
            a = CaptureAnalysis.read(r);
        } catch (IOException e) {
            refused++;
            return;
        } catch (RuntimeException e) {
            broken++;
            System.out.println(file + ": " + e);
            return;
        }
        explained++;
        packets += a.packets();
        if (a.tcpPackets() == 0) {
            return;
        }
        withTcp++;
        Map<Sign, Compared> compared = Tshark.compare(file);
        compared.forEach((sign, c) -> {
            long[] n = totals.get(sign);
            n[0] += c.both().size();
            n[1] += c.ours().size();
            n[2] += c.theirs().size();
            if (!c.agrees()) {
                System.out.println(file.getFileName() + ": " + sign + ": explain alone " + some(c.ours())
                        + ", tshark alone " + some(c.theirs()));
            }
        });
    }

    private static String some(Set<Long> packets) {
        return packets.size() + " " + packets.stream().limit(MOST_SHOWN).toList();
    }

    private void say() {
        System.out.printf(Locale.ROOT, "%d captures explained (%d packets), %d of them with TCP; %d refused with a "
                + "message; %d broken%n", explained, packets, withTcp, refused, broken);
        totals.forEach((sign, n) -> System.out.printf(Locale.ROOT, "%-15s both %d, explain alone %d, tshark alone %d%n",
                sign, n[0], n[1], n[2]));
    }
}
