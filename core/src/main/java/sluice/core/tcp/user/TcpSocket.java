package sluice.core.tcp.user;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.TcpContext;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.data.SendReports;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.output.SendSpace;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;

/**
 * A connection as its application sees it: the calls of RFC 9293 sections 3.10.2 to 3.10.6, its readiness, its options.
 * Everything else that it has is for the procedures below.
 *
 * <p>Only the thread inside the host may call it.
 */
public final class TcpSocket extends Tcb {
    /** Take the data and leave it there too (MSG_PEEK). */
    public static final int FLAG_PEEK = 2;
    /** Urgent data (MSG_OOB). */
    public static final int FLAG_URGENT = 1;
    /** More follows at once: hold back an incomplete segment (MSG_MORE). */
    @Rfc(value = 9293, section = "3.9.1.2", req = "MAY-15")
    public static final int FLAG_MORE = 0x8000;
    /** End of record: later data never shares a segment with this (MSG_EOR). */
    public static final int FLAG_END_OF_RECORD = 0x80;
    /**
     * MSG_ZEROCOPY: with {@link SocketOptions#zeroCopy} the bytes are not copied; they must stay, and stay the same,
     * until {@link SendReports} says so or they are acknowledged.
     */
    public static final int FLAG_ZEROCOPY = 0x400_0000;

    /** SND.UNA when SO_TIMESTAMPING was set: where its keys count from. */
    private int stampBase;

    /** A connection in CLOSED. */
    public TcpSocket(TcpContext tcp, FourTuple tuple, SocketOptions options, boolean activeOpen, Negotiated agreed,
            long nowNs) {
        super(tcp, tuple, options, activeOpen, agreed, nowNs);
    }

    /**
     * Bytes that the last super-segment waiting to be sent still takes, or a new one where it is full. Who sends with
     * {@link #FLAG_ZEROCOPY} hands over so many at a time: what lies in one piece is never gathered.
     */
    public int pieceRoom() {
        return SendCall.pieceRoom(this);
    }

    /**
     * SEND: queues bytes of native memory.
     *
     * @param flags {@link #FLAG_URGENT}, {@link #FLAG_MORE}, {@link #FLAG_END_OF_RECORD}, {@link #FLAG_ZEROCOPY}
     * @return bytes taken; 0 when the buffer is full (or the handshake is not over: bytes may be queued then too), or
     * when the host has no memory left: wait for WRITABLE
     * @throws sluice.base.ErrnoException EPIPE after shutdown, the connection's error once, ENOTCONN
     */
    public int send(MemorySegment source, long offset, int length, int flags, long nowNs) {
        return SendCall.send(this, source, offset, length, flags, nowNs);
    }

    /** The same from an array, which is copied. */
    public int send(byte[] source, int offset, int length, int flags, long nowNs) {
        return SendCall.send(this, source, offset, length, flags, nowNs);
    }

    /**
     * SEND with Fast Open (MSG_FASTOPEN): the first bytes of the stream go with the SYN, as many as fit, if there is a
     * cookie for the server or none is needed; else the SYN asks for a cookie and no bytes are taken. For a connection
     * that has just been opened and whose SYN is not out: right after connect, or when TCP_FASTOPEN_CONNECT holds it
     * back.
     *
     * @param data the bytes; null for none
     * @return bytes taken; the rest is to be sent once the handshake is over
     * @throws sluice.base.ErrnoException EOPNOTSUPP when net.ipv4.tcp_fastopen does not allow it, EALREADY when the SYN
     * is out, EISCONN when the handshake is over
     */
    public int sendWithSyn(@Nullable MemorySegment data, long offset, int length, long nowNs) {
        return FastOpenCall.send(this, data, offset, length, nowNs);
    }

    /**
     * A call of the application that wrote {@code bytes} is over: notes what it wants to be told of them.
     *
     * @param zeroCopy the call said MSG_ZEROCOPY; means nothing without SO_ZEROCOPY
     */
    public void wrote(int bytes, boolean zeroCopy, long nowNs) {
        boolean memory = zeroCopy && options.zeroCopy;
        if (bytes == 0 || !memory && options.sendTimestamps == 0) {
            return;
        }
        SendReports r = reports == null ? new SendReports() : reports;
        reports = r;
        int end = sendSeq(sendBuffer.end());
        if (memory) {
            r.zeroCopy(end);
        }
        if (options.sendTimestamps != 0) {
            r.stamp(end, options.sendTimestamps, end - 1 - stampBase);
        }
        reportSent(nowNs);
        reportAcknowledged(nowNs);
    }

    /** SO_TIMESTAMPING: which of {@link SendReports}' stamps are wanted from now on; keys count from here. */
    public void sendTimestamps(int stamps) {
        options.sendTimestamps = stamps;
        stampBase = snd.una;
    }

    /** What is to be read of the fate of writes (MSG_ERRQUEUE); null while the application never asked for it. */
    public @Nullable SendReports reports() {
        return reports;
    }

    /**
     * RECEIVE: copies what has arrived in order into native memory.
     *
     * @param flags {@link #FLAG_PEEK}, {@link #FLAG_URGENT}
     * @return bytes, 0 when nothing is there now, -1 at the end of the stream
     * @throws sluice.base.ErrnoException the connection's error once (ECONNRESET, ETIMEDOUT…)
     */
    public int receive(MemorySegment target, long offset, int length, int flags, long nowNs) {
        return ReceiveCall.receive(this, target, offset, length, flags, nowNs);
    }

