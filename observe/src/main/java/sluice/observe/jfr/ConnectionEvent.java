package sluice.observe.jfr;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.segment.FourTuple;

/** What the events of a connection have in common: whose it is. Their stack traces would show only the stack's own. */
@Category({"Sluice", "TCP"})
@StackTrace(false)
abstract class ConnectionEvent extends Event {
    @Label("Local Address")
    @Nullable String localAddress;
    @Label("Local Port")
    int localPort;
    @Label("Remote Address")
    @Nullable String remoteAddress;
    @Label("Remote Port")
    int remotePort;

    /** Records it as the connection's. */
    final void commitFor(FourTuple flow) {
        localAddress = flow.local().toString();
        localPort = flow.localPort();
        remoteAddress = flow.remote().toString();
        remotePort = flow.remotePort();
        commit();
    }
}
