package sluice.core.tcp.segment;

import sluice.base.Rfc;

/** The eleven states of a connection, and which may follow which. */
@Rfc(value = 9293, section = "3.3.2")
public enum TcpState {
    /** No connection. */
    CLOSED,
    /** Waiting for a connection request. */
    LISTEN,
    /** A connection request was sent. */
    SYN_SENT,
    /** A connection request was received and answered. */
    SYN_RECEIVED,
    /** Open. */
    ESTABLISHED,
    /** We closed; our FIN is not acknowledged yet. */
    FIN_WAIT_1,
    /** We closed, the peer has not. */
    FIN_WAIT_2,
    /** The peer closed, we have not. */
    CLOSE_WAIT,
    /** Both closed at once; our FIN is not acknowledged yet. */
    CLOSING,
    /** The peer closed, then we; our FIN is not acknowledged yet. */
    LAST_ACK,
    /** Waiting for old segments to die. */
    TIME_WAIT;

    /**
     * Whether figure 5 of RFC 9293 has an arrow from here to {@code next}; CLOSED is reached from anywhere (abort,
     * reset, time-out).
     */
    public boolean mayBecome(TcpState next) {
        if (next == CLOSED) {
            return true;
        }
        return switch (this) {
            case CLOSED -> next == LISTEN || next == SYN_SENT || next == SYN_RECEIVED || next == ESTABLISHED;
            case LISTEN -> next == SYN_SENT || next == SYN_RECEIVED;
            case SYN_SENT -> next == SYN_RECEIVED || next == ESTABLISHED;
            case SYN_RECEIVED -> next == ESTABLISHED || next == FIN_WAIT_1 || next == CLOSE_WAIT || next == LISTEN;
            case ESTABLISHED -> next == FIN_WAIT_1 || next == CLOSE_WAIT;
            case FIN_WAIT_1 -> next == FIN_WAIT_2 || next == CLOSING || next == TIME_WAIT;
            case FIN_WAIT_2, CLOSING -> next == TIME_WAIT;
            case CLOSE_WAIT -> next == LAST_ACK;
            case LAST_ACK, TIME_WAIT -> false;
        };
    }

    /** Both sides know each other's initial sequence number: every state from ESTABLISHED on. */
    public boolean synchronizedState() {
        return ordinal() >= ESTABLISHED.ordinal();
    }

    /** Whether the application may still queue data. */
    public boolean maySend() {
        return this == ESTABLISHED || this == CLOSE_WAIT;
    }

    /** Whether the peer may still send data. */
    public boolean mayReceive() {
        return this == ESTABLISHED || this == FIN_WAIT_1 || this == FIN_WAIT_2;
    }

    /** As `ss` prints it: "ESTAB", "SYN-SENT", "TIME-WAIT". */
    public String ssName() {
        return switch (this) {
            case CLOSED -> "UNCONN";
            case SYN_RECEIVED -> "SYN-RECV";
            case ESTABLISHED -> "ESTAB";
            case FIN_WAIT_1 -> "FIN-WAIT-1";
            case FIN_WAIT_2 -> "FIN-WAIT-2";
            default -> name().replace('_', '-');
        };
    }

    /** As `netstat` prints it: "ESTABLISHED", "SYN_RECV", "FIN_WAIT1". */
    public String netstatName() {
        return switch (this) {
            case SYN_RECEIVED -> "SYN_RECV";
            case FIN_WAIT_1 -> "FIN_WAIT1";
            case FIN_WAIT_2 -> "FIN_WAIT2";
            case CLOSED -> "CLOSE";
            default -> name();
        };
    }
}