    /** The same into an array, without flags. */
    public int receive(byte[] target, int offset, int length, long nowNs) {
        return ReceiveCall.receive(this, target, offset, length, nowNs);
    }

    /** Payload bytes of a segment now (tcpi_snd_mss); 0 before a route was found. */
    public int segmentBytes() {
        return sendMss;
    }

    /** Whether the application has let go of it ({@link #close}). */
    public boolean isReleased() {
        return orphan;
    }

    /** Bytes that can be read now. */
    public int available() {
        return receiveBuffer.available();
    }

    /**
     * Bytes that reads without urgent data return: those before the urgent byte, unless it is in line (FIONREAD, as
     * tcp_inq of Linux).
     */
    public int availableBeforeUrgent() {
        long before = urgent.position() - receiveBuffer.readPosition();
        boolean inReach = urgent.position() >= 0 && before >= 0 && before < available();
        return inReach && !options.oobInline ? (int) before : available();
    }

    /** Readable bytes in place, or null; valid until the next call on this connection. */
    public @Nullable MemorySegment readable() {
        return ReceiveCall.readable(this);
    }

    /** Takes bytes seen through {@link #readable}. */
    public void consume(int bytes, long nowNs) {
        ReceiveCall.consume(this, bytes, nowNs);
    }

    /**
     * Room to fill in place, 1…{@code wanted} bytes, or null when the send buffer is full or closed or the host has no
     * memory left; then {@link #commit}.
     */
    public @Nullable MemorySegment writable(int wanted) {
        return SendCall.writableRegion(this, wanted);
    }

    /** Queues the first {@code bytes} of what {@link #writable} gave. */
    public void commit(int bytes, int flags, long nowNs) {
        SendCall.commit(this, bytes, flags, nowNs);
    }

    /** Half-close: a FIN follows the queued bytes. */
    public void shutdownWrite(long nowNs) {
        CloseCall.shutdownWrite(this, nowNs);
    }

    /** Reads return end-of-stream from now on. */
    public void shutdownRead(long nowNs) {
        CloseCall.shutdownRead(this, nowNs);
    }

    /** CLOSE, and the application lets go: lingers, or resets when data would be lost unseen. */
    public void close(long nowNs) {
        CloseCall.close(this, nowNs);
    }

    /** ABORT: a RST, and everything is forgotten. */
    public void abort(long nowNs) {
        AbortCall.abort(this, nowNs);
    }

    /** STATUS. */
    public TcpInfo info(long nowNs) {
        return StatusCall.info(this, nowNs);
    }

    /** Takes the pending error, hard or soft (SO_ERROR); null when there is none. */
    @Rfc(value = 9293, section = "3.9.1.8", req = "MUST-47")
    public @Nullable Errno takeError() {
        Errno e = error;
        if (e != null) {
            error = null;
            return e;
        }
        e = softError;
        softError = null;
        return e;
    }

    /** TCP_NODELAY: switching it on sends what waits, also under cork, and even when it was on. */
    public void noDelay(boolean on, long nowNs) {
        if (on) {
            nagle.releasePosition = sendBuffer.end();
        }
        change(o -> o.noDelay = on, nowNs);
    }

    /**
     * Changes options and applies them: sends what Nagle held, starts or stops keepalive, resizes buffers, selects the
     * congestion control.
     *
     * @throws sluice.base.ErrnoException ENOENT when there is no such congestion control, EPERM when
     * net.ipv4.tcp_allowed_congestion_control does not name it
     */
    public void change(Consumer<? super SocketOptions> change, long nowNs) {
        change.accept(options);
        StatusCall.optionsChanged(this, nowNs);
    }

    @Override
    public int readiness() {
        int r = 0;
        if (error != null) {
            r |= ERROR | READABLE | WRITABLE;
        }
        if (reports != null && !reports.isEmpty()) {
            r |= ERROR;
        }
        if (state() == TcpState.CLOSED) {
            return r | READABLE | WRITABLE | HANGUP | READ_HANGUP;
        }
        boolean readOver = fin.received || readShutdown;
        if (readOver || enoughToRead()) {
            r |= READABLE;
        }
        if (readOver) {
            r |= READ_HANGUP;
        }
        if (readOver && fin.queued) {
            r |= HANGUP;
        }
        if (urgent.received() && urgent.octet() >= 0) {
            r |= URGENT;
        }
        if (maySend() && !fin.queued && SendSpace.writable(this) || fin.queued || fastOpen.deferred) {
            r |= WRITABLE;
        }
        return r;
    }

    /**
     * SO_RCVLOWAT bytes, or less when the window is about closed: the rest would not come. As tcp_epollin_ready of
     * Linux. The urgent byte, when it is the next one and not inline, is none that a read returns.
     */
    private boolean enoughToRead() {
        int available = receiveBuffer.available() - (urgentByteIsNext() ? 1 : 0);
        return available >= Math.max(1, Math.min(options.receiveLowatBytes, window.limitBytes()))
                || available > 0 && rcv.windowLeft() <= delayedAck.receiveMss();
    }

    private boolean urgentByteIsNext() {
        return !options.oobInline && urgent.octet() >= 0 && urgent.position() == receiveBuffer.readPosition();
    }
}
