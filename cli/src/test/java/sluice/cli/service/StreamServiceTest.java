package sluice.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sluice.cli.TwoStacks;
import sluice.core.ReadinessListener;
import sluice.core.tcp.user.TcpListener;

/** What goes wrong with one connection of a service stays with it. */
class StreamServiceTest {
    private static void expectEcho(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[]{1, 2, 3});
        assertThat(socket.getInputStream().read(new byte[3])).isPositive();
    }

    @Test
    void anErrorOfOneHandlerEndsItsConnectionOnly() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (TwoStacks stacks = new TwoStacks()) {
            stacks.b.execute(host -> StreamService.listen(host, 7, () -> {
                if (made.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("for the test");
                }
                return EchoHandler.INSTANCE;
            }));
            assertThatThrownBy(() -> {
                try (Socket first = stacks.connect(7)) { // which may hear of the reset before it has returned
                    first.getInputStream().read();
                }
            }).isInstanceOf(SocketException.class);
            try (Socket second = stacks.connect(7)) {
                expectEcho(second);
            }
        }
    }

    @Test
    void anErrorInTheCallEndsItsConnectionAndOfAListenerNothing() throws Exception {
        ReadinessListener failing = (endpoint, readiness, nowNs) -> {
            throw new OutOfMemoryError("for the test");
        };
        try (TwoStacks stacks = new TwoStacks()) {
            AtomicInteger made = new AtomicInteger();
            TcpListener listener = stacks.b.execute(host -> StreamService.listen(host, 7,
                    () -> made.incrementAndGet() == 1 ? failing : EchoHandler.INSTANCE));
            stacks.b.execute(host -> {
                listener.addListener(failing);
                return null;
            });
            try (Socket first = stacks.connect(7)) {
                assertThatThrownBy(() -> first.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            try (Socket second = stacks.connect(7)) {
                expectEcho(second);
            }
        }
    }

    @Test
    void theSlowestGivesWayWhenAllPlacesAreTaken() throws Exception {
        try (TwoStacks stacks = new TwoStacks()) {
            stacks.b.execute(host -> {
                StreamService.listen(host, 7, () -> EchoHandler.INSTANCE);
                host.settings().set("fs.file-max", "16"); // four places
                return null;
            });
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                sockets.add(stacks.connect(7));
                expectEcho(sockets.getLast());
            }
            expectEcho(sockets.getFirst());
            try (Socket newcomer = stacks.connect(7)) {
                expectEcho(newcomer);
            }
            expectEcho(sockets.getFirst());
            assertThatThrownBy(() -> sockets.get(1).getInputStream().read()).isInstanceOf(SocketException.class);
            for (Socket s : sockets) {
                s.close();
            }
        }
    }
}
