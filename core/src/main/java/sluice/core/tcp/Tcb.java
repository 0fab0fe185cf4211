package sluice.core.tcp;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Invariant;
import sluice.base.Rfc;
import sluice.core.HostContext;
import sluice.core.Pollable;
import sluice.core.Route;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.congestion.CongestionControl;
import sluice.core.tcp.data.ReassemblyQueue;
import sluice.core.tcp.data.ReceiveBuffer;
import sluice.core.tcp.data.SendBuffer;
import sluice.core.tcp.data.SentSegments;
import sluice.core.tcp.data.WritePieces;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.output.DelayedAck;
import sluice.core.tcp.output.MtuProbing;
import sluice.core.tcp.output.Pacing;
import sluice.core.tcp.output.SendTime;
import sluice.core.tcp.output.WindowAdvertiser;
import sluice.core.tcp.recovery.Congestion;
import sluice.core.tcp.recovery.Recovery;
import sluice.core.tcp.recovery.RttEstimator;
import sluice.core.tcp.timer.TcpTimers;
import sluice.core.tcp.timer.TimerKind;
import sluice.core.tcp.user.AbortCall;
import sluice.core.tcp.user.CloseCall;
import sluice.core.tcp.user.FastOpenCall;
import sluice.core.tcp.user.ReceiveCall;
import sluice.core.tcp.user.SendCall;
import sluice.core.tcp.user.StatusCall;
import sluice.core.trace.ConnectionTracer;

/**
 * Transmission control block: the data of one connection (RFC 9293 section 3.3.1) and the calls an application makes on
 * it (3.10.1–3.10.6).
 *
 * <p>The procedures that work on it are classes of their own (packages input, output, timer, user, recovery); that is
 * why its fields are open to them. Applications use the methods. Only the thread inside the host may touch it.
 */
public final class Tcb extends Pollable implements Connection, TcpTimers.Owner {
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

    public final TcpContext tcp;
    public final HostContext host;
    public final FourTuple tuple;
    /** Tells the host's trace of it. */
    public final ConnectionTracer trace;
    public final SocketOptions options;
    public final SendSequence snd = new SendSequence();
    public final ReceiveSequence rcv = new ReceiveSequence();
    public final SendBuffer sendBuffer;
    public final ReceiveBuffer receiveBuffer;
    public final ReassemblyQueue reassembly = new ReassemblyQueue();
    public final SentSegments sent = new SentSegments();
    public final RttEstimator rtt;
    public final Congestion congestion;
    public final Pacing pacing = new Pacing(this);
    public final Recovery recovery;
    public final TcpTimers timers;
    public final DelayedAck delayedAck;
    public final WindowAdvertiser window;
    public final Ecn ecn = new Ecn();
    /** USER_TIMEOUT. */
    public final UserTimeout userTimeout;
    /** What signs its segments; null when they are not. */
    public @Nullable Authentication authentication;
    public final MtuProbing mtuProbing = new MtuProbing();
    public final SendTime sendTime = new SendTime();
    public final FastOpen fastOpen = new FastOpen();

    private TcpState state = TcpState.CLOSED;
    /** Opened by connect (also when SYNs cross); false when a listener made it (MUST-11). */
    public final boolean activeOpen;
    /** The listener that made it, until it is accepted. */
    public @Nullable Listener listener;
    /** The way to the peer. */
    public @Nullable Route route;

    /** MSS the peer announced (Eff.snd.MSS before path and options), bytes. */
    public int peerMss;
    /** MSS we announced, bytes. */
    public int advertisedMss;
    /** Payload bytes per segment now, options subtracted. */
    public int sendMss;
    /** Bytes that {@link #sendMss} leaves free for the accurate ECN option. */
    public int ecnOptionRoom;
    /** IP packet size {@link #sendMss} was made for. */
    public int pathMtu;
    public boolean sackPermitted;
    public boolean timestamps;
    public boolean windowScaling;
    /** Added to the clock to make TSval. */
    public int timestampOffset;
    /** TS.Recent. */
    public int tsRecent;
    /** When TS.Recent was taken. */
    public long tsRecentNs;
    public boolean tsRecentValid;

