package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sluice.virtual.Fault;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** One packet is lost, and all calls wait for it: they share a connection. gRPC, HTTP/2. */
@Link(between = {"app", "api"}, netem = "delay 20ms")
class HeadOfLineBlockingTest extends Incident {
    private static final int CALLS = 8;
    private static final String ANSWER = "answer ".repeat(100);
    private static final MethodDescriptor<String, String> ECHO = Grpc.method("api/echo", MethodType.UNARY);

    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("api").start(() -> Grpc.serve(() -> ServerServiceDefinition.builder("api")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, out) -> {
                    out.onNext(ANSWER);
                    out.onCompleted();
                })).build()));
        net.host("app").run(() -> {
            List<ManagedChannel> channels = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                channels.add(cured || i == 0 ? Grpc.channel("api").build() : channels.getFirst());
                ClientCalls.blockingUnaryCall(channels.getLast(), ECHO, CallOptions.DEFAULT, "warm up");
            }
            try (Fault lost = net.link("app", "api").from("api").drop(p -> p.payload() > 500).first(1)) {
                int late = late(net, channels);
                assertTrue(late <= 1, "a lost packet makes one call late, not " + late + " of " + CALLS);
            }
        });
    }

    private static int late(Network net, List<ManagedChannel> channels) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Double>> all = new ArrayList<>();
        for (ManagedChannel c : channels) {
            all.add(threads.submit(() -> seconds(net,
                    () -> ClientCalls.blockingUnaryCall(c, ECHO, CallOptions.DEFAULT, "now"))));
        }
        int late = 0;
        for (Future<Double> f : all) {
            late += f.get() > 0.06 ? 1 : 0; // a round trip is 0.04
        }
        return late;
    }
}
