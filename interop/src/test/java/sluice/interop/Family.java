package sluice.interop;

import java.net.InetAddress;
import java.net.UnknownHostException;
import sluice.wire.IpAddress;

/** The addresses of both ends in one family. */
enum Family {
    V4("10.99.0.2", "10.99.0.1"), V6("fd99::2", "fd99::1");

    /** Sluice's address. */
    final String ours;
    /** The kernel's address. */
    final String kernels;

    Family(String ours, String kernels) {
        this.ours = ours;
        this.kernels = kernels;
    }

    IpAddress oursIp() {
        return IpAddress.parse(ours);
    }

    IpAddress kernelsIp() {
        return IpAddress.parse(kernels);
    }

    InetAddress oursInet() {
        return inet(ours);
    }

    InetAddress kernelsInet() {
        return inet(kernels);
    }

    private static InetAddress inet(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
