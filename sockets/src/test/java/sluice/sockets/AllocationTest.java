package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What reads and writes cost in garbage. */
class AllocationTest {
    private static final int WARM_UP = 60_000;
    private static final int MEASURED = 20_000;

    private static void echo(SluiceSocket s) throws Exception {
        byte[] b = new byte[64];
        for (int n = s.read(b, 0, b.length); n >= 0; n = s.read(b, 0, b.length)) {
            s.write(b, 0, n);
        }
    }

    private static void rounds(SluiceSocket s, byte[] b, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            s.write(b, 0, b.length);
            int got = 0;
            while (got < b.length) {
                got += s.read(b, got, b.length - got);
            }
        }
    }

    @Test
    void aRoundTripAllocatesNextToNothing() throws Exception {
        try (TwoStacks stacks = new TwoStacks(); SluiceServerSocket server = stacks.listen()) {
            Thread.ofPlatform().daemon().start(new FutureTask<>(() -> {
                echo(server.accept());
                return null;
            }));
            try (SluiceSocket s = stacks.connect(server)) {
                byte[] b = new byte[32];
                rounds(s, b, WARM_UP);
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long before = threads.getCurrentThreadAllocatedBytes();
                rounds(s, b, MEASURED);
                long each = (threads.getCurrentThreadAllocatedBytes() - before) / MEASURED;
                // The views of the two rings are objects until the compiler sees through them; nothing else is made.
                assertThat(each).as("bytes allocated by the client's thread per round trip").isLessThanOrEqualTo(200);
                System.getLogger(AllocationTest.class.getName()).log(System.Logger.Level.INFO,
                        "bytes per round trip: " + each);
            }
        }
    }
}
