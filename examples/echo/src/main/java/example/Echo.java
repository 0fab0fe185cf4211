package example;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
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

/** Sends back what it gets: {@code nc 10.99.0.2 7}. A virtual thread for each connection. */
public final class Echo {
    private Echo() {}

    public static void main(String[] args) throws Exception {
        TunDevice tun = TunDevice.open(TunOptions.tun("sluice0"));
        InterfaceSetup.of("sluice0").address("10.99.0.1/24").apply(NetworkNamespace.current());
        try (Stack stack = Stack.builder(HostConfig.builder(new SystemEntropy()).build()).link("tun0", tun)
                .waiter(new LinuxWaiter(tun)).address("tun0", IpAddress.parse("10.99.0.2"), 24).start();
                ServerSocket server = SluiceSockets.of(stack).serverSocketFactory().createServerSocket(7)) {
            System.out.println("listening on 10.99.0.2 port 7");
            while (true) {
                Socket peer = server.accept();
                Thread.ofVirtual().start(() -> echo(peer));
            }
        }
    }

    private static void echo(Socket peer) {
        try (peer) {
            peer.getInputStream().transferTo(peer.getOutputStream());
        } catch (IOException e) {
            System.err.println(e);
        }
    }
}
