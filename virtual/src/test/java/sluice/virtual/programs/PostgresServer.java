package sluice.virtual.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * As much of PostgreSQL's protocol (version 3.0) as its JDBC driver uses for a prepared statement: lets everybody in,
 * and answers each statement with one row whose one column, a text, is the statement's first parameter; one without
 * parameters with no row.
 */
final class PostgresServer {
    static final int PORT = 5432;

    private static final int TEXT_OID = 25;

    private PostgresServer() {}

    /** Serves until its host ends. */
    static void serve() throws IOException {
        try (ServerSocket server = new ServerSocket(PORT)) {
            while (true) {
                Socket s = server.accept();
                Thread.ofPlatform().daemon().name("backend").start(() -> serve(s));
            }
        }
    }

    private static void serve(Socket s) {
        try (s) {
            s.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(s.getInputStream()));
            start(in, s);
            session(in, s);
        } catch (IOException e) {
            // the client is gone
        }
    }

    private static void start(DataInputStream in, Socket s) throws IOException {
        byte[] startup = in.readNBytes(in.readInt() - 4);
        while (startup[1] != 3) { // it asks for encryption
            s.getOutputStream().write('N');
            startup = in.readNBytes(in.readInt() - 4);
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        message(answer, 'R', new byte[4]);
        for (String p : List.of("server_version\00016.0", "client_encoding\000UTF8", "DateStyle\000ISO",
                "TimeZone\000UTC", "integer_datetimes\000on", "standard_conforming_strings\000on")) {
            message(answer, 'S', (p + "\000").getBytes(UTF_8));
        }
        message(answer, 'K', new byte[8]);
        message(answer, 'Z', new byte[]{'I'});
        s.getOutputStream().write(answer.toByteArray());
    }

    /** What belongs together, up to a Sync, is answered together. */
    private static void session(DataInputStream in, Socket s) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] row = new byte[0];
        for (int kind = in.read(); kind >= 0 && kind != 'X'; kind = in.read()) {
            ByteBuffer body = ByteBuffer.wrap(in.readNBytes(in.readInt() - 4));
            switch (kind) {
                case 'P' -> message(answer, '1', new byte[0]);
                case 'B' -> {
                    row = firstParameter(body);
                    message(answer, '2', new byte[0]);
                }
                case 'D' -> {
                    if (body.get() == 'S') {
                        message(answer, 't', ByteBuffer.allocate(6).putShort((short) 1).putInt(TEXT_OID).array());
                    }
                    message(answer, 'T', column());
                }
                case 'E' -> {
                    if (row.length > 0) {
                        message(answer, 'D', row);
                    }
                    message(answer, 'C', (row.length > 0 ? "SELECT 1\000" : "SET\000").getBytes(UTF_8));
                }
                case 'C' -> message(answer, '3', new byte[0]);
                case 'Q', 'S' -> {
                    if (kind == 'Q') {
                        message(answer, 'C', "SET\000".getBytes(UTF_8));
                    }
                    message(answer, 'Z', new byte[]{'I'});
                    s.getOutputStream().write(answer.toByteArray());
                    answer.reset();
                }
                default -> throw new IllegalArgumentException("message " + (char) kind + " of " + body.remaining());
            }
        }
    }

    /** A DataRow with the first parameter of a Bind; nothing when it has none. */
    private static byte[] firstParameter(ByteBuffer bind) {
        skipName(bind);
        skipName(bind);
        int formats = bind.getShort();
        bind.position(bind.position() + Short.BYTES * formats);
        if (bind.getShort() == 0) {
            return new byte[0];
        }
        int length = bind.getInt();
        ByteBuffer row = ByteBuffer.allocate(Short.BYTES + Integer.BYTES + length).putShort((short) 1).putInt(length);
        return row.put(bind.slice(bind.position(), length)).array();
    }

    private static void skipName(ByteBuffer b) {
        byte c = b.get();
        while (c != 0) {
            c = b.get();
        }
    }

    private static byte[] column() {
        byte[] name = "value\000".getBytes(UTF_8);
        return ByteBuffer.allocate(Short.BYTES + name.length + 18).putShort((short) 1).put(name).putInt(0)
                .putShort((short) 0).putInt(TEXT_OID).putShort((short) -1).putInt(-1).putShort((short) 0).array();
    }

    private static void message(ByteArrayOutputStream to, char kind, byte[] body) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeByte(kind);
        out.writeInt(Integer.BYTES + body.length);
        out.write(body);
    }
}
