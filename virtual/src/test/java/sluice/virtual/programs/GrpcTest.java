package sluice.virtual.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** gRPC on Netty, HTTP/2. */
@VirtualNetwork(stallLimitMs = 30_000)
@Link(between = {"client", "server"}, netem = "delay 25ms loss 2%")
class GrpcTest {
    private static final int PORT = 50_051;

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

    private static final MethodDescriptor<String, String> ECHO = MethodDescriptor.newBuilder(TEXT, TEXT)
            .setFullMethodName("test/echo").setType(MethodType.UNARY).build();

    /** Of this host and this test, as the executors: those that gRPC shares in a JVM end with their network. */
    private static EventLoopGroup loops() {
        return new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    private static void serve() throws IOException {
        ServerServiceDefinition service = ServerServiceDefinition.builder("test")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, out) -> {
                    out.onNext(request);
                    out.onCompleted();
                })).build();
        EventLoopGroup loops = loops();
        NettyServerBuilder.forPort(PORT).bossEventLoopGroup(loops).workerEventLoopGroup(loops)
                .channelType(NioServerSocketChannel.class).executor(Executors.newCachedThreadPool())
                .addService(service).build().start();
    }

    private static ManagedChannel channel() {
        return NettyChannelBuilder.forAddress("server", PORT).usePlaintext().eventLoopGroup(loops())
                .channelType(NioSocketChannel.class).executor(Executors.newCachedThreadPool())
                .offloadExecutor(Executors.newCachedThreadPool()).build();
    }

    @Test
    void aHundredCalls(Network net) throws Exception {
        net.host("server").start(GrpcTest::serve);
        RealTime.underASecond("gRPC", net, "client", () -> {
            ManagedChannel channel = channel();
            for (int i = 0; i < 100; i++) {
                assertThat(ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, "message " + i))
                        .isEqualTo("message " + i);
            }
            channel.shutdown();
        });
    }

    @Test
    void aDeadlineInAPartition(Network net) throws Exception {
        net.host("server").start(GrpcTest::serve);
        net.host("client").run(() -> {
            ManagedChannel channel = channel();
            ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, "once");
            net.link("client", "server").cut();
            long start = System.nanoTime();
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> ClientCalls.blockingUnaryCall(channel, ECHO,
                            CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), "lost"))
                    .matches(e -> e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED);
            assertThat((System.nanoTime() - start) / 1e9).isBetween(29.99, 30.1);
            channel.shutdownNow();
        });
    }
}
