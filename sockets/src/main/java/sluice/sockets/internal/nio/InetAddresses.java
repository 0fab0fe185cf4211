package sluice.sockets.internal.nio;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/** What channels check of the addresses they are given, as the JDK does. */
final class InetAddresses {
    private InetAddresses() {}

    /** The families that channels can be opened for. */
    static ProtocolFamily checkFamily(ProtocolFamily family) {
        Objects.requireNonNull(family, "'family' is null");
        if (family != StandardProtocolFamily.INET && family != StandardProtocolFamily.INET6) {
            throw new UnsupportedOperationException("Protocol family not supported");
        }
        return family;
    }

    /** An address that a channel of this family can use. */
    static InetSocketAddress check(SocketAddress address, ProtocolFamily family) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        InetAddress a = inet.getAddress();
        if (!(a instanceof Inet4Address || a instanceof Inet6Address)) {
            throw new IllegalArgumentException("Invalid address type: " + a.getClass().getName());
        }
        if (family == StandardProtocolFamily.INET && !(a instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return inet;
    }

    /** A checked destination; this host for 0.0.0.0 and ::. */
    static InetSocketAddress checkRemote(SocketAddress address, ProtocolFamily family) {
        InetSocketAddress inet = check(address, family);
        if (!inet.getAddress().isAnyLocalAddress()) {
            return inet;
        }
        return Addresses.toInet(
                inet.getAddress() instanceof Inet4Address ? IpAddress.LOOPBACK_V4 : IpAddress.LOOPBACK_V6,
                inet.getPort());
    }

    /** Where to bind to: 0.0.0.0 on a socket for both families means all addresses of both. */
    static IpAddress local(@Nullable InetSocketAddress address, ProtocolFamily family) {
        IpAddress a = address == null ? IpAddress.ANY_V6 : Addresses.of(address.getAddress());
        return !a.isAny() ? a : family == StandardProtocolFamily.INET ? IpAddress.ANY_V4 : IpAddress.ANY_V6;
    }
}
