package sluice.cli.service;

import java.lang.foreign.MemorySegment;
import sluice.core.ReadinessListener;
import sluice.core.tcp.user.TcpSocket;

/** Sends back what comes (RFC 862): one copy, from ring to ring. The peer's window closes while it does not read. */
public final class EchoHandler extends StreamHandler {
    /** One for all connections: it keeps nothing. */
    public static final ReadinessListener INSTANCE = new EchoHandler();

    private EchoHandler() {}

    @Override
    void work(TcpSocket connection, long nowNs) {
        for (int done = 0; done < BYTES_A_CALL;) {
            int waiting = connection.available();
            if (waiting == 0) {
                if (atEnd(connection)) {
                    close(connection, nowNs);
                }
                return;
            }
            MemorySegment room = connection.writable(waiting);
            if (room == null) {
                return; // called again when there is room
            }
            int n = connection.receive(room, 0, (int) Math.min(waiting, room.byteSize()), 0, nowNs);
            if (n <= 0) {
                return;
            }
            connection.commit(n, 0, nowNs);
            done += n;
        }
        connection.signalReady();
    }
}
