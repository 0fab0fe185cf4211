package example;

import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import sluice.core.HostConfig;
import sluice.core.LinkProperties;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.ImpairedLink;
import sluice.link.Link;
import sluice.link.PipeLink;
import sluice.sockets.SluiceSockets;
import sluice.wire.IpAddress;

/** A megabyte from one stack to another through a link that loses packets; no device, no root. */
public final class TwoStacks {
    private static final int BYTES = 1 << 20;

    private TwoStacks() {}

    private static Stack stack(String name, Link link, String address) {
        return Stack.builder(HostConfig.builder(new SystemEntropy()).name(name).build()).name(name)
                .link("pipe0", link).address("pipe0", IpAddress.parse(address), 24).start();
    }

    public static void main(String[] args) throws Exception {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), PipeLink.DEFAULT_QUEUE);
        Link lossy = ImpairedLink.outbound(pipe.a(), "delay 5ms loss 2%", 42);
        try (Stack client = stack("client", lossy, "10.0.0.1");
                Stack server = stack("server", pipe.b(), "10.0.0.2");
                ServerSocket listener = SluiceSockets.of(server).serverSocketFactory().createServerSocket(80)) {
            FutureTask<Integer> received = new FutureTask<>(() -> {
                try (Socket peer = listener.accept()) {
                    return peer.getInputStream().readAllBytes().length;
                }
            });
            Thread.ofVirtual().start(received);
            try (Socket socket = SluiceSockets.of(client).socketFactory().createSocket("10.0.0.2", 80);
                    OutputStream out = socket.getOutputStream()) {
                out.write(new byte[BYTES]);
            }
            System.out.println("received " + received.get() + " bytes");
        }
    }
}
