package example.incidents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;

/** gRPC with texts for messages, and with threads of its own: hosts share a JVM, and gRPC shares threads in a JVM. */
final class Grpc {
    static final int PORT = 50_051;

    private static final Marshaller<String> TEXT = new Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private Grpc() {}

    static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.newBuilder(TEXT, TEXT).setFullMethodName(name).setType(type).build();
    }

    private static EventLoopGroup loops() {
        return new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    static void serve(BindableService service) throws IOException {
        EventLoopGroup loops = loops();
        NettyServerBuilder.forPort(PORT).bossEventLoopGroup(loops).workerEventLoopGroup(loops)
                .channelType(NioServerSocketChannel.class).executor(Executors.newCachedThreadPool())
                .addService(service).build().start();
    }

    static NettyChannelBuilder channel(String host) {
        return NettyChannelBuilder.forAddress(host, PORT).usePlaintext().eventLoopGroup(loops())
                .channelType(NioSocketChannel.class).executor(Executors.newCachedThreadPool())
                .offloadExecutor(Executors.newCachedThreadPool());
    }
}
