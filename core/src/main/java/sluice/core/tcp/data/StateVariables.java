package sluice.core.tcp.data;

import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.base.Time;
import sluice.core.HostContext;
import sluice.core.IpOutput;
import sluice.core.MemoryBudget;
import sluice.core.Pollable;
import sluice.core.Route;
import sluice.core.SocketMemory;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.fastopen.FastOpen;
import sluice.core.tcp.segment.FourTuple;
import sluice.core.tcp.segment.TcpState;
import sluice.core.trace.ConnectionTracer;

/**
 * The key connection state variables of RFC 9293 section 3.3.1, and the other data that is everybody's: sequences,
 * buffers, the scoreboard, timers, what was agreed, what is owed, totals. Everything that works for a connection may
 * know them; they know nothing that works on them. A whole connection is a {@link Tcb}.
 */
@Rfc(value = 9293, section = "3.3.1")
public abstract class StateVariables extends Pollable implements TcpTimers.Owner, MemoryBudget.Waiter {
    public final HostContext host;
    public final FourTuple tuple;
    /** Tells the host's trace of it. */
    public final ConnectionTracer trace;
    public final SocketOptions options;
    /** What the SYNs agreed on. */
    public final Negotiated agreed;
    public final SendSequence snd;
    public final ReceiveSequence rcv = new ReceiveSequence();
    public final SendBuffer sendBuffer;
    public final ReceiveBuffer receiveBuffer;
    public final ReassemblyQueue reassembly;
    public final SentSegments sent;
    /** What it holds of TCP's memory. */
    public final SocketMemory memory;
    public final RttEstimator rtt;
    public final TcpTimers timers;
    /** USER_TIMEOUT. */
    public final UserTimeout userTimeout;
    /** What signs its segments; null when they are not. */
    public @Nullable Authentication authentication;
    public final FastOpen fastOpen = new FastOpen();
    public final Probes probes = new Probes();
    public final Nagle nagle = new Nagle();
    public final Fins fin = new Fins();
    public final Urgent urgent = new Urgent();
    public final DuplicateReport dsack = new DuplicateReport();
    public final Totals totals = new Totals();

    private TcpState state = TcpState.CLOSED;
    /** Opened by connect (also when SYNs cross); false when a listener made it (MUST-11). */
    public final boolean activeOpen;
    /** The way to the peer. */
    public @Nullable Route route;

    /** Payload bytes per segment now, options subtracted. */
    public int sendMss;
    /** Bytes that {@link #sendMss} leaves free for the accurate ECN option. */
    public int ecnOptionRoom;
    /** IP packet size {@link #sendMss} was made for. */
    public int pathMtu;
    /** The path carries less than that: no DF, unless {@link #options} want it always. */
    public boolean pathMtuLocked;
    /** When {@link #pathMtu} is to be asked for again. */
    public long pathMtuUntilNs = Time.NEVER;
    /** TS.Recent. */
    public int tsRecent;
    /** When TS.Recent was taken. */
    public long tsRecentNs;
    public boolean tsRecentValid;

    /** The application will read no more. */
    public boolean readShutdown;
    /** The application has let go of it. */
    public boolean orphan;
    /** Somebody waits for the handshake to be over, to write: the last acknowledgment of it goes with that data. */
    public boolean writerWaits;
    /** What the application is told of its writes; null while it never asked. */
    protected @Nullable SendReports reports;
    /** A write found no memory while nothing of ours waits to be acknowledged: told when there may be some. */
    private boolean waitsForMemory;
    /** A write found the send buffer full, and there was no room since. */
    public boolean noSpace;
    /** Where the bytes that wait are cut into pieces: by writes, records (MSG_EOR) and sizes. */
    public final WritePieces pieces = new WritePieces();

    /** An acknowledgment is owed at once. */
    public boolean ackNow;
    /** SYNs crossed, and the SYN-ACK that answers the peer's is still to leave. */
    public boolean synAckDue;
    /** Retransmissions of the oldest segment since the last progress. */
    public int retransmits;
    public long lastReceivedNs;
    public long lastDataReceivedNs;
    public long lastDataSentNs;
    public long lastAckReceivedNs;
    public long establishedNs;
    public long createdNs;
    /** When the last challenge or out-of-window acknowledgment was sent. */
    public long lastInvalidAckNs = Time.NEVER;
    public @Nullable Errno error;
    public @Nullable Errno softError;

