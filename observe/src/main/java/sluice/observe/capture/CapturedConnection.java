package sluice.observe.capture;

import org.jspecify.annotations.Nullable;
import sluice.wire.CaptureReader;
import sluice.wire.Tcp;

/** A connection in a capture, as one interface saw it: two flows. */
public final class CapturedConnection {
    private final int number;
    private final @Nullable String interfaceName;
    private final CapturedFlow forth;
    private final CapturedFlow back;
    private boolean synShift;
    private boolean synAckShift;
    private long firstNs = Long.MAX_VALUE;
    private long lastNs;
    private long packets;

    CapturedConnection(int number, @Nullable String interfaceName, CapturedSegment s) {
        this.number = number;
        this.interfaceName = interfaceName;
        String a = CapturedSegment.side(s.source, s.sourcePort);
        String b = CapturedSegment.side(s.destination, s.destinationPort);
        forth = new CapturedFlow(a + " > " + b);
        back = new CapturedFlow(b + " > " + a);
    }

    void add(CapturedSegment s, CaptureReader r, boolean isForth) {
        packets++;
        firstNs = Math.min(firstNs, r.timestampNs());
        lastNs = Math.max(lastNs, r.timestampNs());
        if (s.has(Tcp.SYN)) {
            if (s.has(Tcp.ACK)) {
                synAckShift = s.shift >= 0;
            } else {
                synShift = s.shift >= 0;
            }
        }
        boolean scaled = synShift && synAckShift;
        (isForth ? forth : back).sent(s, r.timestampNs());
        (isForth ? back : forth).answered(s, r.timestampNs(), scaled);
    }

    /** Its number in the file, counted from 1. */
    public int number() {
        return number;
    }

    /** Name of the interface that saw it; null when the file does not say. */
    public @Nullable String interfaceName() {
        return interfaceName;
    }

    /** From the one who was seen first. */
    public CapturedFlow forth() {
        return forth;
    }

    /** The other way. */
    public CapturedFlow back() {
        return back;
    }

    /** The direction with more payload. */
    public CapturedFlow main() {
        return back.payloadBytes() > forth.payloadBytes() ? back : forth;
    }

    /** Packets of it. */
    public long packets() {
        return packets;
    }

    /** When its first packet passed, nanoseconds. */
    public long firstNs() {
        return firstNs;
    }

    /** From its first packet to its last, nanoseconds. */
    public long durationNs() {
        return lastNs - firstNs;
    }
}
