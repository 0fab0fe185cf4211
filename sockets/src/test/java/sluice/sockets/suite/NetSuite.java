package sluice.sockets.suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What the cases of java.net's sockets share. */
abstract class NetSuite extends Suite {
    final Socket client() throws IOException {
        return closing(backend.newSocket(false));
    }

    final ServerSocket listening() throws IOException {
        ServerSocket s = closing(backend.newServerSocket());
        s.bind(new InetSocketAddress(backend.serverAddress(), 0));
        return s;
    }

    record Two(Socket client, Socket server) {}

    final Two two() throws IOException {
        ServerSocket s = listening();
        Socket c = client();
        c.connect(s.getLocalSocketAddress());
        return new Two(c, closing(s.accept()));
    }

    static void write(Socket s, String text) throws IOException {
        s.getOutputStream().write(text.getBytes());
    }

    static String read(Socket s, int count) throws IOException {
        return new String(s.getInputStream().readNBytes(count));
    }
}
