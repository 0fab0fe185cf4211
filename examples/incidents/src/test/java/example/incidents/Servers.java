package example.incidents;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Servers that are just enough for their clients. */
final class Servers {
    private Servers() {}

    /** Answers every request with "ok". */
    static void http(int backlog) throws IOException {
        answer(HttpServer.create(new InetSocketAddress(80), backlog));
    }

    /** The same over TLS. */
    static void https(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(443), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        answer(server);
    }

    private static void answer(HttpServer server) {
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(UTF_8));
            exchange.close();
        });
        server.start();
    }

    /** What is done with a connection. */
    interface Session {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    /** Serves each connection on a thread of its own. */
    static void each(int port, Session session) throws IOException {
        try (ServerSocket server = new ServerSocket(port, 1000)) {
            while (true) {
                Socket s = server.accept();
                s.setTcpNoDelay(true);
                Thread.ofPlatform().daemon().start(() -> {
                    try (s) {
                        session.serve(new BufferedInputStream(s.getInputStream()), s.getOutputStream());
                    } catch (IOException e) {
                        // the client is gone
                    }
                });
            }
        }
    }

    /** Redis: takes anything, knows PING and GET. */
    static void redis() throws IOException {
        each(6379, (in, out) -> {
            for (List<String> words = command(in); words != null; words = command(in)) {
                String answer = switch (words.getFirst().toUpperCase(java.util.Locale.ROOT)) {
                    case "PING" -> "+PONG\r\n";
                    case "GET" -> "$5\r\nvalue\r\n";
                    case "HELLO" -> "-ERR unknown command 'HELLO'\r\n";
                    default -> "+OK\r\n";
                };
                out.write(answer.getBytes(UTF_8));
            }
        });
    }

    private static List<String> command(InputStream in) throws IOException {
        String head = line(in);
        if (head == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        for (int n = Integer.parseInt(head.substring(1)); n > 0; n--) {
            int length = Integer.parseInt(line(in).substring(1));
            words.add(new String(in.readNBytes(length), UTF_8));
            in.readNBytes(2);
        }
        return words;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        in.read();
        return line.toString(UTF_8);
    }

    /** PostgreSQL: lets everybody in and says that every statement was done. */
    static void postgres() throws IOException {
        each(5432, (in, out) -> postgres(new DataInputStream(in), new DataOutputStream(out)));
    }

    private static void postgres(DataInputStream in, DataOutputStream out) throws IOException {
        for (boolean started = false; !started;) {
            byte[] startup = in.readNBytes(in.readInt() - 4);
            started = startup[0] == 0 && startup[1] == 3; // version 3.0; else it asks for encryption
            if (!started) {
                out.writeByte('N');
            }
        }
        message(out, 'R', new byte[4]);
        for (String p : List.of("server_version\00016.0", "client_encoding\000UTF8", "DateStyle\000ISO",
                "TimeZone\000UTC", "integer_datetimes\000on", "standard_conforming_strings\000on")) {
            message(out, 'S', (p + "\000").getBytes(UTF_8));
        }
        message(out, 'K', new byte[8]);
        message(out, 'Z', new byte[]{'I'});
        while (true) {
            int kind = in.read();
            if (kind < 0 || kind == 'X') {
                return;
            }
            in.readNBytes(in.readInt() - 4);
            switch (kind) {
                case 'P' -> message(out, '1', new byte[0]);
                case 'B' -> message(out, '2', new byte[0]);
                case 'D' -> message(out, 'n', new byte[0]);
                case 'E' -> message(out, 'C', "SET\000".getBytes(UTF_8));
                case 'Q' -> {
                    message(out, 'C', "SET\000".getBytes(UTF_8));
                    message(out, 'Z', new byte[]{'I'});
                }
                case 'S' -> message(out, 'Z', new byte[]{'I'});
                default -> {}
            }
        }
    }

    private static void message(DataOutputStream out, char kind, byte[] body) throws IOException {
        byte[] all = new byte[body.length + 5];
        all[0] = (byte) kind;
        for (int i = 0; i < 4; i++) {
            all[4 - i] = (byte) (body.length + 4 >>> 8 * i);
        }
        System.arraycopy(body, 0, all, 5, body.length);
        out.write(all);
    }
}