    /** The application has closed its sending side; the FIN stands after the last byte of the send buffer. */
    public boolean finQueued;
    public boolean finSent;
    /** The peer's FIN was received and everything before it. */
    public boolean finReceived;
    /** The peer's FIN was seen, at {@link #finSeq}; bytes before it may be missing. */
    public boolean finExpected;
    public int finSeq;
    /** The application will read no more. */
    public boolean readShutdown;
    /** The application has let go of it. */
    public boolean orphan;
    /** Segments go back the way the peer's come: a source route received replaces {@link SocketOptions#ipOptions}. */
    boolean routeFromPeer;
    /** Counts against net.ipv4.tcp_max_orphans. */
    public boolean countedOrphan;
    /** Urgent data is to be sent: SND.UP is ahead of SND.UNA. */
    public boolean urgentToSend;
    /** Urgent data is announced and not read yet. */
    public boolean urgentReceived;
    /** Position of the urgent byte in the receive stream, once known. */
    public long urgentPosition = -1;
    /** The urgent byte, once arrived and not inline: -1 none. */
    public int urgentByte = -1;
    /** Position of the end of the last small segment sent (Minshall's variant of Nagle): a sequence number. */
    public int smallSent;
    public boolean smallSentValid;
    /**
     * Data up to this stream position may leave as an incomplete segment although cork or MSG_MORE held it back:
     * TCP_NODELAY was set since.
     */
    public long releasePosition;
    /** TCP_CORK before the last change of options. */
    public boolean wasCorked;
    /** Somebody waits for the handshake to be over, to write: the last acknowledgment of it goes with that data. */
    public boolean writerWaits;
    /**
     * The last write said that more follows at once; holds an incomplete segment back until an acknowledgment arrives
     * or the cork's time is over.
     */
    public boolean moreFollows;
    /** What the application is told of its writes; null while it never asked. */
    private @Nullable SendReports reports;
    /** SND.UNA when SO_TIMESTAMPING was set: where its keys count from. */
    private int stampBase;
    /** A write found the send buffer full, and there was no room since. */
    public boolean noSpace;
    /** Where the bytes that wait are cut into pieces: by writes, records (MSG_EOR) and sizes. */
    public final WritePieces pieces = new WritePieces();
    /** End of what was pushed last, a position of the send stream. */
    public long pushedUpTo;

    /** An acknowledgment is owed at once. */
    public boolean ackNow;
    /** A zero-window or keepalive probe is to be sent. */
    public boolean probeNow;
    /**
     * One segment of new data is to be sent whatever cwnd says: a tail loss probe, or a zero-window probe with data.
     */
    public boolean probeWithNewData;
    /** The last segment is to be sent again as a tail loss probe. */
    public boolean probeWithTail;
    /** A cork waited long enough. */
    public boolean corkExpired;
    /** A range to report first in the next SACK option (D-SACK). */
    public boolean dsackPending;
    public int dsackLeft;
    public int dsackRight;
    /** Retransmissions of the oldest segment since the last progress. */
    public int retransmits;
    /** Unanswered probes. */
    public int probesOut;
    /** When probing of a closed window began, nanoseconds; 0 while it is open. */
    public long probingSinceNs;
    public int persistBackoff;
    public int keepaliveProbes;
    public long lastReceivedNs;
    public long lastDataReceivedNs;
    public long lastDataSentNs;
    public long lastAckReceivedNs;
    public long establishedNs;
    public long createdNs;
    /** When the last challenge or out-of-window acknowledgment was sent. */
    public long lastInvalidAckNs = Long.MIN_VALUE;
    public @Nullable Errno error;
    public @Nullable Errno softError;

    /** Totals for TcpInfo. */
    public long bytesAcked;
    public long bytesReceived;
    public long bytesSent;
    public long bytesRetransmitted;
    public long segmentsOut;
    public long segmentsIn;
    public long dataSegmentsOut;
    public long dataSegmentsIn;
    public long totalRetransmissions;
    public long dsackDuplicates;
    public long outOfOrderPackets;
    @Rfc(value = 9293, section = "3.9.1.9", req = "MAY-9")
    public int receivedTrafficClass;

    /** Links of the layer's output list. */
    @Nullable Tcb nextOutput;
    boolean onOutputList;

