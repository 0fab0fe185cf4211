package sluice.sockets.internal.nio;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.user.TcpSocket;

/**
 * JFR's {@code sluice.SocketRead} and {@code sluice.SocketWrite}: the calls of a program on connections of a stack, as
 * {@code jdk.SocketRead} and {@code jdk.SocketWrite} are for the platform's. By default those of 20 ms and more are
 * kept. Nothing is made while nobody records them.
 */
final class SocketEvents {
    private static final Read READ = new Read();
    private static final Write WRITE = new Write();

    private SocketEvents() {}

    @Name("sluice.SocketRead")
    @Label("Socket Read")
    @Category({"Sluice", "Socket"})
    @Description("Reading from a connection of a stack")
    @Threshold("20 ms")
    static final class Read extends Event {
        @Label("Address")
        @Nullable String address;
        @Label("Port")
        int port;
        @Label("Bytes Read")
        @DataAmount
        long bytesRead;
        @Label("End of Stream")
        boolean endOfStream;
    }

    @Name("sluice.SocketWrite")
    @Label("Socket Write")
    @Category({"Sluice", "Socket"})
    @Description("Writing to a connection of a stack")
    @Threshold("20 ms")
    static final class Write extends Event {
        @Label("Address")
        @Nullable String address;
        @Label("Port")
        int port;
        @Label("Bytes Written")
        @DataAmount
        long bytesWritten;
    }

    /** A reading call begins; null when nobody wants to know. */
    static @Nullable Read read() {
        if (!READ.isEnabled()) {
            return null;
        }
        Read e = new Read();
        e.begin();
        return e;
    }

    /** It has returned: {@code n} bytes, or {@link ChannelEnd#EOF} or {@link ChannelEnd#UNAVAILABLE}. */
    static void end(@Nullable Read e, long n, StreamEnd end) {
        if (e == null) {
            return;
        }
        e.end();
        TcpSocket peer = end.tcb();
        if (n != ChannelEnd.UNAVAILABLE && peer != null && e.shouldCommit()) {
            e.address = peer.remoteAddress().toString();
            e.port = peer.remotePort();
            e.bytesRead = Math.max(0, n);
            e.endOfStream = n == ChannelEnd.EOF;
            e.commit();
        }
    }

    /** A writing call begins; null when nobody wants to know. */
    static @Nullable Write write() {
        if (!WRITE.isEnabled()) {
            return null;
        }
        Write e = new Write();
        e.begin();
        return e;
    }

    /** It has returned. */
    static void end(@Nullable Write e, long n, StreamEnd end) {
        if (e == null) {
            return;
        }
        e.end();
        TcpSocket peer = end.tcb();
        if (n != ChannelEnd.UNAVAILABLE && peer != null && e.shouldCommit()) {
            e.address = peer.remoteAddress().toString();
            e.port = peer.remotePort();
            e.bytesWritten = n;
            e.commit();
        }
    }
}
