package sluice.observe.explain;

import sluice.observe.capture.CapturedSegment;
import sluice.wire.Tcp;

/**
 * Where a connection's time went. Each time between two packets is booked to what was waited for: by what was
 * outstanding before it, and by the packet that ended it. What waits for the word of an application stays open until
 * somebody sends data: only then it is known whose word it was.
 */
public final class TimeLedger {
    /** Longer than any pause that means something; keeps sums of damaged files finite. */
    private static final long LONGEST_NS = 30L * 86_400 * 1_000_000_000;
    private static final long STALL_NS = 25_000_000L;
    private static final long AT_ONCE_NS = 3_000_000L;

    /** What was waited for. */
    public enum Where {
        /** The handshake. */
        CONNECTING("connecting"),
        /** The application of the end that opened the connection. */
        CLIENT("client's application"),
        /** The application of the other end. */
        SERVER("server's application"),
        /** The receiving application, while the window was shut or shrunk. */
        RECEIVER("receiving application (window shut)"),
        /** Acknowledgments, while a receive window that never grew was full. */
        WINDOW("receive window too small"),
        /** Repair of losses. */
        LOSS("repair of losses"),
        /** Delayed acknowledgments that Nagle's algorithm waited for. */
        NAGLE("Nagle and delayed ACKs"),
        /** Transmission and round trips. */
        NETWORK("network: transmission and round trips"),
        /** Nobody had anything to say. */
        IDLE("idle");

        private final String words;

        Where(String words) {
            this.words = words;
        }

        /** In words. */
        public String words() {
            return words;
        }
    }

    /** What the state before a packet says of the time that ends with it; the two open ones are decided later. */
    private enum Look {
        CONNECTING, RECEIVER, WINDOW, LOSS, NETWORK, FLIGHT, QUIET
    }

    private final long[] spent = new long[Where.values().length];
    private final PacketList stalls = new PacketList();
    private long openFlightNs;
    private long openQuietNs;
    private int lastSender;
    private boolean ackAlone;
    private long lastNs = Long.MIN_VALUE;

    /** Nothing yet. */
    TimeLedger() {}

    /** The two directions as they stand before a packet. */
    record Before(FlowAnalysis forth, FlowAnalysis back, Handshake handshake) {
        /** The round trip from the point of capture to the end that sends a flow. */
        long toSenderNs(FlowAnalysis f) {
            RoundTrips trips = f == forth ? back.roundTrips() : forth.roundTrips();
            long shaken = f == forth ? handshake.toClientNs() : handshake.toServerNs();
            return trips.count() == 0 ? Math.max(0, shaken) : shaken < 0 ? trips.minNs()
                    : Math.min(shaken, trips.minNs());
        }

        FlowAnalysis of(boolean isForth) {
            return isForth ? forth : back;
        }
    }

    /** What the time from {@code ns} to the next packet is spent on, as far as the state before it tells. */
    private Look look(long ns, Before b) {
        if (!b.handshake.isEstablished()) {
            return Look.CONNECTING;
        }
        boolean forth = b.forth.inFlight() > 0;
        boolean back = b.back.inFlight() > 0;
        if (!forth && !back && lastSender == 0) {
            return Look.QUIET;
        }
        FlowAnalysis f = forth && back ? b.of(b.forth.payloadBytes() >= b.back.payloadBytes())
                : b.of(forth || !back && lastSender > 0);
        if (f.inFlight() > 0 && f.isRecovering()) {
            return Look.LOSS;
        }
        if (isShut(f, ns, b)) {
            return f.windows().last() < f.windows().largest() / 2 ? Look.RECEIVER : Look.WINDOW;
        }
        return !f.isDrained() ? Look.NETWORK : f.inFlight() > 0 ? Look.FLIGHT : Look.QUIET;
    }

    /** Whether the window has no room for a full segment. Without a handshake its scale is not known. */
    private static boolean isShut(FlowAnalysis f, long ns, Before b) {
        return f.windows().isClosed() || b.handshake.isScaled() && f.windows().last() >= 0
                && f.room(ns, b.toSenderNs(f)) < Math.min(f.segmentBytes(), f.windows().largest() / 2);
    }