    Tcb(TcpContext tcp, FourTuple tuple, SocketOptions options, boolean activeOpen, CongestionControl control,
            long nowNs) {
        super(tcp.host().ready());
        this.tcp = tcp;
        this.host = tcp.host();
        this.tuple = tuple;
        trace = new ConnectionTracer(host.trace(), tuple);
        this.options = options;
        this.activeOpen = activeOpen;
        sendBuffer = new SendBuffer(host.pool(), tcp.sizes().initialSendBytes(options));
        receiveBuffer = new ReceiveBuffer(host.pool());
        rtt = tcp.sizes().newRttEstimator(options);
        userTimeout = new UserTimeout(host.settings(), options, rtt);
        timers = new TcpTimers(this, tcp.deadlines());
        congestion = new Congestion(this, control);
        recovery = new Recovery(this);
        delayedAck = new DelayedAck(this);
        window = new WindowAdvertiser(this);
        createdNs = nowNs;
        lastReceivedNs = nowNs;
        lastDataReceivedNs = nowNs;
        lastDataSentNs = nowNs;
        lastAckReceivedNs = nowNs;
    }

    // --- state ---

    @Override
    public TcpState state() {
        return state;
    }

    @Override
    public FourTuple tuple() {
        return tuple;
    }

    /** Moves to another state; the only way to. */
    public void become(TcpState next, long nowNs) {
        if (next == state) {
            return;
        }
        Invariant.check(state.mayBecome(next), "no such transition in RFC 9293 figure 5", state.ordinal(),
                next.ordinal());
        trace.became(state, next, nowNs);
        boolean was = counted(state);
        boolean is = counted(next);
        if (was != is) {
            host.counters().add(Counter.TcpCurrEstab, is ? 1 : -1);
        }
        if (next == TcpState.ESTABLISHED) {
            establishedNs = nowNs;
        } else if (next == TcpState.CLOSED && was) {
            count(Counter.TcpEstabResets);
        }
        if (next == TcpState.CLOSED || next == TcpState.TIME_WAIT) {
            recovery.diagnosis().settle(true, nowNs);
        }
        state = next;
    }

    /** Begins in SYN-RECEIVED: no change for the trace, to which the half-open connection told it. */
    void beginReceived() {
        state = TcpState.SYN_RECEIVED;
    }

    private static boolean counted(TcpState s) {
        return s == TcpState.ESTABLISHED || s == TcpState.CLOSE_WAIT;
    }

    /** Counts. */
    public void count(Counter counter) {
        host.counters().increment(counter);
    }

    // --- the bridge between 32-bit numbers and 64-bit positions ---

    /** Sequence number of a position of the send stream. */
    public int sendSeq(long position) {
        return snd.iss + 1 + (int) position;
    }

    /** Position in the send stream of a sequence number near SND.UNA. */
    public long sendPosition(int seq) {
        return sendBuffer.start() + (seq - sendSeq(sendBuffer.start()));
    }

    /** Position in the receive stream of a sequence number near RCV.NXT; meaningless once the FIN was counted. */
    public long receivePosition(int seq) {
        return receiveBuffer.nextPosition() + (seq - rcv.nxt);
    }

    /** Sequence number of a position of the receive stream. */
    public int receiveSeq(long position) {
        return rcv.irs + 1 + (int) position;
    }

    /** Bytes written and not sent yet. */
    public int unsentBytes() {
        long next = sendPosition(snd.nxt);
        return (int) Math.max(0, sendBuffer.end() - next);
    }

    /** Whether anything new waits to be sent: bytes, or the FIN. */
    public boolean hasUnsent() {
        return unsentBytes() > 0 || finDue();
    }

    /** Whether our FIN is to be sent after the data: it waits for the end of the handshake. */
    public boolean finDue() {
        return finQueued && !finSent && state != TcpState.SYN_RECEIVED;
    }

    /** The millisecond clock of the timestamps option, with this connection's offset. */
    public int timestampClock(long nowNs) {
        return (int) (nowNs / 1_000_000) + timestampOffset;
    }

    /** A segment came by a source route: where the application chose none, ours go back over it from now on. */
    @Rfc(value = 9293, section = "3.9.2.1", req = {"MUST-52", "SHLD-24"})
    public void takeSourceRoute(byte[] reversed, long nowNs) {
        if (routeFromPeer && !java.util.Arrays.equals(reversed, options.ipOptions)) {
            options.ipOptions = reversed;
            sluice.core.tcp.output.PathMtu.sync(this, nowNs);
        }
    }