    @Rfc(value = 9293, section = "3.9.1.9", req = "MAY-9")
    public int receivedTrafficClass;

    private final TcpServices services;

    /** Those of a connection in CLOSED. */
    protected StateVariables(TcpServices services, FourTuple tuple, SocketOptions options, boolean activeOpen,
            Negotiated agreed, long nowNs) {
        super(services.host().ready());
        this.services = services;
        host = services.host();
        this.tuple = tuple;
        trace = new ConnectionTracer(host.trace(), tuple);
        this.options = options;
        this.activeOpen = activeOpen;
        this.agreed = agreed;
        snd = new SendSequence(agreed);
        memory = SocketMemory.tcp(host.memory());
        sendBuffer = new SendBuffer(memory.send(), services.sizes().initialSendBytes(options));
        receiveBuffer = new ReceiveBuffer(memory.receive());
        reassembly = new ReassemblyQueue(memory.receive());
        sent = new SentSegments(services.spareSegments(), memory.send());
        rtt = services.sizes().newRttEstimator(options);
        userTimeout = new UserTimeout(host.settings(), options, rtt);
        timers = new TcpTimers(this, services.deadlines());
        createdNs = nowNs;
        lastReceivedNs = nowNs;
        lastDataReceivedNs = nowNs;
        lastDataSentNs = nowNs;
        lastAckReceivedNs = nowNs;
    }

    /** IP below. */
    public IpOutput ip() {
        return services.ip();
    }

    /** Sizes by the settings. */
    public BufferSizes sizes() {
        return services.sizes();
    }

    // --- state ---

    /** The state. */
    public TcpState state() {
        return state;
    }

    /** The state is another one from now on. */
    protected void enter(TcpState next) {
        state = next;
    }

    /** The four-tuple. */
    public FourTuple tuple() {
        return tuple;
    }

    /** Puts this connection on the list of those that may have something to send. */
    public abstract void wantOutput();

    /** Counts. */
    public void count(Counter counter) {
        host.counters().increment(counter);
    }

    /** Whether no write can succeed until {@link #memoryFree}. */
    public boolean waitsForMemory() {
        return waitsForMemory;
    }

    /** Nothing can be written until somebody gives memory back. */
    public void awaitMemory() {
        if (!waitsForMemory) {
            waitsForMemory = true;
            memory.budget().await(this);
        }
    }

    @Override
    public void memoryFree() {
        waitsForMemory = false;
        signalReady();
    }

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

    /** Bytes up to the end of the first piece. */
    public int firstPiece(int available) {
        long next = sendPosition(snd.nxt);
        return (int) Math.min(available, pieces.firstEnd(sendBuffer.end()) - next);
    }

    /** Whether anything new waits to be sent: bytes, or the FIN. */
    public boolean hasUnsent() {
        return unsentBytes() > 0 || finDue();
    }

    /** Whether our FIN is to be sent after the data: it waits for the end of the handshake. */
    public boolean finDue() {
        return fin.queued && !fin.sent && state != TcpState.SYN_RECEIVED;
    }

    /** The millisecond clock of the timestamps option, with this connection's offset. */
    public int timestampClock(long nowNs) {
        return agreed.timestampClock(nowNs);
    }

    /** Owes an acknowledgment at once. */
    public void acknowledgeNow() {
        ackNow = true;
        wantOutput();
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

    /** Whether data may flow: the handshake is over, or Fast Open does not wait for its end. */
    public boolean isEstablished() {
        return state.synchronizedState() || fastOpen.handshakePending();
    }

    /** Whether packets have DF now. */
    public boolean dontFragment() {
        return options.mtuDiscovery(host.settings()).dontFragment(pathMtuLocked);
    }

    /** Whether the application may still queue data. */
    public boolean maySend() {
        return state.maySend() || state == TcpState.SYN_RECEIVED && fastOpen.handshakePending();
    }

    /** Whether nothing but the handshake can happen now. */
    public boolean inHandshake() {
        return state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED && !fastOpen.handshakePending();
    }

    /** The live options, to be read; {@code TcpSocket.change} changes them. */
    public SocketOptions options() {
        return options;
    }

    @Override
    public String toString() {
        return state.ssName() + " " + tuple;
    }
}
