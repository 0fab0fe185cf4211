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

/** A stream over TCP: a listener that fills the send ring, or empties the receive ring, where they are. */
final class TcpStream extends DataStream implements ReadinessListener {
    private static final int BYTES_A_CALL = 1 << 20;

    private final TcpSocket tcb;
    private byte @Nullable [] cookie;
    private long position;
    private long omittedRetransmissions;

    /**
     * A stream, which waits for {@link #start}.
     *
     * @param cookie to be sent first, by the client; null for the server
     */
    TcpStream(Iperf3Test test, int id, boolean sends, TcpSocket tcb, byte @Nullable [] cookie) {
        super(test, id, sends);
        this.tcb = tcb;
        this.cookie = cookie;
        tcb.options().zeroCopy = true; // the text does not change
        tcb.addListener(this);
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
            test.failed(id, error == null ? "the peer closed it" : error.text());
            halt();
            return;
        }
        if (!isRunning()) {
            return;
        }
        look(nowNs);
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
        long most = allowance(BYTES_A_CALL, nowNs, position);
        long done = most > 0 ? Pattern.fill(tcb, position, most, nowNs) : 0;
        position += done;
        moved(done);
        if (done == BYTES_A_CALL) {
            tcb.signalReady();
        }
    }

    private void receive(long nowNs) {
        int n = tcb.available();
        if (n > 0) {
            tcb.consume(n, nowNs);
            moved(n);
        }
    }

    @Override
    void countAnew(long nowNs) {
        omittedRetransmissions = tcb.info(nowNs).totalRetrans;
    }

    @Override
    void goOn() {
        if (isRunning()) {
            tcb.signalReady();
        }
    }

    @Override
    Ends ends() {
        return new Ends(tcb.localAddress(), tcb.localPort(), tcb.remoteAddress(), tcb.remotePort());
    }

    @Override
    Figures figures(long nowNs) {
        TcpInfo info = tcb.info(nowNs);
        return new Figures(bytes(), sends ? info.totalRetrans - omittedRetransmissions : 0,
                (long) info.sndCwnd * info.sndMss, Datagrams.NONE);
    }

    @Override
    String congestion(long nowNs) {
        return tcb.info(nowNs).congestionControl;
    }

    @Override
    boolean hasUnacknowledged(long nowNs) {
        return sends && tcb.info(nowNs).sendQ > 0;
    }

    @Override
    void stop(long nowNs) {
        halt();
        tcb.removeListener(this);
        tcb.takeError();
        tcb.close(nowNs);
    }

    @Override
    void abort(long nowNs) {
        if (tcb.hasListener(this)) {
            tcb.removeListener(this);
            tcb.abort(nowNs);
        }
    }
}
