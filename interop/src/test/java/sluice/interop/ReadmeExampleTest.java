package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import sluice.control.ControlSocket;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;

/** The program in the README, in a namespace of its own, with a client of the kernel. */
final class ReadmeExampleTest {
    @Test
    void theProgramInTheReadmeEchoes() throws Exception {
        Machine.requireDevices();
        try (NetworkNamespace namespace = NetworkNamespace.createPrivate()) {
            TunDevice tun = namespace.openTun(TunOptions.tun("sluice0"));
            InterfaceSetup.of("sluice0").address("10.99.0.1/24").apply(namespace);
            try (Stack stack = Stack.builder(HostConfig.builder(new SystemEntropy()).build()).link("tun0", tun)
                    .waiter(new LinuxWaiter(tun))
                    .address("tun0", IpAddress.parse("10.99.0.2"), 24).with(new ControlSocket("echo")).start();
                    ServerSocket server = SluiceSockets.of(stack).serverSocketFactory().createServerSocket(7)) {
                CompletableFuture<byte[]> client = CompletableFuture.supplyAsync(() -> echo(namespace));
                try (Socket peer = server.accept()) {
                    peer.getInputStream().transferTo(peer.getOutputStream());
                }
                assertThat(client.get()).isEqualTo("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        }
    }

    private static byte[] echo(NetworkNamespace namespace) {
        try {
            return namespace.call(() -> {
                try (Socket s = new Socket("10.99.0.2", 7)) {
                    s.getOutputStream().write("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    s.shutdownOutput();
                    return s.getInputStream().readAllBytes();
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
