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

    /** A call: whose connection it was on, and whether there is anything to tell. */
    @Category({"Sluice", "Socket"})
    @Threshold("20 ms")
    abstract static class Call extends Event {
        @Label("Address")
        @Nullable String address;
        @Label("Port")
        int port;

        /** The call has returned {@code n}: bytes, or {@link ChannelEnd#EOF} or {@link ChannelEnd#UNAVAILABLE}. */
        final void returned(long n, StreamEnd end) {
            end();
            TcpSocket peer = end.tcb();
            if (n != ChannelEnd.UNAVAILABLE && peer != null && shouldCommit()) {
                address = peer.remoteAddress().toString();
                port = peer.remotePort();
                moved(n);
                commit();
            }
        }

        /** Notes what the call moved. */
        abstract void moved(long n);
    }

    @Name("sluice.SocketRead")
    @Label("Socket Read")
    @Description("Reading from a connection of a stack")
    static final class Read extends Call {
        @Label("Bytes Read")
        @DataAmount
        long bytesRead;
        @Label("End of Stream")
        boolean endOfStream;

        @Override
        void moved(long n) {
            bytesRead = Math.max(0, n);
            endOfStream = n == ChannelEnd.EOF;
        }
    }

    @Name("sluice.SocketWrite")
    @Label("Socket Write")
    @Description("Writing to a connection of a stack")
    static final class Write extends Call {
        @Label("Bytes Written")
        @DataAmount
        long bytesWritten;

        @Override
        void moved(long n) {
            bytesWritten = n;
        }
    }

    /** A reading call begins; null when nobody wants to know. */
    static @Nullable Call read() {
        return READ.isEnabled() ? begun(new Read()) : null;
    }

    /** A writing call begins; null when nobody wants to know. */
    static @Nullable Call write() {
        return WRITE.isEnabled() ? begun(new Write()) : null;
    }

    private static Call begun(Call call) {
        call.begin();
        return call;
    }

    /** The call has returned {@code n}. */
    static void end(@Nullable Call call, long n, StreamEnd end) {
        if (call != null) {
            call.returned(n, end);
        }
    }
}
