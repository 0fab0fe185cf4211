package sluice.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.engine.HostAccess;
import sluice.wire.IpAddress;

/**
 * Opens the client's UDP streams one after the other, each with a socket of its own: the server numbers them in the
 * order in which they ask. Inside the shard.
 */
final class UdpClientStreams {
    private static final int MOST_DATAGRAM = 65_536;

    private final HostAccess access;
    private final Iperf3Test test;
    private final IpAddress server;
    private final int port;
    private final MemorySegment buffer = Arena.ofAuto().allocate(MOST_DATAGRAM);

    UdpClientStreams(HostAccess access, Iperf3Test test, IpAddress server, int port) {
        this.access = access;
        this.test = test;
        this.server = server;
        this.port = port;
    }

    /** Asks for the next stream, if one is wanted. */
    void openNext() {
        int n = test.streams.size();
        if (n == test.parameters.streams()) {
            return;
        }
        UdpSocket socket = access.host().udp().open();
        test.parameters.apply(socket.options());
        int id = Iperf3Parameters.streamId(n);
        try {
            socket.connect(server, port);
            DataStream.Ends ends = new DataStream.Ends(socket.localAddress(), socket.localPort(), server, port);
            UdpStream stream = new UdpStream(test, id, test.sends(n), socket, ends, socket::close);
            test.streams.add(stream);
            socket.addListener(new Listener(socket, stream));
            socket.send(UdpGreeting.ask(), 0, UdpGreeting.BYTES, null, 0, access.nowNs());
        } catch (ErrnoException e) {
            test.failed(id, e.errno().text());
        }
    }

    private final class Listener implements ReadinessListener {
        private final UdpSocket socket;
        private final UdpStream stream;
        private boolean answered;

        Listener(UdpSocket socket, UdpStream stream) {
            this.socket = socket;
            this.stream = stream;
        }

        @Override
        public void ready(Pollable endpoint, int readiness, long nowNs) {
            if (socket.isClosed()) {
                return;
            }
            Errno error = socket.takeError();
            if (error != null) {
                test.failed(stream.id, error.text());
                return;
            }
            if (answered && !stream.isRunning()) {
                return; // the server may begin before we know: what comes meanwhile waits, or it would count as lost
            }
            for (UdpReceived r = socket.receive(buffer, 0, MOST_DATAGRAM); r != null; r = socket.receive(buffer, 0,
                    MOST_DATAGRAM)) {
                if (answered) {
                    stream.received(buffer, r.length, nowNs);
                } else if (UdpGreeting.answers(buffer, r.length)) {
                    answered = true;
                    test.opened();
                    openNext();
                }
            }
            stream.ready(nowNs);
        }
    }
}
