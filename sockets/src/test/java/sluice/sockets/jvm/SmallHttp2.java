package sluice.sockets.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * As much of an HTTP/2 server (RFC 9113) as answers GET, one after the other: it reads no header and tells only 200.
 */
final class SmallHttp2 {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PREFACE = 24;
    /** ":status 200" of HPACK's static table. */
    private static final byte[] OK = {(byte) 0x88};
    private static final int FRAME = 16_384;

    private final byte[] body;
    private DataInputStream in;
    private DataOutputStream out;
    private long window = 65_535;
    private long streamWindow;
    private int settledWindow = 65_535;

    SmallHttp2(byte[] body) {
        this.body = body;
    }

    /** Answers so many requests; their number. */
    int serve(SSLSocket socket, int count) throws IOException {
        try (socket) {
            SSLParameters p = socket.getSSLParameters();
            p.setApplicationProtocols(new String[]{"h2"});
            socket.setSSLParameters(p);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
            assertThat(new String(in.readNBytes(PREFACE))).startsWith("PRI * HTTP/2.0");
            frame(SETTINGS, 0, 0, new byte[0], 0, 0);
            for (int i = 0; i < count; i++) {
                int stream = awaitRequest();
                frame(HEADERS, END_HEADERS, stream, OK, 0, OK.length);
                send(stream);
            }
            return count;
        }
    }

    private int awaitRequest() throws IOException {
        while (true) {
            int stream = read();
            if (stream > 0) {
                streamWindow = settledWindow;
                return stream;
            }
        }
    }

    /** Reads a frame; the stream of a request that is whole, else 0. */
    private int read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        switch (type) {
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    settle(payload);
                    frame(SETTINGS, ACK, 0, payload, 0, 0);
                }
            }
            case PING -> frame(PING, ACK, 0, payload, 0, length);
            case WINDOW_UPDATE -> {
                int more = number(payload, 0);
                window += stream == 0 ? more : 0;
                streamWindow += stream == 0 ? 0 : more;
            }
            case HEADERS -> {
                return (flags & END_STREAM) != 0 ? stream : 0;
            }
            default -> {
                // nothing to answer
            }
        }
        return 0;
    }

    private void settle(byte[] payload) {
        for (int at = 0; at < payload.length; at += 6) {
            if (payload[at + 1] == 4) { // SETTINGS_INITIAL_WINDOW_SIZE
                settledWindow = number(payload, at + 2);
            }
        }
    }

    private static int number(byte[] from, int at) {
        return (from[at] & 0xff) << 24 | (from[at + 1] & 0xff) << 16 | (from[at + 2] & 0xff) << 8
                | from[at + 3] & 0xff;
    }

    private void send(int stream) throws IOException {
        for (int at = 0; at < body.length;) {
            int n = (int) Math.min(Math.min(FRAME, body.length - at), Math.min(window, streamWindow));
            if (n <= 0) {
                read();
                continue;
            }
            frame(DATA, at + n == body.length ? END_STREAM : 0, stream, body, at, n);
            window -= n;
            streamWindow -= n;
            at += n;
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload, int offset, int length) throws IOException {
        byte[] all = new byte[9 + length];
        all[0] = (byte) (length >> 16);
        all[1] = (byte) (length >> 8);
        all[2] = (byte) length;
        all[3] = (byte) type;
        all[4] = (byte) flags;
        for (int i = 0; i < 4; i++) {
            all[5 + i] = (byte) (stream >> 24 - 8 * i);
        }
        System.arraycopy(payload, offset, all, 9, length);
        out.write(all);
        out.flush();
    }
}
