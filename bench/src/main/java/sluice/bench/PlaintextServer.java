package sluice.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
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

/**
 * Netty's HTTP server with one short answer for everything: {@code PlaintextServer LOOPS ADDRESS PORT} on the kernel's
 * sockets, {@code PlaintextServer LOOPS ADDRESS PORT NETNS} on a stack of that address, whose TUN device is in a
 * namespace that exists.
 */
public final class PlaintextServer {
    private static final String DEVICE = "wrk0";
    private static final int BACKLOG = 1024;
    private static final ByteBuf TEXT = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeBytes("Hello, World!".getBytes(StandardCharsets.US_ASCII))).asReadOnly();

    private PlaintextServer() {}

    private static final class Hello extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                        TEXT.duplicate());
                response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain")
                        .set(HttpHeaderNames.CONTENT_LENGTH, TEXT.readableBytes());
                var _ = context.write(response, context.voidPromise());
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close(); // the client went away, as it does when it has measured
        }
    }

    private static SelectorProvider stack(String address, String namespaceName) throws Exception {
        NetworkNamespace namespace = NetworkNamespace.of(namespaceName);
        TunDevice tun = namespace.openTun(TunOptions.tun(DEVICE));
        InterfaceSetup.of(DEVICE).address(address.replaceFirst("[^.]*$", "1/24")).apply(namespace);
        Stack stack = Stack.builder(HostConfig.builder(new SystemEntropy()).name("plaintext").build()).link(DEVICE, tun)
                .waiter(new LinuxWaiter(tun)).address(DEVICE, IpAddress.parse(address), 24).start();
        return SluiceSelectorProvider.of(stack);
    }

    /** The process; it stays until it is ended. */
    public static void main(String[] args) throws Exception {
        SelectorProvider provider = args.length > 3 ? stack(args[1], args[3]) : SelectorProvider.provider();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(Integer.parseInt(args[0]),
                NioIoHandler.newFactory(provider));
        new ServerBootstrap().group(loops).option(ChannelOption.SO_BACKLOG, BACKLOG)
                .channelFactory(() -> new NioServerSocketChannel(provider))
                .childOption(ChannelOption.TCP_NODELAY, true).childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel c) {
                        c.pipeline().addLast(new HttpServerCodec(), new Hello());
                    }
                }).bind(new InetSocketAddress(args[1], Integer.parseInt(args[2]))).sync();
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
