package sluice.sockets.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import sluice.base.Entropy;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.link.ParkWaiter;
import sluice.link.PipeLink;
import sluice.sockets.JvmSelectorProvider;
import sluice.sockets.JvmSockets;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * The JDK's HTTP, TLS and {@code java.net} between two stacks in memory, named by nobody: the servers run in threads of
 * one, everything else on the other, which is the JVM's default.
 */
final class Cases {
    static final String PASSWORD = "changeit";
    private static final String SERVER = "10.0.0.2";
    private static final int SOON_S = 20;

    private static Stack client;
    private static Stack server;
    private static SSLContext tls;

    /** One case. */
    interface Case {
        void run() throws Exception;
    }

    private Cases() {}

    static Map<String, Case> all() {
        Map<String, Case> all = new LinkedHashMap<>();
        all.put("the default provider is ours", Cases::provider);
        all.put("sockets of java.net", Cases::sockets);
        all.put("a socket of java.net keeps its options on the kernel", Cases::kernelSocket);
        all.put("datagram sockets of java.net", Cases::datagrams);
        all.put("a datagram socket of java.net goes to the kernel", Cases::kernelDatagrams);
        all.put("an interrupt leaves a datagram socket open", Cases::interruptedDatagrams);
        all.put("MulticastSocket", Cases::multicast);
        all.put("URLConnection", Cases::urlConnection);
        all.put("HttpClient and HttpServer", Cases::http);
        all.put("HttpServer on the kernel", Cases::kernelHttp);
        all.put("HttpClient and HttpsServer", Cases::https);
        all.put("a server that ends in the middle of a response", Cases::abruptHttp);
        all.put("HTTP/2 over TLS", Cases::http2);
        all.put("SSLSocket, half-close", Cases::sslHalfClose);
        all.put("SSLSocket, abrupt close", Cases::sslAbruptClose);
        all.put("Unix domain channels, pipes", Cases::others);
        return all;
    }

