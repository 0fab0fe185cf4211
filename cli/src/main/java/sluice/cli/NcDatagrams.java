package sluice.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;
import sluice.engine.Stack;
import sluice.sockets.Addresses;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;

/** {@code sluice nc -u}: pieces of standard input as datagrams, and datagrams on standard output. */
final class NcDatagrams {
    /** As nc: what one read gives, so a line from a terminal. */
    private static final int PIECE = 16_384;
    private static final int MOST_DATAGRAM = 65_536;

    private final DatagramSocket socket;
    private final int idleMs;
    private volatile boolean stopped;
    private String peer;

    private NcDatagrams(DatagramSocket socket, String peer, int idleMs) {
        this.socket = socket;
        this.peer = peer;
        this.idleMs = idleMs;
    }

    /**
     * Goes on until the user ends it or nothing has come for a while.
     *
     * @param address whom to send to; null to wait on the port for whoever sends first
     * @param idleMs how long without a datagram ends it; 0 for never
     */
    static void relay(Stack stack, @Nullable IpAddress address, int port, int idleMs) throws IOException {
        try (DatagramSocket socket = SluiceSockets.of(stack).datagramSocket()) {
            socket.bind(new InetSocketAddress(address == null ? port : 0));
            NcDatagrams nc = new NcDatagrams(socket, address + " port " + port, idleMs);
            Signals.onTermination(() -> {
                nc.stopped = true;
                Thread.ofVirtual().start(socket::close);
            });
            if (address != null) {
                socket.connect(Addresses.toInet(address, port));
                nc.send();
            }
            nc.receive(address == null);
        }
    }

    private void send() {
        Thread.ofPlatform().daemon().name("nc-input").start(() -> {
            byte[] buffer = new byte[PIECE];
            try {
                for (int n = System.in.read(buffer); n >= 0; n = System.in.read(buffer)) {
                    socket.send(new DatagramPacket(buffer, n));
                }
            } catch (IOException e) {
                // an error of the path is told to whoever receives, too
            }
        });
    }

    /** Prints what comes; {@code firstDecides} says that the peer is the one who sends first. */
    private void receive(boolean firstDecides) throws IOException {
        OutputStream out = System.out;
        DatagramPacket packet = new DatagramPacket(new byte[MOST_DATAGRAM], MOST_DATAGRAM);
        boolean peerKnown = !firstDecides;
        try {
            while (true) {
                socket.setSoTimeout(peerKnown ? idleMs : 0);
                packet.setLength(MOST_DATAGRAM);
                socket.receive(packet);
                if (!peerKnown) {
                    peerKnown = true;
                    socket.connect(packet.getSocketAddress());
                    peer = Addresses.of(packet.getAddress()) + " port " + packet.getPort();
                    send();
                }
                out.write(packet.getData(), 0, packet.getLength());
                out.flush();
            }
        } catch (SocketTimeoutException e) {
            // nothing has come for as long as was asked for
        } catch (PortUnreachableException e) {
            throw new Failure(peer + ": Connection refused: nobody has that UDP port there");
        } catch (SocketException e) {
            if (!stopped) {
                throw e;
            }
        }
    }
}
