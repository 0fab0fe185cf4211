package sluice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.SluiceSelectorProvider;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;

/**
 * The same small services by each form of the JDK's sockets on a stack at 10.96.0.2, in a namespace that exists: {@code
 * SocketForms NETNS}. Echo: 7101 blocking {@link SocketChannel}, 7102 {@link Socket} on a platform thread, 7103 on a
 * virtual thread, 7104 a loop around one {@link Selector}. Sinks and sources in bulk: 5101 and 5102 {@link
 * SocketChannel} with a direct buffer, 5201 and 5202 streams of a {@link Socket}.
 */
public final class SocketForms {
    private static final int BULK = 256 * 1024;
    private static final int ECHO = 64 * 1024;

    private final SluiceSockets sockets;
    private final SluiceSelectorProvider channels;

    private SocketForms(Stack stack) {
        sockets = SluiceSockets.of(stack);
        channels = SluiceSelectorProvider.of(stack);
    }

    /** The process; it stays until it is ended. */
    public static void main(String[] args) throws Exception {
        NetworkNamespace namespace = NetworkNamespace.of(args[0]);
        TunDevice tun = namespace.openTun(TunOptions.tun("forms0"));
        InterfaceSetup.of("forms0").address("10.96.0.1/24").apply(namespace);
        Stack stack = Stack.builder(HostConfig.builder(new SystemEntropy()).name("forms").build()).link("forms0", tun)
                .waiter(new LinuxWaiter(tun)).address("forms0", IpAddress.parse("10.96.0.2"), 24).start();
        SocketForms forms = new SocketForms(stack);
        forms.channels(7101, SocketForms::echo);
        forms.sockets(7102, Thread.ofPlatform().daemon(), SocketForms::echo);
        forms.sockets(7103, Thread.ofVirtual(), SocketForms::echo);
        forms.loop(7104);
        forms.channels(5101, SocketForms::drain);
        forms.channels(5102, SocketForms::fill);
        forms.sockets(5201, Thread.ofPlatform().daemon(), SocketForms::drain);
        forms.sockets(5202, Thread.ofPlatform().daemon(), SocketForms::fill);
        System.out.println("ready");
        Thread.currentThread().join();
    }

    /** What a connection is for. */
    private interface Service<C> {
        void serve(C connection) throws IOException;
    }

    private static void run(Thread.Builder kind, AutoCloseable connection, Service<AutoCloseable> service) {
        kind.start(() -> {
            try (connection) {
                service.serve(connection);
            } catch (Exception e) {
                // the peer went away, as it does when it has measured
            }
        });
    }

    private void channels(int port, Service<SocketChannel> service) throws IOException {
        ServerSocketChannel server = channels.openServerSocketChannel().bind(new InetSocketAddress(port));
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    SocketChannel c = server.accept();
                    c.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    run(Thread.ofPlatform().daemon(), c, any -> service.serve(c));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void sockets(int port, Thread.Builder kind, Service<Socket> service) throws IOException {
        ServerSocket server = sockets.serverSocketFactory().createServerSocket(port);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    Socket s = server.accept();
                    s.setTcpNoDelay(true);
                    run(kind, s, any -> service.serve(s));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void echo(SocketChannel c) throws IOException {
        ByteBuffer b = ByteBuffer.allocateDirect(ECHO);
        while (c.read(b.clear()) >= 0) {
            c.write(b.flip());
        }
    }

    private static void echo(Socket s) throws IOException {
        byte[] b = new byte[ECHO];
        InputStream in = s.getInputStream();
        OutputStream out = s.getOutputStream();
        for (int n = in.read(b); n >= 0; n = in.read(b)) {
            out.write(b, 0, n);
        }
    }

    private static void drain(SocketChannel c) throws IOException {
        ByteBuffer b = ByteBuffer.allocateDirect(BULK);
        while (c.read(b.clear()) >= 0) {
            // thrown away
        }
    }

    private static void drain(Socket s) throws IOException {
        byte[] b = new byte[BULK];
        InputStream in = s.getInputStream();
        while (in.read(b) >= 0) {
            // thrown away
        }
    }

    private static void fill(SocketChannel c) throws IOException {
        ByteBuffer b = ByteBuffer.allocateDirect(BULK);
        while (true) {
            c.write(b.clear());
        }
    }

    private static void fill(Socket s) throws IOException {
        byte[] b = new byte[BULK];
        OutputStream out = s.getOutputStream();
        while (true) {
            out.write(b);
        }
    }

    private void loop(int port) throws IOException {
        Selector selector = channels.openSelector();
        ServerSocketChannel server = channels.openServerSocketChannel().bind(new InetSocketAddress(port));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        ByteBuffer b = ByteBuffer.allocateDirect(ECHO);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    selector.select(key -> ready(key, selector, b));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void ready(SelectionKey key, Selector selector, ByteBuffer b) {
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                SocketChannel c = server.accept();
                if (c != null) {
                    c.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                    c.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
            } else {
                SocketChannel c = (SocketChannel) key.channel();
                if (c.read(b.clear()) < 0) {
                    c.close();
                } else {
                    c.write(b.flip()); // a round trip's byte always fits
                }
            }
        } catch (IOException e) {
            key.cancel();
        }
    }
}
