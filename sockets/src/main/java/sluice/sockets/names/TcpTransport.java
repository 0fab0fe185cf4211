package sluice.sockets.names;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.HostAccess;
import sluice.sockets.internal.dns.Dns;
import sluice.wire.Bytes;

/** TCP: all questions on one connection, each message with its length before it (RFC 1035 4.2.2, RFC 7766). */
final class TcpTransport extends Transport {
    private static final int PREFIX = 2;

    private final ResolvConf.Server server;
    private @Nullable TcpSocket tcb;

    /** Inside the host. */
    TcpTransport(HostAccess access, ResolvConf.Server server) {
        super(access, PREFIX + Dns.MAX_MESSAGE);
        this.server = server;
    }

    @Override
    End exchange(List<Asked> asked, long untilNs) {
        try {
            TcpSocket t = access.host().tcp().connect(new SocketOptions(), null, 0, server.address(), server.port(),
                    access.nowNs());
            tcb = t;
            t.addListener(waiters);
            End end = awaitOpen(t, untilNs);
            if (end == End.ANSWERED) {
                end = send(t, asked, untilNs);
            }
            return end == End.ANSWERED ? receive(t, asked, untilNs) : end;
        } catch (ErrnoException e) {
            return End.NOBODY; // refused, unreachable, reset
        }
    }

    /** ANSWERED when it is open. */
    private End awaitOpen(TcpSocket t, long untilNs) {
        while (!t.isEstablished()) {
            Errno error = t.takeError();
            if (error != null || t.state() == TcpState.CLOSED) {
                return End.NOBODY;
            }
            if (access.nowNs() >= untilNs) {
                return End.SILENCE;
            }
            block(waiters.write, Pollable.WRITABLE, untilNs);
        }
        return End.ANSWERED;
    }

    /** ANSWERED when all is on its way. */
    private End send(TcpSocket t, List<Asked> asked, long untilNs) {
        int length = 0;
        for (Asked a : asked) {
            byte[] query = a.query();
            Bytes.put16(buffer, length, query.length);
            MemorySegment.copy(query, 0, buffer, ValueLayout.JAVA_BYTE, length + PREFIX, query.length);
            length += PREFIX + query.length;
        }
        for (int sent = 0; sent < length;) {
            sent += t.send(buffer, sent, length - sent, 0, access.nowNs());
            if (sent < length) {
                if (access.nowNs() >= untilNs) {
                    return End.SILENCE;
                }
                block(waiters.write, Pollable.WRITABLE, untilNs);
            }
        }
        return End.ANSWERED;
    }

    private End receive(TcpSocket t, List<Asked> asked, long untilNs) {
        int have = 0;
        while (!allAnswered(asked)) {
            int wanted = have < PREFIX ? PREFIX : PREFIX + Bytes.u16(buffer, 0);
            if (have == wanted && have > PREFIX) {
                deliver(asked, PREFIX, have - PREFIX);
                have = 0;
                continue;
            }
            int n = wanted == have ? -1 : t.receive(buffer, have, wanted - have, 0, access.nowNs());
            if (n < 0) {
                return End.SILENCE; // the end, or a message without bytes
            }
            have += n;
            if (n == 0) {
                if (access.nowNs() >= untilNs) {
                    return End.SILENCE;
                }
                awaitReadable(untilNs);
            }
        }
        return End.ANSWERED;
    }

    @Override
    public void close() {
        TcpSocket t = tcb;
        if (t != null && t.state() != TcpState.CLOSED) {
            if (t.isEstablished()) {
                t.close(access.nowNs());
            } else {
                t.abort(access.nowNs());
            }
        }
        super.close();
    }
}
