package sluice.virtual.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static sluice.virtual.assertj.VirtualAssertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** HTTP servers and clients: a hundred requests over a path that loses. */
@VirtualNetwork(stallLimitMs = 30_000) // classes are loaded meanwhile
@Link(between = {"client", "server"}, netem = "delay 25ms loss 2%")
class HttpProgramsTest {
    private static final int PORT = 8080;
    private static final int REQUESTS = 100;
    private static final int MOST_BYTES = 1 << 20;

    private static String body(int i) {
        return ("request " + i + " ").repeat(i * 10 + 1);
    }

    /** Answers with what it was sent. */
    private static final class Echo extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                    request.content().retain());
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            context.writeAndFlush(response);
        }
    }

    private static void netty() throws InterruptedException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel c) {
                        c.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MOST_BYTES), new Echo());
                    }
                }).bind(PORT).sync();
    }

    @Test
    void nettyAndTheJdksClient(Network net) throws Exception {
        net.host("server").start(HttpProgramsTest::netty);
        net.host("client").run(() -> {
            HttpClient http = HttpClient.newHttpClient();
            for (int i = 0; i < REQUESTS; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://server:" + PORT + "/"))
                        .POST(BodyPublishers.ofString(body(i))).build();
                assertThat(http.send(request, BodyHandlers.ofString()).body()).isEqualTo(body(i));
            }
        });
        tookAsLongAsTheNetworkNeeds(net);
    }

    private static void tookAsLongAsTheNetworkNeeds(Network net) {
        assertThat(net.elapsed()).isBetween(Duration.ofMillis(50 * REQUESTS), Duration.ofSeconds(60));
        assertThat(net.host("client")).hasCounterAtLeast("TcpRetransSegs", 1);
    }

    private static void jetty() throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setPort(PORT);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.copy(request, response, callback);
                return true;
            }
        });
        server.start();
    }

    @Test
    void jettyAndOkHttp(Network net) throws Exception {
        net.host("server").start(HttpProgramsTest::jetty);
        net.host("client").run(() -> {
            OkHttpClient http = new OkHttpClient();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(okHttp(http, body(i))).isEqualTo(body(i));
            }
        });
        tookAsLongAsTheNetworkNeeds(net);
    }

    private static String okHttp(OkHttpClient http, String body) throws IOException {
        okhttp3.Request request = new okhttp3.Request.Builder().url("http://server:" + PORT + "/")
                .post(RequestBody.create(body.getBytes(UTF_8), MediaType.get("text/plain"))).build();
        try (okhttp3.Response response = http.newCall(request).execute()) {
            return response.body().string();
        }
    }
}
