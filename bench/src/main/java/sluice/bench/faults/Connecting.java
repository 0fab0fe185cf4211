package sluice.bench.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/** Connects as somebody who tries again while his own machine knows no way there: its device is down. */
final class Connecting {
    private static final long AGAIN_NS = 200_000_000;

    private Connecting() {}

    /** A connected socket whose reads have the same patience. */
    static Socket to(InetSocketAddress server, int patienceMs) throws IOException {
        long end = System.nanoTime() + patienceMs * 1_000_000L;
        while (true) {
            Socket socket = new Socket();
            try {
                socket.setSoTimeout(patienceMs);
                socket.connect(server, patienceMs);
                return socket;
            } catch (IOException e) {
                socket.close();
                boolean noWay = String.valueOf(e.getMessage()).matches("(Network is unreachable|No route to host).*");
                if (!noWay || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(AGAIN_NS);
            }
        }
    }
}
