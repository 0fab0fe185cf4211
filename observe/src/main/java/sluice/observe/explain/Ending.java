package sluice.observe.explain;

import sluice.observe.capture.CapturedSegment;
import sluice.wire.Tcp;

/** How a connection ended: who closed, who reset, and what the reset was an answer to. */
public final class Ending {
    private static final long AT_ONCE_NS = 20_000_000L;

    /** In which way. */
    public enum How {
        /** Not before the capture ended. */
        OPEN,
        /** Both ends closed. */
        CLOSED,
        /** The end that opened closed, the other did not. */
        CLOSED_BY_CLIENT,
        /** The other end closed, the one that opened did not. */
        CLOSED_BY_SERVER,
        /** A reset. */
        RESET,
        /** A SYN was answered by a reset. */
        REFUSED,
        /** SYNs were never answered. */
        NO_ANSWER
    }

    /** Why a reset may have been sent. */
    public enum Reason {
        /** Not told by the capture. */
        UNKNOWN("the program aborted the connection: closed it with data unread, or with SO_LINGER 0"),
        /** Data came to an end that had closed. */
        DATA_AFTER_CLOSE("data came after that end had closed: nobody was there to read it"),
        /** The segment was of no connection that the end knows. */
        NO_SUCH_CONNECTION("that end knows nothing of the connection (restarted, timed out, or a wrong address)"),
        /** Nothing was heard of the peer. */
        GAVE_UP("that end gave up after retransmissions that nobody answered"),
        /** Both ends had closed. */
        AFTER_CLOSE("the connection was over: nothing was lost"),
        /** The hop count differs from that of the end. */
        SOMEBODY_ELSE("its hop count is not that of the end it names: a firewall or proxy between sent it");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** In words. */
        public String words() {
            return words;
        }
    }

    private boolean clientFin;
    private boolean serverFin;
    private long clientFinNs;
    private long serverFinNs;
    private long clientFinPacket;
    private long serverFinPacket;
    private boolean reset;
    private boolean resetByClient;
    private long resetPacket;
    private long resetNs;
    private Reason reason = Reason.UNKNOWN;
    private long lostWithReset;
    private boolean dataAfterClientFin;
    private boolean dataAfterServerFin;
    private int lastAck;
    private long lastNs;
    private boolean lastHadAck;
    private boolean lastForth;

    /** Not yet. */
    Ending() {}

    /** A packet passes, before the directions hear of it. */
    void packet(CapturedSegment s, long ns, long packet, boolean isForth, TimeLedger.Before b) {
        if (s.has(Tcp.FIN)) {
            if (isForth && !clientFin) {
                clientFin = true;
                clientFinNs = ns;
                clientFinPacket = packet;
            } else if (!isForth && !serverFin) {
                serverFin = true;
                serverFinNs = ns;
                serverFinPacket = packet;
            }
        }
        dataAfterClientFin |= !isForth && s.payload > 0 && clientFin;
        dataAfterServerFin |= isForth && s.payload > 0 && serverFin;
        if (s.has(Tcp.RST) && !reset) {
            reset = true;
            resetByClient = isForth;
            resetPacket = packet;
            resetNs = ns;
            lostWithReset = Math.max(0, b.forth().inFlight()) + Math.max(0, b.back().inFlight());
            reason = why(s, ns, isForth, b);
        }
        if (!s.has(Tcp.RST)) {
            lastAck = s.ack;
            lastHadAck = s.has(Tcp.ACK);
            lastForth = isForth;
            lastNs = ns;
        }
    }

    private Reason why(CapturedSegment s, long ns, boolean isForth, TimeLedger.Before b) {
        FlowAnalysis f = b.of(isForth);
        if (f.hops() >= 0 && Math.abs(f.hops() - s.hops) > 1) {
            return Reason.SOMEBODY_ELSE;
        }
        if (clientFin && serverFin && b.forth().inFlight() <= 0 && b.back().inFlight() <= 0) {
            return Reason.AFTER_CLOSE;
        }
        if (isForth ? clientFin && dataAfterClientFin : serverFin && dataAfterServerFin) {
            return Reason.DATA_AFTER_CLOSE;
        }
        boolean answers = lastForth != isForth && lastHadAck && ns - lastNs < AT_ONCE_NS;
        if (answers && !s.has(Tcp.ACK) && s.seq == lastAck) {
            return Reason.NO_SUCH_CONNECTION;
        }
        if (f.retransmissions().stuckCopies() >= 3 || f.keepAlives().count() >= 3
                && f.lastAnswerNs() < f.lastSentNs()) {
            return Reason.GAVE_UP;
        }
        return Reason.UNKNOWN;
    }

    /** In which way it ended. */
    How how(Handshake h) {
        if (reset) {
            return h.isEstablished() ? How.RESET : How.REFUSED;
        }
        if (!h.isEstablished() && h.synAcks().count() == 0) {
            return How.NO_ANSWER;
        }
        return clientFin && serverFin ? How.CLOSED : clientFin ? How.CLOSED_BY_CLIENT
                : serverFin ? How.CLOSED_BY_SERVER : How.OPEN;
    }

    /** Whether there was a reset. */
    public boolean isReset() {
        return reset;
    }

    /** Whether the end that opened sent it. */
    public boolean isResetByClient() {
        return resetByClient;
    }

    /** The reset, counted from 1. */
    public long resetPacket() {
        return resetPacket;
    }

    long resetNs() {
        return resetNs;
    }

    /** Why, as far as the capture tells. */
    public Reason reason() {
        return reason;
    }

    /** Bytes sent and not acknowledged when it came. */
    public long lostWithReset() {
        return lostWithReset;
    }

    /** When the end that opened closed, and with which packet; 0 when it did not. */
    long finPacket(boolean client) {
        return client ? clientFinPacket : serverFinPacket;
    }

    long finNs(boolean client) {
        return client ? clientFinNs : serverFinNs;
    }

    /** Who closed first: 1 the end that opened, -1 the other, 0 nobody. */
    public int closedFirst() {
        return !clientFin && !serverFin ? 0 : clientFin && (!serverFin || clientFinNs <= serverFinNs) ? 1 : -1;
    }
}
