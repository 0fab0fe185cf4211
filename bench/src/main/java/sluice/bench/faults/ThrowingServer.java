package sluice.bench.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import sluice.core.Host;
import sluice.core.HostConfig;
import sluice.core.ReadinessListener;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * A program whose handlers throw: {@code ThrowingServer NAMESPACE}, a stack at 10.99.0.2 where a blocking program
 * echoes on port 7, and where ports 8, 9 and 10 have
 * handlers that throw an exception, an error and the want of memory at each call. Prints how many threw when it is
 * ended.
 */
public final class ThrowingServer {
    private static final int BACKLOG = 128;
    private static final AtomicLong THROWN = new AtomicLong();

    private ThrowingServer() {}

    /** The process. */
    public static void main(String[] args) throws Exception {
        NetworkNamespace namespace = NetworkNamespace.of(args[0]);
        TunDevice device = namespace.openTun(TunOptions.tun("sluice0"));
        InterfaceSetup.of("sluice0").address("10.99.0.1/24").apply(namespace);
        HostConfig config = HostConfig.builder(new SystemEntropy()).name("throwing").build();
        Stack stack = Stack.builder(config).link("sluice0", device).waiter(new LinuxWaiter(device))
                .address("sluice0", IpAddress.parse("10.99.0.2"), 24)
                .route(Prefix.parse("0.0.0.0/0"), "sluice0", IpAddress.parse("10.99.0.1"))
                .setup(ThrowingServer::listen).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("threw " + THROWN.get() + ", counted " + stack.shard().statistics().listenerFailures());
            stack.close();
        }));
        ServerSocket echo = SluiceSockets.of(stack).serverSocket();
        echo.bind(new InetSocketAddress(7));
        Thread.ofPlatform().daemon().start(() -> echoAll(echo));
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    private static void listen(Host host) {
        accept(host, 8, (p, readiness, now) -> {
            THROWN.incrementAndGet();
            throw new IllegalStateException("a handler that throws");
        });
        accept(host, 9, (p, readiness, now) -> {
            THROWN.incrementAndGet();
            throw new StackOverflowError();
        });
        accept(host, 10, (p, readiness, now) -> {
            THROWN.incrementAndGet();
            throw new OutOfMemoryError("a handler that found none");
        });
    }

    private static void accept(Host host, int port, ReadinessListener handler) {
        TcpListener listener = host.tcp().listen(new SocketOptions(), IpAddress.ANY_V6, port, BACKLOG);
        listener.addListener((p, readiness, now) -> {
            for (TcpSocket c = listener.accept(); c != null; c = listener.accept()) {
                c.addListener(handler);
            }
        });
    }

    private static void echoAll(ServerSocket listener) {
        try {
            while (true) {
                Socket c = listener.accept();
                Thread.ofVirtual().start(() -> echo(c));
            }
        } catch (IOException e) {
            System.out.println("no more echo: " + e.getMessage());
        }
    }

    private static void echo(Socket c) {
        try (c) {
            c.getInputStream().transferTo(c.getOutputStream());
        } catch (IOException e) {
            // its client went away
        }
    }
}
