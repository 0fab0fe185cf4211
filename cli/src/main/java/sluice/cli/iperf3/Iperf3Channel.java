package sluice.cli.iperf3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import sluice.observe.json.JsonException;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonReader;

/** The control connection in iperf3's terms: the cookie, states of one byte, and JSON texts behind their length. */
final class Iperf3Channel implements AutoCloseable {
    /** Bytes of a cookie: 36 characters and a zero. */
    static final int COOKIE = 37;
    private static final int MAX_JSON = 16 << 20;

    /** A blocking connection. */
    interface Transport extends AutoCloseable {
        /** Reads at least one byte; -1 at the end. */
        int read(byte[] into, int offset, int length) throws IOException;

        /** Writes all. */
        void write(byte[] from) throws IOException;

        /**
         * From now on the peer may be silent so long while it is waited for, milliseconds; then reads and writes fail
         * with {@link java.net.SocketTimeoutException}. For ever until this is called.
         */
        void setPatience(long ms);

        @Override
        void close();
    }

    private final Transport transport;

    Iperf3Channel(Transport transport) {
        this.transport = transport;
    }

    void writeState(int state) throws IOException {
        transport.write(new byte[]{(byte) state});
    }

    /** {@link Transport#setPatience}. */
    void setPatience(long ms) {
        transport.setPatience(ms);
    }

    int readState() throws IOException {
        return readFully(1)[0];
    }

    /** Reads states until {@code wanted} comes; anything else is an error. */
    void expect(int wanted) throws IOException {
        int state = readState();
        if (state == wanted) {
            return;
        }
        throw switch (state) {
            case Iperf3State.ACCESS_DENIED -> new Iperf3Exception("the server is busy running a test. try again later");
            case Iperf3State.SERVER_ERROR -> {
                ByteBuffer codes = ByteBuffer.wrap(readFully(8));
                yield new Iperf3Exception(
                        "the server reports its error " + codes.getInt() + " (errno " + codes.getInt() + ")");
            }
            case Iperf3State.SERVER_TERMINATE -> new Iperf3Exception("the server has terminated");
            case Iperf3State.CLIENT_TERMINATE -> new Iperf3Exception("the client has terminated");
            default -> new Iperf3Exception(
                    "the peer sent " + Iperf3State.name(state) + " instead of " + Iperf3State.name(wanted));
        };
    }

    void writeError(int code) throws IOException {
        transport.write(ByteBuffer.allocate(9).put((byte) Iperf3State.SERVER_ERROR).putInt(code).putInt(0).array());
    }

    void writeCookie(byte[] cookie) throws IOException {
        transport.write(cookie);
    }

    void writeJson(String json) throws IOException {
        byte[] text = json.getBytes(UTF_8);
        transport.write(ByteBuffer.allocate(4 + text.length).putInt(text.length).put(text).array());
    }

    JsonObject readJson() throws IOException {
        int length = ByteBuffer.wrap(readFully(4)).getInt();
        if (length < 2 || length > MAX_JSON) {
            throw new Iperf3Exception("a JSON text of " + length + " bytes");
        }
        try {
            return JsonReader.readObject(new String(readFully(length), UTF_8));
        } catch (JsonException e) {
            throw new Iperf3Exception(String.valueOf(e.getMessage()));
        }
    }

    private byte[] readFully(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, 1 << 16)];
        for (int done = 0; done < length;) {
            if (done == bytes.length) {
                // a length alone takes no memory
                bytes = java.util.Arrays.copyOf(bytes, (int) Math.min(length, bytes.length * 2L));
            }
            int n = transport.read(bytes, done, bytes.length - done);
            if (n < 0) {
                throw new EOFException("the peer closed the control connection");
            }
            done += n;
        }
        return bytes;
    }

    @Override
    public void close() {
        transport.close();
    }
}
