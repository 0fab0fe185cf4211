package sluice.sockets.internal.nio;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/** Closes the host's side of a socket that its program lost without closing it, as the JDK closes its descriptor. */
final class Lost {
    private static final System.Logger LOG = System.getLogger(Lost.class.getName());
    private static final Cleaner CLEANER = Cleaner
            .create(Thread.ofPlatform().daemon().name("sluice-lost-sockets").factory());

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
