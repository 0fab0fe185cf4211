package sluice.lab.experiments;

import sluice.core.tcp.data.SocketOptions;
import sluice.lab.Duo;
import sluice.lab.Stage;

/** What the experiments on windows have in common: every number on the wire is the plain one. */
final class Windows {
    /** Segments of 40 bytes: a window opens by min(MSS, buffer / 2), and the documents' numbers are multiples of 20. */
    static final int SMALL_MTU = 80;

    private Windows() {}

    /** A connection without timestamps and window scaling whose receiver acknowledges at once. */
    static Duo duo(Stage s, String left, String right, int receiveBuffer, int mtu) {
        return connect(plain(s, left, right, mtu), receiveBuffer, true, true);
    }

    /** The two hosts, not connected yet. */
    static Duo plain(Stage s, String left, String right, int mtu) {
        return s.duo(left, right, "tcp_timestamps=0", "tcp_window_scaling=0").mtu(mtu);
    }

    /** Connects them. */
    static Duo connect(Duo d, int receiveBuffer, boolean quickAck, boolean noDelay) {
        SocketOptions sending = new SocketOptions();
        sending.noDelay = noDelay;
        return d.connect(sending, receiving(receiveBuffer, quickAck));
    }

    /** Options of a receiver. */
    static SocketOptions receiving(int buffer, boolean quickAck) {
        SocketOptions o = new SocketOptions();
        o.receiveBufferBytes = buffer;
        o.quickAck = quickAck;
        return o;
    }
}
