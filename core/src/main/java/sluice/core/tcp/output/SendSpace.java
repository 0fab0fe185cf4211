package sluice.core.tcp.output;

import sluice.base.Rfc;
import sluice.core.Setting;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.congestion.Congestion;

/** Room for what an application writes: the size of the send buffer, and when it may be told that it can write. */
@Rfc(value = 9293, section = "3.10.2")
public final class SendSpace {
    /** Of a buffer on Linux (tcp_sndbuf_expand): headers and the end of its data; its descriptor. */
    private static final int SEGMENT_OVERHEAD = 640;
    private static final int DESCRIPTOR = 256;
    /** SOCK_MIN_SNDBUF. */
    private static final int LEAST_BUFFER = 4608;

    private SendSpace() {}

    /**
     * Whether an application should be told that it can write: a third of the buffer is free and not too much is
     * unsent.
     */
    public static boolean writable(Tcb t) {
        if (t.inHandshake() || t.waitsForMemory()) {
            return false;
        }
        grow(t);
        return t.sendBuffer.room() >= Math.max(1, t.sendBuffer.limitBytes() / 3) && 2L * t.unsentBytes() < lowat(t);
    }

    /** TCP_NOTSENT_LOWAT: bytes that may wait to be sent. */
    public static long lowat(Tcb t) {
        return t.options.notSentLowatBytes > 0 ? t.options.notSentLowatBytes
                : t.host.settings().get(Setting.TCP_NOTSENT_LOWAT);
    }

    /**
     * There was no memory for a write: the buffer shrinks to half of what is in it, so that the writer is told when
     * that is acknowledged (sk_stream_moderate_sndbuf); with nothing in it, when somebody gives memory back.
     */
    public static void refused(Tcb t) {
        t.noSpace = true;
        if (t.sendBuffer.size() == 0) {
            t.awaitMemory();
        } else if (t.options.sendBufferBytes == 0) {
            int half = Math.max(t.sendBuffer.size() / 2, LEAST_BUFFER);
            t.sendBuffer.limitBytes(Math.min(t.sendBuffer.limitBytes(), half));
        }
    }

    /**
     * Autotuning, within tcp_wmem: room for a multiple of the congestion window, each segment reckoned with what
     * Linux's buffers cost. What was reported by SACK stays in the buffer until holes before it are filled; a buffer of
     * two windows of payload stopped the sender there.
     */
    public static void grow(Tcb t) {
        if (t.options.sendBufferBytes > 0 || !t.isEstablished()) {
            return;
        }
        int perSegment = (Integer.highestOneBit(t.sendMss + SEGMENT_OVERHEAD - 1) << 1) + DESCRIPTOR;
        int segments = Math.max(Math.max(t.congestion.cwndSegments(), Congestion.INITIAL_CWND),
                t.recovery().reordering() + 1);
        long wanted = (long) t.congestion.control().sendBufferWindows() * segments * perSegment;
        long max = t.host.settings().get(Setting.TCP_WMEM, 2);
        if (wanted > t.sendBuffer.limitBytes() && t.memory.budget().mayGrow()) {
            t.sendBuffer.limitBytes((int) Math.min(wanted, max));
        }
    }
}