    @Override
    public void onTimeout(TimerKind kind, long nowNs) {
        tcp.procedures().onTimeout(this, kind, nowNs);
    }

    // --- readiness ---

    @Override
    public int readiness() {
        int r = 0;
        if (error != null) {
            r |= ERROR | READABLE | WRITABLE;
        }
        if (reports != null && !reports.isEmpty()) {
            r |= ERROR;
        }
        if (state == TcpState.CLOSED) {
            return r | READABLE | WRITABLE | HANGUP | READ_HANGUP;
        }
        boolean readOver = finReceived || readShutdown;
        if (readOver
                || receiveBuffer.available() >= Math.max(1, Math.min(options.receiveLowatBytes, window.limitBytes()))) {
            r |= READABLE;
        }
        if (readOver) {
            r |= READ_HANGUP;
        }
        if (readOver && finQueued) {
            r |= HANGUP;
        }
        if (urgentReceived && urgentByte >= 0) {
            r |= URGENT;
        }
        if (maySend() && !finQueued && SendCall.writable(this) || finQueued || fastOpen.deferred) {
            r |= WRITABLE;
        }
        return r;
    }

    /** Puts this connection on the list of those that may have something to send. */
    public void wantOutput() {
        tcp.output().add(this);
    }

    /** Owes an acknowledgment at once. */
    public void acknowledgeNow() {
        ackNow = true;
        wantOutput();
    }

    // --- the application's calls ---

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
     * @return bytes taken; 0 when the buffer is full (or the handshake is not over: bytes may be queued then too)
     * @throws sluice.base.ErrnoException EPIPE after shutdown, the connection's error once, ENOTCONN
     */
    public int send(MemorySegment source, long offset, int length, int flags, long nowNs) {
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

    /** SND.NXT moved. */
    public void reportSent(long nowNs) {
        if (reports != null) {
            reports.sent(snd.nxt, nowNs);
            signalReady();
        }
    }

    /** SND.UNA moved. */
    public void reportAcknowledged(long nowNs) {
        if (reports != null) {
            reports.acknowledged(snd.una, nowNs);
            signalReady();
        }
    }

    /** Nothing more will be sent. */
    public void reportDropped() {
        if (reports != null) {
            reports.dropped();
        }
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

    /** Bytes that can be read now. */
    public int available() {
        return receiveBuffer.available();
    }

    /** Readable bytes in place, or null; valid until the next call on this connection. */
    public @Nullable MemorySegment readable() {
        return receiveBuffer.readable();
    }

    /** Takes bytes seen through {@link #readable}. */
    public void consume(int bytes, long nowNs) {
        ReceiveCall.consume(this, bytes, nowNs);
    }

    /**
     * Room to fill in place, 1…{@code wanted} bytes, or null when the send buffer is full or closed; then {@link
     * #commit}.
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

    /** Whether data may flow: the handshake is over, or Fast Open does not wait for its end. */
    public boolean isEstablished() {
        return state.synchronizedState() || fastOpen.handshakePending();
    }

    /** Whether the application may still queue data. */
    public boolean maySend() {
        return state.maySend() || state == TcpState.SYN_RECEIVED && fastOpen.handshakePending();
    }

    /** Whether nothing but the handshake can happen now. */
    public boolean inHandshake() {
        return state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED && !fastOpen.handshakePending();
    }

    /** The live options, to be read; {@link #change} changes them. */
    public SocketOptions options() {
        return options;
    }

    /** TCP_NODELAY: switching it on sends what waits, also under cork, and even when it was on. */
    public void noDelay(boolean on, long nowNs) {
        if (on) {
            releasePosition = sendBuffer.end();
        }
        change(o -> o.noDelay = on, nowNs);
    }

    /**
     * Changes options and applies them: sends what Nagle held, starts or stops keepalive, resizes buffers, selects the
     * congestion control.
     *
     * @throws sluice.base.ErrnoException ENOENT when there is no such congestion control
     */
    public void change(Consumer<? super SocketOptions> change, long nowNs) {
        change.accept(options);
        StatusCall.optionsChanged(this, nowNs);
    }

    @Override
    public String toString() {
        return state.ssName() + " " + tuple;
    }
}
