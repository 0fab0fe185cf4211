package sluice.observe.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.wire.CaptureReader;
import sluice.wire.Tcp;

/**
 * The TCP connections of a capture. One that is seen at several interfaces counts once for each; the same ports used
 * again by a new SYN are a new one.
 */
public final class CapturedConnections {
    /** Connections kept at most; the packets of more are passed over. */
    public static final int MOST = 10_000;

    private final List<CapturedConnection> all = new ArrayList<>();
    private final Map<CapturedSegment.Key, CapturedConnection> byKey = new HashMap<>();
    private long passedOver;

    private CapturedConnections() {}

    /**
     * Reads a capture to its end.
     *
     * @throws IOException when it cannot be read or is damaged
     */
    public static CapturedConnections read(CaptureReader reader) throws IOException {
        CapturedConnections c = new CapturedConnections();
        CapturedSegment s = new CapturedSegment();
        while (reader.next()) {
            if (s.read(reader)) {
                c.add(s, reader);
            } else {
                c.passedOver++;
            }
        }
        return c;
    }

    private void add(CapturedSegment s, CaptureReader r) {
        CapturedSegment.Key key = s.key(r);
        CapturedConnection back = byKey.get(key.reversed());
        if (back != null) {
            back.add(s, r, false);
            return;
        }
        CapturedConnection known = byKey.get(key);
        boolean opens = s.has(Tcp.SYN) && !s.has(Tcp.ACK);
        if (known == null || opens && known.isOver()) {
            if (all.size() == MOST) {
                passedOver++;
                return;
            }
            known = new CapturedConnection(all.size() + 1, CapturedSegment.named(r.interfaceName()), s);
            all.add(known);
            byKey.put(key, known);
        }
        known.add(s, r, true);
    }

    /** In the order of their first packets. */
    public List<CapturedConnection> all() {
        return Collections.unmodifiableList(all);
    }

    /** Packets that are no TCP, cut off too early, or of connections beyond {@link #MOST}. */
    public long passedOver() {
        return passedOver;
    }
}
