package sluice.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.cli.service.Pattern;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.tcp.user.TcpInfo;
import sluice.core.tcp.user.TcpSocket;

/**
 * One stream of a test: a listener that fills the send ring, or empties the receive ring, where they are. Everything
 * inside the shard.
 */
final class DataStream implements ReadinessListener {
    private static final int BYTES_A_CALL = 1 << 20;

    final int id;
    final boolean sends;
    final TcpSocket tcb;
    private final Iperf3Test test;
    private byte @Nullable [] cookie;
    private boolean running;
    private long beginNs;
    private long omitUntilNs;
    private boolean omitting;
    private long position;
    private long countedBytes;
    private long omittedRetransmissions;

    /**
     * A stream, which waits for {@link #start}.
     *
     * @param cookie to be sent first, by the client; null for the server
     */
    DataStream(Iperf3Test test, int id, boolean sends, TcpSocket tcb, byte @Nullable [] cookie) {
        this.test = test;
        this.id = id;
        this.sends = sends;
        this.tcb = tcb;
        this.cookie = cookie;
        tcb.options.zeroCopy = true; // the text does not change
        tcb.addListener(this);
    }

    /** Begins to send or to receive. */
    void start(long nowNs, long omitNs) {
        running = true;
        beginNs = nowNs;
        omitting = omitNs > 0;
        omitUntilNs = nowNs + omitNs;
        tcb.signalReady();
    }

    @Override
    public void ready(Pollable endpoint, int readiness, long nowNs) {
        byte[] greeting = cookie;
        if (greeting != null && tcb.isEstablished()) {
            cookie = null;
            MemorySegment native0 = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, greeting);
            tcb.send(native0, 0, greeting.length, 0, nowNs);
            test.opened();
        }
        if ((readiness & (Pollable.ERROR | Pollable.HANGUP)) != 0) {
            var error = tcb.takeError();
            test.failed(this, error == null ? "the peer closed it" : error.text());
            running = false;
            return;
        }
        if (!running) {
            return;
        }
        if (omitting && nowNs >= omitUntilNs) {
            omitting = false;
            countedBytes = 0;
            omittedRetransmissions = tcb.info(nowNs).totalRetrans;
        }
        if (sends) {
            send(nowNs);
        } else {
            receive(nowNs);
        }
    }

    private void send(long nowNs) {
        if (!tcb.state().maySend()) {
            return;
        }
        long most = test.allowance(Math.min(BYTES_A_CALL, test.paced(beginNs, nowNs, position)));
        long done = most > 0 ? Pattern.fill(tcb, position, most, nowNs) : 0;
        position += done;
        countedBytes += done;
        test.transferred(done);
        if (done == BYTES_A_CALL) {
            tcb.signalReady();
        }
    }

    private void receive(long nowNs) {
        int n = tcb.available();
        if (n > 0) {
            tcb.consume(n, nowNs);
            countedBytes += n;
            test.transferred(n);
        }
    }

    /** Lets a sender that waited for its time look again. */
    void goOn() {
        if (sends && running) {
            tcb.signalReady();
        }
    }

    /** Bytes that count so far. */
    long bytes() {
        return countedBytes;
    }

    /** Whether the seconds that do not count are still on. */
    boolean isOmitting() {
        return omitting;
    }

    TcpInfo info(long nowNs) {
        return tcb.info(nowNs);
    }

    long retransmissions(long nowNs) {
        return info(nowNs).totalRetrans - omittedRetransmissions;
    }

    /** Ends the stream. What was sent and not received yet goes on arriving, as with iperf3. */
    void stop(long nowNs) {
        running = false;
        tcb.removeListener(this);
        tcb.takeError();
        tcb.close(nowNs);
    }
}
