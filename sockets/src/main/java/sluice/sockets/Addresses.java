package sluice.sockets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import sluice.wire.IpAddress;

/** Between {@code java.net}'s addresses and the stack's. */
public final class Addresses {
    private Addresses() {}

    /** The stack's form of a {@code java.net} address. */
    public static IpAddress of(InetAddress address) {
        ByteBuffer b = ByteBuffer.wrap(address.getAddress());
        return b.remaining() == 4 ? IpAddress.ofV4(b.getInt()) : new IpAddress(b.getLong(), b.getLong());
    }

    /** The {@code java.net} form of an address. */
    public static InetAddress toInet(IpAddress address) {
        byte[] bytes = address.isV4() ? ByteBuffer.allocate(4).putInt(address.v4Bits()).array()
                : ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low()).array();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are always an address", e);
        }
    }

    /** The {@code java.net} form of an address and port. */
    public static InetSocketAddress toInet(IpAddress address, int port) {
        return new InetSocketAddress(toInet(address), port);
    }
}