    /** Runs all of them; the keystore is named. */
    public static void main(String[] args) throws Exception {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE);
        client = stack("client", pipe.a(), "10.0.0.1", 1);
        server = stack("server", pipe.b(), SERVER, 2);
        client.makeDefault();
        JvmSockets.install();
        tls = tls(Path.of(args[0]));
        for (Map.Entry<String, Case> c : all().entrySet()) {
            try {
                c.getValue().run();
                System.out.println("ok " + c.getKey());
            } catch (Throwable t) {
                System.out.println("failed " + c.getKey());
                t.printStackTrace(System.out);
            }
        }
        System.exit(0);
    }

    private static Stack stack(String name, PipeLink link, String address, long seed) {
        ParkWaiter waiter = new ParkWaiter();
        link.setWaiter(waiter);
        return Stack.builder(HostConfig.builder(Entropy.seeded(seed)).name(name).build()).name(name)
                .link("pipe0", link).waiter(waiter).address("pipe0", IpAddress.parse(address), 24)
                .route(Prefix.parse("224.0.0.0/4"), "pipe0", null).start();
    }

    private static SSLContext tls(Path keystore) throws Exception {
        KeyStore keys = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static <T> FutureTask<T> start(java.util.concurrent.Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static <T> T get(FutureTask<T> task) throws Exception {
        return task.get(SOON_S, TimeUnit.SECONDS);
    }

    private static byte[] body() {
        byte[] b = new byte[1_000_000];
        for (int i = 0; i < b.length; i++) {
            b[i] = (byte) (i * 31 + (i >> 8));
        }
        return b;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // java.net

    private static void provider() throws Exception {
        assertThat(SelectorProvider.provider()).isInstanceOf(JvmSelectorProvider.class);
        try (ServerSocketChannel s = server.call(ServerSocketChannel::open)) {
            s.bind(new InetSocketAddress(0));
            try (SocketChannel c = SocketChannel.open(
                    new InetSocketAddress(SERVER, ((InetSocketAddress) s.getLocalAddress()).getPort()))) {
                assertThat(c.getLocalAddress().toString()).startsWith("/10.0.0.1:");
                s.accept().close();
            }
        }
    }

    private static void sockets() throws Exception {
        try (ServerSocket s = server.call(() -> new ServerSocket(0)); Socket c = new Socket()) {
            FutureTask<Socket> accepts = start(s::accept);
            c.setSoTimeout(SOON_S * 1000);
            c.connect(new InetSocketAddress(SERVER, s.getLocalPort()), SOON_S * 1000);
            assertThat(c.getInetAddress().getHostAddress()).isEqualTo(SERVER);
            assertThat(c.getPort()).isEqualTo(s.getLocalPort());
            try (Socket peer = get(accepts)) {
                assertThat(peer.getInetAddress().getHostAddress()).isEqualTo("10.0.0.1");
                assertThat(peer.getPort()).isEqualTo(c.getLocalPort());
                echo(c, peer);
            }
        }
    }

    private static void echo(Socket c, Socket peer) throws IOException {
        c.getOutputStream().write("there".getBytes());
        assertThat(new String(peer.getInputStream().readNBytes(5))).isEqualTo("there");
        peer.getOutputStream().write("back".getBytes());
        assertThat(new String(c.getInputStream().readNBytes(4))).isEqualTo("back");
        c.shutdownOutput();
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    private static void kernelSocket() throws Exception {
        String address = Kernel.address();
        if (address == null) {
            return;
        }
        try (ServerSocket s = new ServerSocket()) {
            s.setReuseAddress(true);
            s.bind(new InetSocketAddress(address, 0));
            FutureTask<Socket> accepts = start(s::accept);
            try (Socket c = new Socket()) {
                c.setTcpNoDelay(true);
                c.setSoTimeout(50);
                c.setSoLinger(true, 3);
                c.connect(new InetSocketAddress(address, s.getLocalPort()), SOON_S * 1000);
                assertThat(c.getTcpNoDelay()).isTrue();
                assertThat(c.getSoLinger()).isEqualTo(3);
                assertThat(c.getLocalAddress().getHostAddress()).isEqualTo(address);
                assertThatThrownBy(() -> c.getInputStream().read()).isInstanceOf(java.net.SocketTimeoutException.class)
                        .hasMessage("Read timed out");
                try (Socket peer = get(accepts)) {
                    c.setSoTimeout(0);
                    echo(c, peer);
                }
                c.close();
                assertThatThrownBy(() -> c.getInputStream().read()).isInstanceOf(SocketException.class)
                        .hasMessage("Socket is closed");
            }
        }
    }

    private static DatagramPacket packet(String text, String host, int port) {
        return new DatagramPacket(text.getBytes(), text.length(), new InetSocketAddress(host, port));
    }

    /** What a socket receives, and from where. */
    private static String receive(DatagramSocket s) throws IOException {
        s.setSoTimeout(SOON_S * 1000);
        DatagramPacket p = new DatagramPacket(new byte[100], 100);
        s.receive(p);
        return new String(p.getData(), 0, p.getLength()) + " from " + p.getAddress().getHostAddress();
    }

    private static void datagrams() throws Exception {
        try (DatagramSocket s = server.call(() -> new DatagramSocket());
                DatagramSocket c = new DatagramSocket(null)) {
            c.setTrafficClass(8);
            c.bind(new InetSocketAddress(0));
            c.send(packet("there", SERVER, s.getLocalPort()));
            assertThat(receive(s)).isEqualTo("there from 10.0.0.1");
            s.send(packet("back", "10.0.0.1", c.getLocalPort()));
            assertThat(receive(c)).isEqualTo("back from " + SERVER);
            assertThat(c.getTrafficClass()).isEqualTo(8);
            c.connect(new InetSocketAddress(SERVER, s.getLocalPort()));
            assertThat(c.getLocalAddress().getHostAddress()).isEqualTo("10.0.0.1");
            c.close();
            assertThatThrownBy(() -> receive(c)).isInstanceOf(SocketException.class).hasMessage("Socket is closed");
        }
    }

    private static void kernelDatagrams() throws Exception {
        String address = Kernel.address();
        if (address == null) {
            return;
        }
        try (DatagramSocket s = new DatagramSocket(new InetSocketAddress(address, 0));
                DatagramSocket c = new DatagramSocket()) {
            c.setTrafficClass(8);
            int port = c.getLocalPort();
            c.send(packet("there", address, s.getLocalPort()));
            assertThat(receive(s)).isEqualTo("there from " + address);
            s.send(packet("back", address, c.getLocalPort()));
            assertThat(receive(c)).isEqualTo("back from " + address);
            assertThat(c.getTrafficClass()).as("kept").isEqualTo(8);
            assertThat(c.getLocalPort()).as("kept").isEqualTo(port);
        }
    }

    /** As the JDK's own: what waits on a platform thread is not ended. */
    private static void interruptedDatagrams() throws Exception {
        String kernel = Kernel.address();
        for (String address : kernel == null ? new String[]{"10.0.0.1"} : new String[]{"10.0.0.1", kernel}) {
            try (DatagramSocket s = new DatagramSocket(new InetSocketAddress(address, 0))) {
                s.setSoTimeout(50);
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> s.receive(new DatagramPacket(new byte[1], 1)))
                        .isInstanceOf(java.net.SocketTimeoutException.class).hasMessage("Receive timed out");
                assertThat(Thread.interrupted()).isTrue();
                assertThat(s.isClosed()).isFalse();
            }
        }
    }

    private static void multicast() throws Exception {
        InetSocketAddress group = new InetSocketAddress("239.255.3.4", 0);
        try (MulticastSocket s = server.call(() -> new MulticastSocket(0)); DatagramSocket c = new DatagramSocket()) {
            assertThat(s.getReuseAddress()).isTrue();
            s.joinGroup(group, null);
            c.send(packet("to all", group.getHostString(), s.getLocalPort()));
            assertThat(receive(s)).isEqualTo("to all from 10.0.0.1");
            s.leaveGroup(group, null);
        }
    }

    private static void urlConnection() throws Exception {
        byte[] body = body();
        HttpServer s = server.call(() -> http(HttpServer.create(), SERVER, answer(body)));
        URLConnection c = URI.create("http://" + SERVER + ":" + s.getAddress().getPort() + "/x").toURL()
                .openConnection();
        try (InputStream in = c.getInputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(body);
        }
        s.stop(0);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // HTTP

    private static HttpHandler answer(byte[] body) {
        return exchange -> {
            assertThat(exchange.getRemoteAddress()).isNotNull();
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("From", exchange.getRemoteAddress().getAddress().getHostAddress());
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        };
    }

    private static HttpServer http(HttpServer s, String address, HttpHandler handler) throws IOException {
        s.bind(new InetSocketAddress(address, 0), 0);
        s.createContext("/", handler);
        s.start();
        return s;
    }

    private static HttpClient http(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).sslContext(tls).connectTimeout(Duration.ofSeconds(SOON_S))
                .build();
    }

    private static HttpRequest request(String scheme, String host, int port) {
        return HttpRequest.newBuilder(URI.create(scheme + "://" + host + ":" + port + "/"))
                .timeout(Duration.ofSeconds(SOON_S)).build();
    }

    private static void fetch(HttpClient c, HttpRequest request, byte[] body, String from) throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> r = c.send(request, BodyHandlers.ofByteArray());
            assertThat(r.statusCode()).isEqualTo(200);
            assertThat(Arrays.equals(r.body(), body)).isTrue();
            assertThat(r.headers().firstValue("From")).contains(from);
        }
    }

    private static void http() throws Exception {
        byte[] body = body();
        HttpServer s = server.call(() -> http(HttpServer.create(), SERVER, answer(body)));
        try (HttpClient c = http(HttpClient.Version.HTTP_1_1)) {
            fetch(c, request("http", SERVER, s.getAddress().getPort()), body, "10.0.0.1");
        }
        s.stop(0);
    }

    private static void kernelHttp() throws Exception {
        String address = Kernel.address();
        if (address == null) {
            return;
        }
        byte[] body = body();
        HttpServer s = http(HttpServer.create(), address, answer(body));
        try (HttpClient c = http(HttpClient.Version.HTTP_1_1)) {
            fetch(c, request("http", address, s.getAddress().getPort()), body, address);
        }
        s.stop(0);
    }

    private static void https() throws Exception {
        byte[] body = body();
        HttpServer s = server.call(() -> {
            HttpsServer made = HttpsServer.create();
            made.setHttpsConfigurator(new HttpsConfigurator(tls));
            return http(made, SERVER, answer(body));
        });
        try (HttpClient c = http(HttpClient.Version.HTTP_2)) { // falls back to 1.1
            fetch(c, request("https", SERVER, s.getAddress().getPort()), body, "10.0.0.1");
        }
        s.stop(0);
    }

    private static void abruptHttp() throws Exception {
        try (ServerSocket s = server.call(() -> new ServerSocket(0));
                HttpClient c = http(HttpClient.Version.HTTP_1_1)) {
            for (boolean reset : new boolean[]{false, true}) {
                FutureTask<Boolean> serves = start(() -> {
                    try (Socket peer = s.accept()) {
                        peer.getInputStream().read(new byte[1000]);
                        peer.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".getBytes());
                        peer.setSoLinger(reset, 0);
                    }
                    return true;
                });
                assertThatThrownBy(() -> c.send(request("http", SERVER, s.getLocalPort()), BodyHandlers.ofString()))
                        .isInstanceOf(IOException.class);
                assertThat(get(serves)).isTrue();
            }
        }
    }

    private static void http2() throws Exception {
        byte[] body = body();
        try (SSLServerSocket s = server.call(() -> (SSLServerSocket) tls.getServerSocketFactory()
                .createServerSocket(0)); HttpClient c = http(HttpClient.Version.HTTP_2)) {
            FutureTask<Integer> serves = start(() -> new SmallHttp2(body).serve((SSLSocket) s.accept(), 3));
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> r = c.send(request("https", SERVER, s.getLocalPort()),
                        BodyHandlers.ofByteArray());
                assertThat(r.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(r.statusCode()).isEqualTo(200);
                assertThat(Arrays.equals(r.body(), body)).isTrue();
            }
            assertThat(get(serves)).isEqualTo(3);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // TLS

    private static void sslHalfClose() throws Exception {
        try (ServerSocket s = server.call(() -> tls.getServerSocketFactory().createServerSocket(0))) {
            FutureTask<String> serves = start(() -> {
                try (Socket peer = s.accept()) {
                    String all = new String(peer.getInputStream().readAllBytes());
                    peer.getOutputStream().write(("got " + all).getBytes());
                    return all;
                }
            });
            try (Socket c = tls.getSocketFactory().createSocket(SERVER, s.getLocalPort())) {
                c.setSoTimeout(SOON_S * 1000);
                c.getOutputStream().write("half".getBytes());
                c.shutdownOutput();
                assertThat(new String(c.getInputStream().readAllBytes())).isEqualTo("got half");
            }
            assertThat(get(serves)).isEqualTo("half");
        }
    }

    private static void sslAbruptClose() throws Exception {
        assertThat(sslAbruptClose(false)).as("as over the kernel: the end of the stream").isEqualTo(-1);
        assertThat(sslAbruptClose(true)).as("a read meets the reset, or the write of a session ticket")
                .isInstanceOf(SocketException.class).asString()
                .startsWith("java.net.SocketException: Connection reset");
    }

    /** What the server's second read gives when the connection goes without TLS's own goodbye. */
    private static Object sslAbruptClose(boolean reset) throws Exception {
        try (ServerSocket s = server.call(() -> tls.getServerSocketFactory().createServerSocket(0))) {
            FutureTask<Object> serves = start(() -> {
                try (Socket peer = s.accept()) {
                    peer.getInputStream().read();
                    return peer.getInputStream().read();
                } catch (IOException e) {
                    return e;
                }
            });
            Socket raw = new Socket(SERVER, s.getLocalPort());
            SSLSocket c = (SSLSocket) tls.getSocketFactory().createSocket(raw, SERVER, s.getLocalPort(), false);
            c.getOutputStream().write(1);
            raw.setSoLinger(reset, 0);
            raw.close();
            return get(serves);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // the rest

    private static void others() throws Exception {
        Path path = Files.createTempDirectory("sluice").resolve("socket");
        try (ServerSocketChannel s = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            s.bind(java.net.UnixDomainSocketAddress.of(path));
            try (SocketChannel c = SocketChannel.open(java.net.UnixDomainSocketAddress.of(path))) {
                assertThat(c.isConnected()).isTrue();
            }
        }
        Files.delete(path);
        java.nio.channels.Pipe p = java.nio.channels.Pipe.open();
        p.sink().write(java.nio.ByteBuffer.wrap(new byte[3]));
        assertThat(p.source().read(java.nio.ByteBuffer.allocate(9))).isEqualTo(3);
        assertThat(System.inheritedChannel()).isNull();
    }
}
