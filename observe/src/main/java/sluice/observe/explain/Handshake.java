package sluice.observe.explain;

import sluice.observe.capture.CapturedSegment;
import sluice.wire.Tcp;

/** How a connection began: who opened it, what was agreed, how long it took. */
public final class Handshake {
    /** What one end's SYN offered. */
    public static final class Offer {
        private boolean seen;
        private int mss = -1;
        private int shift = -1;
        private boolean sack;
        private boolean timestamps;
        private boolean ecn;

        /** Not seen yet. */
        Offer() {}

        private void read(CapturedSegment s) {
            seen = true;
            mss = s.mss;
            shift = s.shift;
            sack = s.sackPermitted;
            timestamps = s.hasTimestamps;
            ecn = s.has(Tcp.ECE);
        }

        /** Whether its SYN was captured. */
        public boolean isSeen() {
            return seen;
        }

        /** Maximum segment size, bytes; -1 without. */
        public int mss() {
            return mss;
        }

        /** Window scale; -1 without. */
        public int shift() {
            return shift;
        }

        /** Whether SACK is permitted. */
        public boolean sack() {
            return sack;
        }

        /** Whether it has timestamps. */
        public boolean timestamps() {
            return timestamps;
        }

        /** Whether ECN is offered or accepted. */
        public boolean ecn() {
            return ecn;
        }
    }

    private final Offer client = new Offer();
    private final Offer server = new Offer();
    private final PacketList syns = new PacketList();
    private final PacketList synAcks = new PacketList();
    private long firstSynNs = -1;
    private long lastSynNs;
    private long synAckNs = -1;
    private long lastSynAckNs;
    private long establishedNs = -1;
    private long establishedPacket;
    private boolean answeredBySyn;

    /** Nothing seen. */
    Handshake() {}

    /** A packet passes; {@code isForth} when the end that sent the first packet sent it. */
    void packet(CapturedSegment s, long ns, long packet, boolean isForth) {
        if (s.has(Tcp.SYN) && !s.has(Tcp.ACK)) {
            syns.add(packet);
            (isForth ? client : server).read(s);
            firstSynNs = firstSynNs < 0 ? ns : firstSynNs;
            lastSynNs = ns;
            answeredBySyn |= !isForth;
        } else if (s.has(Tcp.SYN)) {
            synAcks.add(packet);
            (isForth ? client : server).read(s);
            synAckNs = synAckNs < 0 ? ns : synAckNs;
            lastSynAckNs = ns;
        } else if (establishedNs < 0 && !s.has(Tcp.RST) && (synAckNs >= 0 || syns.count() == 0 || s.payload > 0)) {
            establishedNs = ns;
            establishedPacket = packet;
        }
    }

    /** Whether the beginning was captured. */
    public boolean isSeen() {
        return syns.count() > 0 || synAcks.count() > 0;
    }

    /** Whether it was completed, or was before the capture began. */
    public boolean isEstablished() {
        return establishedNs >= 0;
    }

    /** Whether windows are scaled, and the capture tells so. */
    public boolean isScaled() {
        return client.shift >= 0 && server.shift >= 0;
    }

    /** Whether both SYNs were captured, so that options are known. */
    public boolean isWhole() {
        return client.seen && server.seen;
    }

    /** What the end that opened offered. */
    public Offer client() {
        return client;
    }

    /** What the other end answered. */
    public Offer server() {
        return server;
    }

    /** SYNs without ACK. */
    public PacketList syns() {
        return syns;
    }

    /** SYNs with ACK. */
    public PacketList synAcks() {
        return synAcks;
    }

    /** From the first SYN to the end of the handshake, nanoseconds; -1 when one of them was not seen. */
    public long durationNs() {
        return firstSynNs < 0 || establishedNs < 0 ? -1 : Math.max(0, establishedNs - firstSynNs);
    }

    /** From the last SYN to its answer: the round trip from the point of capture to the server; -1 when not known. */
    long toServerNs() {
        return synAckNs < 0 || syns.count() == 0 || syns.count() > 1 && synAckNs < lastSynNs ? -1
                : Math.max(0, synAckNs - lastSynNs);
    }

    /** From the answer to its acknowledgment: the round trip to the client; -1 when not known. */
    long toClientNs() {
        return synAckNs < 0 || establishedNs < 0 || synAcks.count() > 1 ? -1
                : Math.max(0, establishedNs - lastSynAckNs);
    }

    long firstSynNs() {
        return firstSynNs;
    }

    long lastSynNs() {
        return lastSynNs;
    }

    long synAckNs() {
        return synAckNs;
    }

    long establishedPacket() {
        return establishedPacket;
    }

    /** Whether both ends opened at once. */
    public boolean isSimultaneous() {
        return answeredBySyn;
    }
}
