package sluice.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** gRPC's calls and streams between two stacks, and with the kernel at either end, on Netty (HTTP/2). */
class GrpcTest {
    private static final int LIMIT_S = 50;
    private static final int MESSAGES = 500;
    private static final String END = "end";

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

    private static final MethodDescriptor<String, String> COUNT = method("test/count", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<String, String> ECHO = method("test/echo", MethodType.BIDI_STREAMING);

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.newBuilder(TEXT, TEXT).setFullMethodName(name).setType(type).build();
    }

    /** Hands on what it hears. */
    private record Heard(BlockingQueue<String> messages) implements StreamObserver<String> {
        @Override
        public void onNext(String value) {
            messages.add(value);
        }

        @Override
        public void onError(Throwable t) {
            messages.add(t.toString());
        }

        @Override
        public void onCompleted() {
            messages.add(END);
        }

        String next() throws InterruptedException {
            return String.valueOf(messages.poll(LIMIT_S, TimeUnit.SECONDS));
        }
    }

    private static String message(int i) {
        return ("message " + i + " ").repeat(i);
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test")
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall((request, out) -> {
                    for (int i = 0; i < Integer.parseInt(request); i++) {
                        out.onNext(message(i));
                    }
                    out.onCompleted();
                }))
                .addMethod(ECHO, ServerCalls.asyncBidiStreamingCall(out -> new StreamObserver<>() {
                    @Override
                    public void onNext(String value) {
                        out.onNext(value);
                    }

                    @Override
                    public void onError(Throwable t) {
                        out.onError(t);
                    }

                    @Override
                    public void onCompleted() {
                        out.onCompleted();
                    }
                })).build();
    }

    @ParameterizedTest
    @CsvSource({"BOTH, ''", "BOTH, delay 2ms loss 2%", "SERVER, ''", "SERVER, delay 2ms loss 2%", "CLIENT, ''",
        "CLIENT, delay 2ms loss 2%"})
    void streams(Ends.Ours ours, String path) throws Exception {
        try (Ends ends = Ends.of(ours, path)) {
            EventLoopGroup serverLoops = loops(ends.servers);
            EventLoopGroup clientLoops = loops(ends.clients);
            Server server = ends.atServer(() -> NettyServerBuilder.forAddress(ends.at(0))
                    .channelFactory(() -> new NioServerSocketChannel(ends.servers)).bossEventLoopGroup(serverLoops)
                    .workerEventLoopGroup(serverLoops).addService(service()).build().start());
            ends.atClient(() -> {
                ManagedChannel channel = NettyChannelBuilder.forAddress(ends.at(server.getPort())).usePlaintext()
                        .channelFactory(() -> new NioSocketChannel(ends.clients)).eventLoopGroup(clientLoops).build();
                theServerStreams(channel);
                bothStream(channel);
                assertThat(channel.shutdown().awaitTermination(LIMIT_S, TimeUnit.SECONDS)).isTrue();
                return null;
            });
            assertThat(server.shutdown().awaitTermination(LIMIT_S, TimeUnit.SECONDS)).isTrue();
            clientLoops.shutdownGracefully(0, LIMIT_S, TimeUnit.SECONDS).sync();
            serverLoops.shutdownGracefully(0, LIMIT_S, TimeUnit.SECONDS).sync();
        }
    }

    private static EventLoopGroup loops(SelectorProvider provider) {
        return new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory(provider));
    }

    private static void theServerStreams(ManagedChannel channel) {
        Iterator<String> messages = ClientCalls.blockingServerStreamingCall(channel, COUNT, CallOptions.DEFAULT,
                "" + MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(messages.next()).isEqualTo(message(i));
        }
        assertThat(messages.hasNext()).isFalse();
    }

    /** Several at a time on one connection. */
    private static void bothStream(ManagedChannel channel) throws InterruptedException {
        List<Heard> all = new ArrayList<>();
        List<StreamObserver<String>> calls = new ArrayList<>();
        for (int c = 0; c < 10; c++) {
            Heard heard = new Heard(new LinkedBlockingQueue<>());
            all.add(heard);
            calls.add(ClientCalls.asyncBidiStreamingCall(channel.newCall(ECHO, CallOptions.DEFAULT), heard));
        }
        for (int i = 0; i < 100; i++) {
            for (StreamObserver<String> call : calls) {
                call.onNext(message(i));
            }
        }
        for (StreamObserver<String> call : calls) {
            call.onCompleted();
        }
        for (Heard heard : all) {
            for (int i = 0; i < 100; i++) {
                assertThat(heard.next()).isEqualTo(message(i));
            }
            assertThat(heard.next()).isEqualTo(END);
        }
    }
}
