package sluice.virtual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sluice.clock.MemberGroup;
import sluice.clock.VirtualClock;
import sluice.engine.HostAccess;
import sluice.engine.ThreadHost;
import sluice.sockets.JvmSockets;

/** What a JVM has to have before programs of a network can run in it: made so once, on first use. */
final class Platform {
    private static final String PROVIDER = "java.nio.channels.spi.SelectorProvider";
    private static boolean prepared;
    private static @Nullable String hostName;

    private Platform() {}

    /** Has {@code new Socket()} of a host's threads be the host's; those of all others stay the platform's. */
    static synchronized void prepare() {
        if (prepared) {
            return;
        }
        if (!"sluice.sockets.JvmSelectorProvider".equals(System.getProperty(PROVIDER))) {
            throw new IllegalStateException("channels would be the platform's: the system property " + PROVIDER + " is "
                    + System.getProperty(PROVIDER) + ", not sluice.sockets.JvmSelectorProvider, which the agent sets");
        }
        try {
            JvmSockets.install();
        } catch (IOException e) {
            throw new IllegalStateException("another library has set the JVM's socket factory", e);
        }
        ThreadHost.findBy(Platform::hostOfMember);
        prepared = true;
    }

    /** The host of a thread that inherits nothing from its maker, as those of the JDK's HttpClient: its group's. */
    private static @Nullable HostAccess hostOfMember() {
        MemberGroup group = VirtualClock.currentGroup();
        return group != null && group.attachment() instanceof Entrance e ? e : null;
    }

    /** The machine's own name, which {@code InetAddress.getLocalHost} looks up whoever asks. */
    static synchronized String hostName() {
        String known = hostName;
        if (known == null) {
            try {
                known = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
            } catch (IOException e) {
                known = System.getenv().getOrDefault("HOSTNAME", "localhost");
            }
            hostName = known;
        }
        return known;
    }
}
