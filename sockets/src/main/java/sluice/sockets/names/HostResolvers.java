package sluice.sockets.names;

import java.net.spi.InetAddressResolver;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.engine.HostAccess;

/**
 * Who answers the JVM's lookups for threads of which host ({@link StackResolverProvider}): its {@link Names}, or what a
 * host whose names are somebody else's (those of a simulated network) has instead.
 *
 * <p><b>Thread rules.</b> Any thread.
 */
public final class HostResolvers {
    private static final ConcurrentHashMap<HostAccess, InetAddressResolver> BY_HOST = new ConcurrentHashMap<>();

    private HostResolvers() {}

    /**
     * From now on {@code resolver} answers for threads of {@code host}.
     *
     * @throws IllegalStateException it has names already
     */
    public static void add(HostAccess host, InetAddressResolver resolver) {
        if (BY_HOST.putIfAbsent(host, resolver) != null) {
            throw new IllegalStateException("the host has names already");
        }
    }

    /** The platform answers again. Nothing when the host has no names. */
    public static void remove(HostAccess host) {
        BY_HOST.remove(host);
    }

    static @Nullable InetAddressResolver of(HostAccess host) {
        return BY_HOST.get(host);
    }
}
