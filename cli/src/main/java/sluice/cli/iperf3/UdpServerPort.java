package sluice.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.base.ErrnoException;
import sluice.core.Pollable;
import sluice.core.ReadinessListener;
import sluice.core.udp.UdpReceived;
import sluice.core.udp.UdpSocket;
import sluice.engine.HostAccess;
import sluice.wire.IpAddress;

/**
 * The server's UDP port, open while there are tests that want it: one socket for the streams of all of them, told apart
 * by their peers. A datagram that asks for a stream does not say for which test: it is the oldest one that waits for
 * streams from that address. Inside the shard.
 */
final class UdpServerPort implements ReadinessListener {
    private static final int MOST_DATAGRAM = 65_536;

    private record Peer(IpAddress address, int port) {}

    private record Waiting(Iperf3Test test, IpAddress client) {}

    private final UdpSocket socket;
    private final Map<Peer, UdpStream> streams = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final MemorySegment buffer = Arena.ofAuto().allocate(MOST_DATAGRAM);

    UdpServerPort(HostAccess access, int port) {
        socket = access.host().udp().open();
        socket.bind(IpAddress.ANY_V6, port);
        socket.addListener(this);
    }

    /** From now on streams of this test may come, from this address. */
    void await(Iperf3Test test, IpAddress client) {
        test.parameters.apply(socket.options());
        waiting.add(new Waiting(test, client));
    }

    /** No more streams of the test. */
    void forget(Iperf3Test test) {
        waiting.removeIf(w -> w.test == test);
        streams.values().removeIf(s -> s.test == test);
    }

    /** Whether no test wants the port any more. */
    boolean isIdle() {
        return waiting.isEmpty() && streams.isEmpty();
    }

    void close() {
        socket.close();
    }

    @Override
    public void ready(Pollable endpoint, int readiness, long nowNs) {
        if (socket.isClosed()) {
            return;
        }
        socket.takeError();
        for (UdpReceived r = socket.receive(buffer, 0, MOST_DATAGRAM); r != null; r = socket.receive(buffer, 0,
                MOST_DATAGRAM)) {
            Peer peer = new Peer(r.source(), r.sourcePort);
            UdpStream stream = streams.get(peer);
            if (UdpGreeting.asks(buffer, r.length)) {
                if (stream != null || opened(peer, r.destination())) {
                    answer(peer, nowNs);
                }
            } else if (stream != null) {
                stream.received(buffer, r.length, nowNs);
            }
        }
        for (UdpStream stream : streams.values()) {
            stream.ready(nowNs);
        }
    }

    private boolean opened(Peer peer, IpAddress local) {
        for (Waiting w : waiting) {
            int n = w.test.streams.size();
            if (w.client.equals(peer.address) && n < w.test.parameters.streams()) {
                DataStream.Ends ends = new DataStream.Ends(local, socket.localPort(), peer.address, peer.port);
                UdpStream stream = new UdpStream(w.test, Iperf3Parameters.streamId(n), w.test.sends(n), socket, ends,
                        () -> streams.remove(peer));
                streams.put(peer, stream);
                w.test.streams.add(stream);
                w.test.opened();
                return true;
            }
        }
        return false;
    }

    private void answer(Peer peer, long nowNs) {
        try {
            socket.send(UdpGreeting.answer(buffer), 0, UdpGreeting.BYTES, peer.address, peer.port, nowNs);
        } catch (ErrnoException e) {
            // as if it were lost on the way: the client says that there was no answer
        }
    }
}