    /**
     * Books the time up to a packet. To be called before the packet changes the directions; {@link #after} follows.
     *
     * @param isForth whether the end that opened sent it
     */
    void before(CapturedSegment s, long ns, long packet, boolean isForth, Before b) {
        long time = lastNs == Long.MIN_VALUE ? 0 : Math.clamp(ns - lastNs, 0, LONGEST_NS);
        Look look = look(Math.max(0, lastNs), b);
        lastNs = Math.max(lastNs, ns);
        switch (look) {
            case CONNECTING -> add(Where.CONNECTING, time);
            case RECEIVER -> add(Where.RECEIVER, time);
            case WINDOW -> add(Where.WINDOW, time);
            case LOSS -> add(Where.LOSS, time);
            case NETWORK -> {
                boolean repairs = repeats(s, b.of(isForth)) && b.of(isForth).inFlight() > 0;
                add(repairs ? Where.LOSS : Where.NETWORK, time);
            }
            case FLIGHT -> {
                if (repeats(s, b.of(isForth)) && b.of(isForth).inFlight() > 0) {
                    add(Where.LOSS, time + openFlightNs);
                    openFlightNs = 0;
                } else {
                    openFlightNs += time;
                }
            }
            case QUIET -> openQuietNs += time;
        }
        boolean speaks = s.payload > 0 || s.has(Tcp.FIN);
        if (speaks && !repeats(s, b.of(isForth))) {
            resolve(ns, packet, isForth, b);
        }
    }

    private static boolean repeats(CapturedSegment s, FlowAnalysis f) {
        return (s.payload > 0 || s.has(Tcp.FIN)) && f.isOld(s.seq);
    }

    /** Somebody sends new data: now it is known who was waited for. */
    private void resolve(long ns, long packet, boolean isForth, Before b) {
        Where sender = isForth ? Where.CLIENT : Where.SERVER;
        if (lastSender == 0) {
            add(sender, openFlightNs + openQuietNs);
        } else {
            FlowAnalysis spoke = b.of(lastSender > 0);
            long rtt = spoke.roundTrips().minNs();
            if (lastSender > 0 != isForth) {
                long network = Math.min(openFlightNs, rtt);
                add(Where.NETWORK, network);
                add(sender, openFlightNs - network + openQuietNs);
            } else if (spoke.inFlight() > 0) {
                add(sender, openFlightNs + openQuietNs);
            } else if (isStall(ns, rtt, spoke, b.of(!isForth))) {
                add(Where.NETWORK, rtt);
                add(Where.NAGLE, openFlightNs - rtt);
                add(sender, openQuietNs);
                stalls.add(packet);
            } else {
                add(Where.NETWORK, openFlightNs);
                add(sender, openQuietNs);
            }
        }
        openFlightNs = 0;
        openQuietNs = 0;
        lastSender = isForth ? 1 : -1;
    }

    /** A short segment waited for an acknowledgment that was late and alone; at once the next one follows. */
    private boolean isStall(long ns, long rtt, FlowAnalysis spoke, FlowAnalysis other) {
        return ackAlone && openFlightNs >= rtt + STALL_NS && openFlightNs >= 2 * rtt
                && ns - spoke.lastAnswerNs() <= AT_ONCE_NS + 2 * other.roundTrips().minNs();
    }

    /** After the packet has changed the directions. */
    void after(CapturedSegment s, boolean isForth) {
        if (lastSender != 0 && lastSender > 0 != isForth) {
            ackAlone = s.payload == 0;
        }
    }

    private void add(Where where, long ns) {
        spent[where.ordinal()] += Math.max(0, ns);
    }

    /** The connection or the capture ends. */
    void end() {
        add(Where.NETWORK, openFlightNs);
        add(Where.IDLE, openQuietNs);
        openFlightNs = 0;
        openQuietNs = 0;
    }

    /** Nanoseconds spent so. */
    public long spentNs(Where where) {
        return spent[where.ordinal()];
    }

    /** All of them. */
    public long totalNs() {
        long sum = 0;
        for (long s : spent) {
            sum += s;
        }
        return sum;
    }

    /** The part spent so, 0…1. */
    public double share(Where where) {
        long total = totalNs();
        return total == 0 ? 0 : (double) spentNs(where) / total;
    }

    /** Waits of Nagle's algorithm for delayed acknowledgments: the packets that were held back. */
    public PacketList stalls() {
        return stalls;
    }
}
