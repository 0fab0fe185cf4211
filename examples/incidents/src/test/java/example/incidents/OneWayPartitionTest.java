package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** A member of the cluster hears nothing any more and does not know: one direction of its path is gone. gRPC. */
@Link(between = {"member", "leader"}, netem = "delay 1ms")
class OneWayPartitionTest extends Incident {
    private static final MethodDescriptor<String, String> EVENTS = Grpc.method("cluster/events",
            MethodType.SERVER_STREAMING);

    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("leader").start(() -> Grpc.serve(() -> ServerServiceDefinition.builder("cluster")
                .addMethod(EVENTS, ServerCalls.asyncServerStreamingCall((request, out) -> {
                    out.onNext("welcome"); // an event now and then
                })).build()));
        net.host("member").run(() -> {
            NettyChannelBuilder b = Grpc.channel("leader");
            ManagedChannel channel = cured ? b.keepAliveTime(5, TimeUnit.MINUTES).build() : b.build();
            Iterator<String> events = ClientCalls.blockingServerStreamingCall(channel, EVENTS,
                    CallOptions.DEFAULT.withDeadlineAfter(15, TimeUnit.MINUTES), "all"); // or it waits for ever
            events.next();
            net.partitionOneWay("leader", "member").optional();
            double took = seconds(net, () -> next(events));
            assertTrue(took < 600, "a lost leader is noticed within ten minutes, not after " + took + " s");
        });
    }

    private static void next(Iterator<String> events) {
        try {
            events.next();
        } catch (StatusRuntimeException e) {
            System.out.println("  " + e.getStatus());
        }
    }
}
