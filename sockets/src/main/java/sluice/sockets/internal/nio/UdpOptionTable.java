package sluice.sockets.internal.nio;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import sluice.core.MtuDiscovery;
import sluice.core.udp.UdpOptions;
import sluice.sockets.SluiceSocketOptions;

/** The socket options of UDP: from the JDK's names to those of {@link UdpOptions}, and their ranges. */
final class UdpOptionTable {
    private record Access<T>(Function<DatagramEnd, @Nullable T> get, BiConsumer<DatagramEnd, T> set) {}

    private static final Map<SocketOption<?>, Access<?>> TABLE = new HashMap<>();
    /** All there are. */
    static final Set<SocketOption<?>> ALL;

    static {
        put(StandardSocketOptions.SO_SNDBUF, e -> e.socket.options().sendBufferBytes(),
                (e, v) -> e.socket.options()
                        .setSendBufferBytes(range(v, Integer.MAX_VALUE, "send/receive buffer size")));
        put(StandardSocketOptions.SO_RCVBUF, e -> e.socket.options().receiveBufferBytes(),
                (e, v) -> e.socket.options()
                        .setReceiveBufferBytes(range(v, Integer.MAX_VALUE, "send/receive buffer size")));
        put(StandardSocketOptions.SO_REUSEADDR, e -> e.socket.options().reuseAddress,
                (e, v) -> e.socket.options().reuseAddress = v);
        put(StandardSocketOptions.SO_REUSEPORT, e -> e.socket.options().reusePort,
                (e, v) -> e.socket.options().reusePort = v);
        put(StandardSocketOptions.SO_BROADCAST, e -> e.socket.options().broadcast,
                (e, v) -> e.socket.options().broadcast = v);
        put(StandardSocketOptions.IP_TOS, e -> e.socket.options().tos(),
                (e, v) -> e.socket.options().setTos(range(v, 255, "IP_TOS value")));
        put(StandardSocketOptions.IP_MULTICAST_TTL, e -> e.socket.options().multicastTtl(),
                (e, v) -> e.socket.options().setMulticastTtl(range(v, 255, "TTL/hop value")));
        put(StandardSocketOptions.IP_MULTICAST_LOOP, e -> e.socket.options().multicastLoop,
                (e, v) -> e.socket.options().multicastLoop = v);
        put(StandardSocketOptions.IP_MULTICAST_IF, e -> e.multicastInterface, (e, v) -> {
            e.multicastInterface = v;
            e.socket.options().multicastInterface = Memberships.index(e.access.host(), v);
        });
        put(ExtendedSocketOptions.IP_DONTFRAGMENT, e -> e.socket.options().mtuDiscovery == MtuDiscovery.DO,
                (e, v) -> e.socket.options().mtuDiscovery = v ? MtuDiscovery.DO : MtuDiscovery.DONT);
        put(SluiceSocketOptions.UDP_SEGMENT, e -> e.socket.options().segmentBytes(),
                (e, v) -> e.socket.options().setSegmentBytes(range(v, 65_535, "UDP_SEGMENT value")));
        ALL = Set.copyOf(TABLE.keySet());
    }

    private UdpOptionTable() {}

    private static int range(int value, int max, String what) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("Invalid " + what);
        }
        return value;
    }

    private static <T> void put(SocketOption<T> name, Function<DatagramEnd, @Nullable T> get,
            BiConsumer<DatagramEnd, T> set) {
        TABLE.put(name, new Access<>(get, set));
    }

    @SuppressWarnings("unchecked") // put gave both the same type
    private static <T> Access<T> access(SocketOption<T> name) {
        return (Access<T>) Objects.requireNonNull(TABLE.get(name));
    }

    /** Complains as the JDK does about an option that there is not, or a value not of its type. */
    static <T> void check(SocketOption<T> name, @Nullable T value, boolean set) {
        if (!ALL.contains(Objects.requireNonNull(name))) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
        if (set && !name.type().isInstance(value)) {
            if (name == StandardSocketOptions.IP_MULTICAST_IF && value == null) {
                throw new IllegalArgumentException("Cannot set IP_MULTICAST_IF to 'null'");
            }
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }

    /** Sets a checked option; inside the host. */
    static <T> void set(DatagramEnd end, SocketOption<T> name, T value) {
        access(name).set.accept(end, value);
    }

    /** Reads a checked option; inside the host. */
    static <T> @Nullable T get(DatagramEnd end, SocketOption<T> name) {
        return access(name).get.apply(end);
    }
}
