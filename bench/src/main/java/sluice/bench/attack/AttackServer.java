package sluice.bench.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * What is attacked on the kernel's sockets, beside {@code sluice serve}: echo (7), characters without end (19), and an
 * answer after which it closes (80). {@code AttackServer ADDRESS}; stays until it is ended.
 */
public final class AttackServer {
    private static final int BACKLOG = 4096;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private final ByteBuffer text = ByteBuffer.allocateDirect(65_536);

    private AttackServer() throws IOException {}

    /** The process. */
    public static void main(String[] args) throws IOException {
        AttackServer s = new AttackServer();
        for (int port : new int[]{7, 19, 80}) {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(args[0], port), BACKLOG);
            listener.configureBlocking(false);
            listener.register(s.selector, SelectionKey.OP_ACCEPT, port);
        }
        System.out.println("ready");
        while (true) {
            s.selector.select(s::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel listener) {
                accept(listener, (Integer) key.attachment());
            } else if (key.channel() instanceof SocketChannel c) {
                serve(c, (Integer) key.attachment());
            }
        } catch (IOException e) {
            key.cancel();
            try {
                key.channel().close();
            } catch (IOException again) {
                // it is gone
            }
        }
    }

    private void accept(ServerSocketChannel listener, int port) throws IOException {
        for (SocketChannel c = listener.accept(); c != null; c = listener.accept()) {
            c.configureBlocking(false);
            c.register(selector, port == 19 ? SelectionKey.OP_WRITE : SelectionKey.OP_READ, port);
        }
    }

    private void serve(SocketChannel c, int port) throws IOException {
        if (port == 19) {
            c.write(text.clear());
            return;
        }
        buffer.clear();
        int n = c.read(buffer);
        if (n < 0) {
            c.close();
        } else if (port == 80) {
            c.write(ByteBuffer
                    .wrap("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            c.close();
        } else {
            c.write(buffer.flip()); // what a peer does not take is lost: it is an attacker's
        }
    }
}
