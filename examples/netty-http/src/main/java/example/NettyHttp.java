package example;

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
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.SluiceSelectorProvider;
import sluice.wire.IpAddress;

/** Netty's HTTP server: {@code curl http://10.99.0.2:8080/hello}. All it knows of the stack is the provider. */
public final class NettyHttp {
    private NettyHttp() {}

    private static final class Greeter extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            byte[] text = ("you asked for " + request.uri() + "\n").getBytes(StandardCharsets.UTF_8);
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                    Unpooled.wrappedBuffer(text));
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.length);
            context.writeAndFlush(response);
        }
    }

    public static void main(String[] args) throws Exception {
        TunDevice tun = TunDevice.open(TunOptions.tun("sluice0"));
        InterfaceSetup.of("sluice0").address("10.99.0.1/24").apply(NetworkNamespace.current());
        try (Stack stack = Stack.builder(HostConfig.builder(new SystemEntropy()).build()).link("tun0", tun)
                .waiter(new LinuxWaiter(tun)).address("tun0", IpAddress.parse("10.99.0.2"), 24).start()) {
            SelectorProvider provider = SluiceSelectorProvider.of(stack);
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory(provider));
            Channel server = new ServerBootstrap().group(loops)
                    .channelFactory(() -> new NioServerSocketChannel(provider))
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel c) {
                            c.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                    new Greeter());
                        }
                    }).bind(8080).sync().channel();
            System.out.println("listening on 10.99.0.2 port 8080");
            server.closeFuture().sync();
        }
    }
}
