package sluice.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ten thousand connections of Netty's between two stacks in memory, by two event loops at each end. */
class TenThousandConnectionsTest {
    private static final int CONNECTIONS = 10_000;
    private static final int ROUNDS = 3;
    private static final int LOOPS = 2;
    /** Connections that are opened at a time, so that no SYN queue is full. */
    private static final int OPENING = 256;
    private static final int PATIENCE_S = 60;

    private final CountDownLatch done = new CountDownLatch(CONNECTIONS);
    private final AtomicInteger wrong = new AtomicInteger();

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // the client says what was wrong
        }
    }

    /** Sends a number of its own and how often that came back, until it has come back often enough. */
    private final class Client extends SimpleChannelInboundHandler<ByteBuf> {
        private final int id;
        private int round;

        Client(int id) {
            this.id = id;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
            if (in.readableBytes() != 8 || in.readInt() != id || in.readInt() != round) {
                wrong.incrementAndGet();
            }
            round++;
            if (round == ROUNDS) {
                done.countDown();
            } else {
                send(context.channel());
            }
        }

        void send(Channel c) {
            c.writeAndFlush(c.alloc().buffer(8).writeInt(id).writeInt(round));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            wrong.incrementAndGet();
        }
    }

    private static EventLoopGroup loops(SelectorProvider provider) {
        return new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory(provider));
    }

    private static long heapBytes() {
        System.gc();
        Runtime r = Runtime.getRuntime();
        return r.totalMemory() - r.freeMemory();
    }

    @Test
    void noneIsForgotten() throws Exception {
        try (TwoStacks stacks = new TwoStacks()) {
            EventLoopGroup servers = loops(stacks.serverProvider());
            EventLoopGroup clients = loops(stacks.clientProvider());
            Channel server = new ServerBootstrap().group(servers).option(ChannelOption.SO_BACKLOG, 4096)
                    .channelFactory(() -> new NioServerSocketChannel(stacks.serverProvider()))
                    .childHandler(new Echo()).bind(TwoStacks.at(0)).sync().channel();
            long before = heapBytes();
            List<Channel> all = connect(stacks, clients, (InetSocketAddress) server.localAddress());
            System.getLogger(getClass().getName()).log(System.Logger.Level.INFO,
                    "heap of a connection, both ends with Netty's channels, bytes: "
                            + (heapBytes() - before) / CONNECTIONS);
            for (Channel c : all) {
                c.pipeline().get(Client.class).send(c);
            }
            assertThat(done.await(PATIENCE_S, TimeUnit.SECONDS)).as("not done: %s", done).isTrue();
            assertThat(wrong.get()).as("wrong answers").isZero();
            for (Channel c : all) {
                c.close();
            }
            clients.shutdownGracefully(0, PATIENCE_S, TimeUnit.SECONDS).sync();
            servers.shutdownGracefully(0, PATIENCE_S, TimeUnit.SECONDS).sync();
        }
    }

    private List<Channel> connect(TwoStacks stacks, EventLoopGroup clients, InetSocketAddress to) throws Exception {
        Semaphore opening = new Semaphore(OPENING);
        CountDownLatch connected = new CountDownLatch(CONNECTIONS);
        List<Channel> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            opening.acquire();
            all.add(new Bootstrap().group(clients)
                    .channelFactory(() -> new NioSocketChannel(stacks.clientProvider())).handler(new Client(i))
                    .connect(to).addListener(f -> {
                        opening.release();
                        if (f.isSuccess()) {
                            connected.countDown();
                        }
                    }).channel());
        }
        assertThat(connected.await(PATIENCE_S, TimeUnit.SECONDS)).as("not connected: %s", connected).isTrue();
        return all;
    }
}
