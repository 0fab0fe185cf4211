package sluice.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sluice.engine.ShardStoppedException;
import sluice.engine.Stack;
import sluice.engine.StackExtension;
import sluice.observe.metrics.OpenMetrics;

/**
 * Answers {@code GET /metrics} with a stack's numbers ({@link OpenMetrics}), by HTTP on a port of the machine, for
 * Prometheus and its relatives:
 *
 * <pre>{@code
 * Stack.builder(config).link("tun0", tun).with(new MetricsEndpoint(new InetSocketAddress("localhost", 9464))).start()
 * }</pre>
 *
 * <p>Whoever reaches the port may read; nothing can be changed by it. One request at a time is answered, each costs a
 * look at every socket. One object serves one stack.
 */
public final class MetricsEndpoint implements StackExtension {
    private static final String PATH = "/metrics";
    private static final int BACKLOG = 16;
    /** A last request may take so long when the stack closes. */
    private static final int PATIENCE_S = 1;

    private final InetSocketAddress address;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService thread;

    /** On an address of the machine; port 0 is one of the system's choice. */
    public MetricsEndpoint(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the address cannot be bound
     */
    @Override
    public void start(Stack stack) {
        if (server != null) {
            throw new IllegalStateException("a metrics endpoint serves one stack");
        }
        HttpServer s;
        try {
            s = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IllegalArgumentException("metrics on " + text(address) + ": " + e.getMessage(), e);
        }
        ExecutorService one = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("sluice-metrics").factory());
        s.setExecutor(one);
        s.createContext("/", exchange -> answer(stack, exchange));
        s.start();
        server = s;
        thread = one;
    }

    private static String text(InetSocketAddress a) {
        return a.getHostString() + ":" + a.getPort();
    }

    private static void answer(Stack stack, HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                send(exchange, 404, "text/plain; charset=utf-8", "the metrics are at " + PATH + "\n");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain; charset=utf-8", "only GET and HEAD\n");
            } else {
                send(exchange, 200, OpenMetrics.MEDIA_TYPE,
                        stack.execute(host -> OpenMetrics.print(host, stack.access().nowNs())));
            }
        } catch (ShardStoppedException e) {
            // the stack is being closed: the connection just ends
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Where it answers; null before the stack runs. */
    public @Nullable InetSocketAddress address() {
        HttpServer s = server;
        return s == null ? null : s.getAddress();
    }

    /** Stops answering; the stack does this when it is closed. */
    @Override
    public void close() {
        HttpServer s = server;
        if (s != null) {
            s.stop(0);
        }
        ExecutorService t = thread;
        if (t != null) {
            t.shutdownNow();
            try {
                t.awaitTermination(PATIENCE_S, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
