package sluice.sockets.suite;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.SocketException;

/** As {@code new DatagramSocket()} is in a JVM with a factory. */
final class FactorySocket extends DatagramSocket {
    FactorySocket(DatagramSocketImpl impl) {
        super(impl);
        try {
            setBroadcast(true); // as DatagramSocket does for those of a factory
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }
}
