package sluice.observe.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import sluice.wire.CaptureReader;

/** The TCP connections of a capture, as {@link ConnectionNumbers} tells them apart. */
public final class CapturedConnections {
    private final List<CapturedConnection> all = new ArrayList<>();
    private long passedOver;

    private CapturedConnections() {}

    /**
     * Reads a capture to its end.
     *
     * @throws IOException when it cannot be read or is damaged
     */
    public static CapturedConnections read(CaptureReader reader) throws IOException {
        return read(reader, _ -> true);
    }

    /**
     * The same, keeping only the connections of the numbers that are wanted.
     *
     * @throws IOException when it cannot be read or is damaged
     */
    public static CapturedConnections read(CaptureReader reader, IntPredicate wanted) throws IOException {
        return read(reader, wanted, Long.MAX_VALUE);
    }

    /**
     * The same up to a packet.
     *
     * @param wanted asked for each segment
     * @param packets of the file, at most; what is behind them may be damaged
     * @throws IOException when it cannot be read or is damaged before
     */
    public static CapturedConnections read(CaptureReader reader, IntPredicate wanted, long packets)
            throws IOException {
        return read(reader, Long.MAX_VALUE, wanted);
    }

    /**
     * The same of the file's beginning.
     *
     * @param mostPackets how many packets to read: up to where a file is damaged
     * @throws IOException when it cannot be read or is damaged before
     */
    public static CapturedConnections read(CaptureReader reader, long mostPackets, IntPredicate wanted)
            throws IOException {
        CapturedConnections c = new CapturedConnections();
        CapturedSegment s = new CapturedSegment();
        ConnectionNumbers numbers = new ConnectionNumbers();
        CapturedConnection[] byNumber = new CapturedConnection[16];
        for (long i = 0; i < mostPackets && reader.next(); i++) {
            int n = s.read(reader) == CapturedSegment.Kind.TCP ? numbers.of(s) : 0;
            if (n == 0) {
                c.passedOver++;
            } else if (wanted.test(n)) {
                if (n >= byNumber.length) {
                    byNumber = java.util.Arrays.copyOf(byNumber, Math.max(n + 1, 2 * byNumber.length));
                }
                if (byNumber[n] == null) {
                    byNumber[n] = new CapturedConnection(n, CapturedSegment.named(reader.interfaceName()), s);
                    c.all.add(byNumber[n]);
                }
                byNumber[n].add(s, reader, numbers.isForth());
            }
        }
        return c;
    }

    /** In the order of their first packets. */
    public List<CapturedConnection> all() {
        return Collections.unmodifiableList(all);
    }

    /**
     * Packets that are no TCP, cut off too early, seen twice by a router, or of connections beyond {@link
     * ConnectionNumbers#MOST}.
     */
    public long passedOver() {
        return passedOver;
    }
}
