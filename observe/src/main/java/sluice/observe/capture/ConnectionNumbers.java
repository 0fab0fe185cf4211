package sluice.observe.capture;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;
import sluice.wire.PacketDirection;
import sluice.wire.Tcp;

/**
 * Numbers the TCP connections of a capture in the order of their first packets. One that is seen at several interfaces
 * counts once for each; the same ports used again by a new SYN are a new one. Not thread-safe.
 */
public final class ConnectionNumbers {
    /** Connections told apart at most; the packets of more are passed over. */
    public static final int MOST = 10_000;

    /** The end with the smaller address (or port) first, so that both directions find the same. */
    private record Key(int interfaceIndex, IpAddress a, int aPort, IpAddress b, int bPort) {}

    private static final class Known {
        final int number;
        /** Whether the first packet came from the end that is second in the key. */
        final boolean swapped;
        PacketDirection forth = PacketDirection.UNKNOWN;
        PacketDirection back = PacketDirection.UNKNOWN;
        boolean over;
        boolean beyondSyn;
        int synSeq;

        Known(int number, boolean swapped) {
            this.number = number;
            this.swapped = swapped;
        }
    }

    private final Map<Key, Known> byKey = new HashMap<>();
    private int last;
    private boolean isForth;

    /** None yet. */
    public ConnectionNumbers() {}

    /**
     * The number of a TCP segment's connection, counted from 1; 0 when it is beyond {@link #MOST}, or when a router saw
     * the packet come and go: once is enough. Call once for each segment, in order.
     */
    public int of(CapturedSegment s) {
        boolean swap = isSwapped(s);
        Key key = key(s, swap);
        Known known = byKey.get(key);
        boolean opens = s.has(Tcp.SYN) && !s.has(Tcp.ACK);
        if (known == null || opens && isAnother(known, s, swap)) {
            if (last == MOST) {
                return 0;
            }
            known = new Known(++last, swap);
            known.synSeq = s.seq;
            byKey.put(key, known);
        }
        isForth = swap == known.swapped;
        known.over |= s.has(Tcp.RST | Tcp.FIN);
        known.beyondSyn |= !s.has(Tcp.SYN);
        return isSeenAgain(known, s.direction) ? 0 : known.number;
    }

    /** A SYN with the ports of a connection that has ended, or that began with another sequence number. */
    private static boolean isAnother(Known known, CapturedSegment s, boolean swap) {
        return known.over || known.beyondSyn && (swap != known.swapped || s.seq != known.synSeq);
    }

    private boolean isSeenAgain(Known known, PacketDirection d) {
        PacketDirection before = isForth ? known.forth : known.back;
        if (before == PacketDirection.UNKNOWN) {
            if (isForth) {
                known.forth = d;
            } else {
                known.back = d;
            }
            return false;
        }
        return d != PacketDirection.UNKNOWN && d != before;
    }

    /** The connection an ICMP error is about: that of the segment it quotes; 0 when that was not seen. */
    public int ofQuoted(CapturedSegment s) {
        boolean swap = isSwapped(s);
        @Nullable Known known = byKey.get(key(s, swap));
        isForth = known != null && swap == known.swapped;
        return known == null ? 0 : known.number;
    }

    /** Whether the segment asked for last goes the way of its connection's first. */
    public boolean isForth() {
        return isForth;
    }

    /** How many connections there are so far. */
    public int count() {
        return last;
    }

    private static boolean isSwapped(CapturedSegment s) {
        int order = s.source.compareTo(s.destination);
        return order > 0 || order == 0 && s.sourcePort > s.destinationPort;
    }

    private static Key key(CapturedSegment s, boolean swap) {
        return swap ? new Key(s.interfaceIndex(), s.destination, s.destinationPort, s.source, s.sourcePort)
                : new Key(s.interfaceIndex(), s.source, s.sourcePort, s.destination, s.destinationPort);
    }
}
