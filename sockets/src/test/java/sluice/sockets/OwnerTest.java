package sluice.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.core.tcp.segment.TcpState;
import sluice.engine.Stack;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SocketTable;

/** sluice.debug.owners: ss and diagnose say which code opened or accepted a socket. */
class OwnerTest {
    private static final String PROPERTY = "sluice.debug.owners";

    @AfterEach
    void off() {
        System.clearProperty(PROPERTY);
    }

    private static String owner(Stack stack) {
        List<SocketRow> rows = stack.execute(host -> SocketTable.snapshot(host, stack.access().nowNs()));
        return rows.stream().filter(r -> r.state() == TcpState.ESTABLISHED).findFirst().orElseThrow().owner();
    }

    private static Socket accepts(ServerSocket server) throws Exception {
        return server.accept();
    }

    @Test
    void theCodeThatConnectedOrAccepted() throws Exception {
        System.setProperty(PROPERTY, "true");
        try (TwoStacks stacks = new TwoStacks();
                ServerSocket server = stacks.listen();
                Socket client = stacks.connect(server);
                Socket peer = accepts(server)) {
            assertThat(client.isConnected() && peer.isConnected()).isTrue();
            assertThat(owner(stacks.left)).startsWith("TwoStacks.connect(TwoStacks.java:")
                    .contains(" < OwnerTest.theCodeThatConnectedOrAccepted(OwnerTest.java:")
                    .endsWith(" by " + Thread.currentThread().getName());
            assertThat(owner(stacks.right)).startsWith("OwnerTest.accepts(OwnerTest.java:");
        }
    }

    @Test
    void nobodyIsNamedUnlessAsked() throws Exception {
        try (TwoStacks stacks = new TwoStacks();
                ServerSocket server = stacks.listen();
                Socket client = stacks.connect(server);
                Socket peer = accepts(server)) {
            assertThat(client.isConnected() && peer.isConnected()).isTrue();
            assertThat(owner(stacks.left)).isEmpty();
        }
    }
}
