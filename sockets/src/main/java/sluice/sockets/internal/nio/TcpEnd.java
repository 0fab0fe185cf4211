package sluice.sockets.internal.nio;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpSocket;

/** The host's side of a TCP channel, connection or listener. Inside the host. */
abstract class TcpEnd extends ChannelEnd {
    TcpEnd(Site site) {
        super(site);
    }

    /** The live options, to be read. */
    abstract SocketOptions options();

    /** Changes the options and applies them. */
    abstract void change(Consumer<SocketOptions> change);

    /** The connection; null when there is none. */
    abstract @Nullable TcpSocket tcb();
}
