package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.undertow.Undertow;
import io.undertow.server.handlers.BlockingHandler;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.base.Counter;
import sluice.engine.Stack;
import sluice.link.linux.NetworkNamespace;

/**
 * HTTP servers that open channels of the JVM's default provider on one stack, and the JDK's HttpClient, which does so
 * too, on another; and curl on the kernel's sockets.
 */
class ServersTest {
    private static final int REQUESTS = 200;
    /**
     * Places for connections that wait: as many as come at once. Past them the listener answers by SYN cookies, and a
     * client whose acknowledgment and first data are both lost is then reset, as by Linux: a cookie remembers nothing.
     */
    private static final int QUEUE = REQUESTS;
    private static final int CURLS = 40;
    private static final int LIMIT_S = 50;

    @TempDir
    Path directory;

    /** A server that answers with what it was sent. */
    private interface Running extends AutoCloseable {
        int port();
    }

    enum Kind {
        JETTY, TOMCAT, UNDERTOW, JAVALIN
    }

    private Running start(Kind kind, String host) throws Exception {
        return switch (kind) {
            case JETTY -> jetty(host);
            case TOMCAT -> tomcat(host);
            case UNDERTOW -> undertow(host);
            case JAVALIN -> javalin(host);
        };
    }

    private static Running running(int port, AutoCloseable stop) {
        return new Running() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() throws Exception {
                stop.close();
            }
        };
    }

    private static Running jetty(String host) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(host);
        connector.setAcceptQueueSize(QUEUE);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.copy(request, response, callback);
                return true;
            }
        });
        server.start();
        return running(connector.getLocalPort(), server::stop);
    }

    private Running tomcat(String host) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector();
        connector.setProperty("address", host);
        connector.setPort(0);
        connector.setProperty("acceptCount", "" + QUEUE);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", directory.toString());
        Tomcat.addServlet(context, "echo", new HttpServlet() {
            @Override
            protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
                request.getInputStream().transferTo(response.getOutputStream());
            }
        });
        context.addServletMappingDecoded("/*", "echo");
        tomcat.start();
        return running(connector.getLocalPort(), () -> {
            tomcat.stop();
            tomcat.destroy();
        });
    }

    private static Running undertow(String host) {
        Undertow undertow = Undertow.builder().setIoThreads(2).setWorkerThreads(8).addHttpListener(0, host)
                // Its own queue holds 1,000.
                .setHandler(new BlockingHandler(e -> e.getInputStream().transferTo(e.getOutputStream()))).build();
        undertow.start();
        InetSocketAddress at = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        return running(at.getPort(), undertow::stop);
    }

    private static Running javalin(String host) {
        Javalin javalin = Javalin.create(config -> {
            config.http.maxRequestSize = 1 << 24;
            config.jetty.addConnector((server, http) -> {
                ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
                connector.setHost(host);
                connector.setAcceptQueueSize(QUEUE);
                return connector;
            });
            config.routes.post("/echo", context -> context.result(context.bodyAsBytes()));
        }).start();
        return running(javalin.port(), javalin::stop);
    }

    private static String body(int i) {
        return ("request " + i + " ").repeat(i % 20 * 500 + 1);
    }

    @ParameterizedTest
    @CsvSource({"JETTY, ''", "JETTY, delay 1ms loss 2%", "TOMCAT, ''", "TOMCAT, delay 1ms loss 2%", "UNDERTOW, ''",
        "UNDERTOW, delay 1ms loss 2%", "JAVALIN, ''", "JAVALIN, delay 1ms loss 2%"})
    void manyRequestsAtATime(Kind kind, String path) throws Exception {
        try (TwoStacks stacks = new TwoStacks(path)) {
            stacks.server.call(() -> {
                try (Running server = start(kind, TwoStacks.at(0).getHostString())) {
                    requests(stacks.client, server.port());
                }
                return null;
            });
            long accepted = stacks.server.execute(host -> host.counters().get(Counter.TcpPassiveOpens));
            assertThat(accepted).as("connections that the stack accepted").isPositive();
        }
    }

    /** The server on our stack, curl on the kernel's sockets. */
    @ParameterizedTest
    @CsvSource({"JETTY, ''", "JETTY, delay 1ms loss 2%", "TOMCAT, ''", "TOMCAT, delay 1ms loss 2%", "UNDERTOW, ''",
        "UNDERTOW, delay 1ms loss 2%", "JAVALIN, ''", "JAVALIN, delay 1ms loss 2%"})
    void theKernelAsks(Kind kind, String path) throws Exception {
        Machine.requireDevices();
        Path curl = Machine.requireTool("curl", "curl", Stream.of(Path.of("/usr/bin")));
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate();
                OverTun tun = new OverTun(namespace, path)) {
            tun.stack.call(() -> {
                try (Running server = start(kind, OverTun.OURS)) {
                    curl(namespace, curl, server.port());
                }
                return null;
            });
        }
    }

    private void curl(NetworkNamespace namespace, Path curl, int port) throws Exception {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < CURLS; i++) {
            Path sent = Files.writeString(directory.resolve("sent" + i), body(i));
            words.append(i == 0 ? "" : "next\n").append("url = http://" + OverTun.OURS + ":" + port + "/echo\n")
                    .append("fail\nheader = Expect:\ndata-binary = @" + sent + "\nmax-time = " + LIMIT_S + "\n")
                    .append("output = " + directory.resolve("got" + i) + "\n");
        }
        Path config = Files.writeString(directory.resolve("curlrc"), words);
        Process p = namespace.start(new ProcessBuilder(curl.toString(), "--parallel", "--parallel-max",
                "8", "-K", config.toString()).redirectErrorStream(true));
        String said = new String(p.getInputStream().readAllBytes(), UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
        for (int i = 0; i < CURLS; i++) {
            assertThat(Files.mismatch(directory.resolve("sent" + i), directory.resolve("got" + i)))
                    .as("first byte of request " + i + " that came back otherwise").isEqualTo(-1);
        }
    }

    private static void requests(Stack stack, int port) throws Exception {
        URI uri = URI.create("http://" + TwoStacks.at(0).getHostString() + ":" + port + "/echo");
        // It makes its threads so that they inherit nothing: each of its tasks enters the stack.
        try (ExecutorService threads = Executors.newCachedThreadPool();
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                        .executor(task -> threads.execute(() -> stack.run(task))).build()) {
            List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                all.add(client.sendAsync(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body(i))).build(),
                        BodyHandlers.ofByteArray()));
            }
            for (int i = 0; i < REQUESTS; i++) {
                HttpResponse<byte[]> response = all.get(i).get(LIMIT_S, TimeUnit.SECONDS);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(new String(response.body(), UTF_8).equals(body(i))).as("request " + i).isTrue();
            }
        }
    }
}
