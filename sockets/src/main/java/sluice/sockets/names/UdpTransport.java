package sluice.sockets.names;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.engine.HostAccess;
import sluice.sockets.internal.dns.Dns;

/**
 * UDP, from a port of its own that the host chooses at random (RFC 5452 9.2), connected, so that the host hands on only
 * what the server sent from where it was asked.
 */
final class UdpTransport extends Transport {
    /** Longest answer that is taken whole, bytes. */
    private static final int BUFFER = 4096;

    private final ResolvConf.Server server;
    private final boolean oneByOne;
    private final boolean reopen;
    private UdpSocket socket;

    /**
     * Inside the host.
     *
     * @param oneByOne the next question goes out when the one before is answered
     * @param reopen and from another port
     * @throws ErrnoException there is no way to the server
     */
    UdpTransport(HostAccess access, ResolvConf.Server server, boolean oneByOne, boolean reopen) {
        super(access, BUFFER);
        this.server = server;
        this.oneByOne = oneByOne;
        this.reopen = reopen;
        this.socket = open();
    }

    private UdpSocket open() {
        UdpSocket s = access.host().udp().open();
        s.addListener(waiters);
        return s;
    }

    @Override
    End exchange(List<Asked> asked, long untilNs) {
        try {
            socket.connect(server.address(), server.port());
            if (!oneByOne) {
                return exchangeNow(asked, untilNs);
            }
            for (int i = 0; i < asked.size(); i++) {
                if (i > 0 && reopen) {
                    socket.close();
                    socket = open();
                    socket.connect(server.address(), server.port());
                }
                End end = exchangeNow(asked.subList(i, i + 1), untilNs);
                if (end != End.ANSWERED) {
                    return end;
                }
            }
            return End.ANSWERED;
        } catch (ErrnoException e) {
            return End.NOBODY; // refused, unreachable
        }
    }

    private End exchangeNow(List<Asked> asked, long untilNs) {
        for (Asked a : asked) {
            while (!send(a.query())) {
                if (access.nowNs() >= untilNs) {
                    return End.SILENCE;
                }
                block(waiters.write, Pollable.WRITABLE, untilNs);
            }
        }
        while (!allAnswered(asked)) {
            UdpReceived r = socket.receive(buffer, 0, BUFFER);
            if (r != null) {
                if (r.fullLength > r.length) {
                    buffer.set(ValueLayout.JAVA_BYTE, 2,
                            (byte) (buffer.get(ValueLayout.JAVA_BYTE, 2) | Dns.TC >> 8)); // cut off, by us
                }
                deliver(asked, 0, r.length);
            } else if (access.nowNs() >= untilNs) {
                return End.SILENCE;
            } else {
                awaitReadable(untilNs);
            }
        }
        return End.ANSWERED;
    }

    private boolean send(byte[] query) {
        try {
            MemorySegment.copy(query, 0, buffer, ValueLayout.JAVA_BYTE, 0, query.length);
            socket.send(buffer, 0, query.length, null, 0, access.nowNs());
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        socket.close();
        super.close();
    }
}
