package sluice.sockets.internal.nio;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/** Closes the host's side of a socket that its program lost without closing it, as the JDK closes its descriptor. */
final class Lost {
    private static final System.Logger LOG = System.getLogger(Lost.class.getName());
    /** Its thread is one of the JDK's own kind: no host's, and in no simulation, whoever is the first to need it. */
    private static final Cleaner CLEANER = Cleaner.create();

    private Lost() {}

    /** Sees to {@code end} when nobody has {@code socket} any more. */
    static void watch(Object socket, ChannelEnd end) {
        CLEANER.register(socket, () -> {
            if (!end.closed) {
                LOG.log(Level.DEBUG, "a socket was lost without being closed");
                end.close();
            }
        });
    }
}
