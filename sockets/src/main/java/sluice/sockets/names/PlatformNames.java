package sluice.sockets.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The platform's names, kept as long as {@link InetAddress} would keep them if it still did: in its place. Any thread.
 */
final class PlatformNames implements InetAddressResolver {
    /** Lookups that are kept; the oldest gives way. */
    private static final int MOST = 1000;
    private static final long SECOND_NS = 1_000_000_000L;

    private record Key(String host, int characteristics) {}

    /** Addresses, or the message of the failure. */
    private record Kept(@Nullable List<InetAddress> addresses, @Nullable String failure, long sinceNs, int seconds) {}

    private final InetAddressResolver platform;
    private final int ttlSeconds;
    private final int negativeTtlSeconds;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Key, Kept> kept = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
            return size() > MOST;
        }
    };

    /** Seconds; -1 for ever, 0 not at all. The clock is in nanoseconds. */
    PlatformNames(InetAddressResolver platform, int ttlSeconds, int negativeTtlSeconds, LongSupplier clock) {
        this.platform = platform;
        this.ttlSeconds = ttlSeconds;
        this.negativeTtlSeconds = negativeTtlSeconds;
        this.clock = clock;
    }

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
        Key key = new Key(host, policy.characteristics());
        Kept known = known(key);
        if (known == null) {
            try {
                List<InetAddress> found = platform.lookupByName(host, policy).toList();
                known = new Kept(found, null, clock.getAsLong(), ttlSeconds);
            } catch (UnknownHostException e) {
                keep(key, new Kept(null, e.getMessage(), clock.getAsLong(), negativeTtlSeconds));
                throw e;
            }
            keep(key, known);
        }
        List<InetAddress> addresses = known.addresses;
        if (addresses == null) {
            throw new UnknownHostException(known.failure);
        }
        return addresses.stream();
    }

    private @Nullable Kept known(Key key) {
        lock.lock();
        try {
            Kept k = kept.get(key);
            if (k == null || k.seconds >= 0 && clock.getAsLong() - k.sinceNs >= k.seconds * SECOND_NS) {
                kept.remove(key);
                return null;
            }
            return k;
        } finally {
            lock.unlock();
        }
    }

    private void keep(Key key, Kept value) {
        if (value.seconds != 0) {
            lock.lock();
            try {
                kept.put(key, value);
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        return platform.lookupByAddress(address);
    }
}
