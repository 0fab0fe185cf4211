package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Netty's HTTP server and client, each on a stack of its own, and with the kernel at either end. */
class NettyHttpTest {
    private static final int CONNECTIONS = 20;
    private static final int REQUESTS = 10;
    private static final int MOST_BYTES = 1 << 20;
    private static final int LIMIT_S = 50;

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

    /** Collects the bodies of responses. */
    private static final class Bodies extends SimpleChannelInboundHandler<FullHttpResponse> {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            received.add(response.content().toString(UTF_8));
        }
    }

    private static EventLoopGroup group(SelectorProvider provider) {
        return new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory(provider));
    }

    private static void end(EventLoopGroup group) throws Exception {
        group.shutdownGracefully(0, LIMIT_S, TimeUnit.SECONDS).sync();
    }

    private static Channel serve(EventLoopGroup group, SelectorProvider provider, InetSocketAddress at)
            throws Exception {
        return new ServerBootstrap().group(group).channelFactory(() -> new NioServerSocketChannel(provider))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel c) {
                        c.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MOST_BYTES), new Echo());
                    }
                }).bind(at).sync().channel();
    }

    private static Channel connect(EventLoopGroup group, SelectorProvider provider, InetSocketAddress to)
            throws Exception {
        return new Bootstrap().group(group).channelFactory(() -> new NioSocketChannel(provider))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel c) {
                        c.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(MOST_BYTES), new Bodies());
                    }
                }).connect(to).sync().channel();
    }

    private static String body(int connection, int request) {
        return ("connection " + connection + " request " + request + "\n").repeat(request * 200);
    }

    @ParameterizedTest
    @CsvSource({"BOTH, ''", "BOTH, delay 2ms loss 2%", "SERVER, ''", "SERVER, delay 2ms loss 2%", "CLIENT, ''",
        "CLIENT, delay 2ms loss 2%"})
    void manyRequestsOnManyConnections(Ends.Ours ours, String path) throws Exception {
        try (Ends ends = Ends.of(ours, path)) {
            EventLoopGroup servers = group(ends.servers);
            EventLoopGroup clients = group(ends.clients);
            Channel server = ends.atServer(() -> serve(servers, ends.servers, ends.at(0)));
            InetSocketAddress at = (InetSocketAddress) server.localAddress();
            List<Channel> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(ends.atClient(() -> connect(clients, ends.clients, at)));
            }
            for (int r = 0; r < REQUESTS; r++) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/",
                            Unpooled.copiedBuffer(body(i, r), UTF_8));
                    request.headers().set(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
                    all.get(i).writeAndFlush(request);
                }
            }
            for (int r = 0; r < REQUESTS; r++) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    assertThat(all.get(i).pipeline().get(Bodies.class).received.poll(LIMIT_S, TimeUnit.SECONDS))
                            .isEqualTo(body(i, r));
                }
            }
            end(clients);
            end(servers);
        }
    }
}
