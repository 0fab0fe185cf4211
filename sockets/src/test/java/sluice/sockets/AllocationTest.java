package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What reads and writes cost in garbage. */
class AllocationTest {
    private static final int WARM_UP = 60_000;
    private static final int MEASURED = 20_000;

    private static void echo(Socket s) throws Exception {
        byte[] b = new byte[64];
        InputStream in = s.getInputStream();
        OutputStream out = s.getOutputStream();
        for (int n = in.read(b); n >= 0; n = in.read(b)) {
            out.write(b, 0, n);
        }
    }

    private static void rounds(Socket s, byte[] b, int count) throws Exception {
        InputStream in = s.getInputStream();
        OutputStream out = s.getOutputStream();
        for (int i = 0; i < count; i++) {
            out.write(b);
            in.readNBytes(b, 0, b.length);
        }
    }

    @Test
    void aRoundTripAllocatesNextToNothing() throws Exception {
        try (TwoStacks stacks = new TwoStacks(); ServerSocket server = stacks.listen()) {
            Thread.ofPlatform().daemon().start(new FutureTask<>(() -> {
                echo(server.accept());
                return null;
            }));
            try (Socket s = stacks.connect(server)) {
                byte[] b = new byte[32];
                rounds(s, b, WARM_UP);
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long before = threads.getCurrentThreadAllocatedBytes();
                rounds(s, b, MEASURED);
                long each = (threads.getCurrentThreadAllocatedBytes() - before) / MEASURED;
                assertThat(each).as("bytes allocated by the client's thread per round trip").isLessThanOrEqualTo(8);
                System.getLogger(AllocationTest.class.getName()).log(System.Logger.Level.INFO,
                        "bytes per round trip: " + each);
            }
        }
    }
}
