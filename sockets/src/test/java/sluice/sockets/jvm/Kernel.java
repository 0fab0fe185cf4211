package sluice.sockets.jvm;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** What the kernel's network has. */
final class Kernel {
    private Kernel() {}

    /** An address of IPv4 that is not loopback; null when there is none. */
    static @Nullable String address() throws SocketException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress()).map(InetAddress::getHostAddress)
                .findFirst().orElse(null);
    }
}
