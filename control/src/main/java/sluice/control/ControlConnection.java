package sluice.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One client of the control socket: the request so far, and what it has not read yet of the answer. */
final class ControlConnection implements AutoCloseable {
    /** Longest request, bytes. */
    static final int MAX_REQUEST = 65_536;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(MAX_REQUEST + 1);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private long waitsSinceNs = System.nanoTime();

    ControlConnection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    /** Since when we wait for its request, or for it to read, in time of {@link System#nanoTime}. */
    long waitsSinceNs() {
        return waitsSinceNs;
    }

    /** Goes on as far as the client lets us; false when nothing more is to come. */
    boolean proceed(Function<String, ControlAnswer> commands) throws IOException {
        write();
        boolean ended = !out.hasRemaining() && channel.read(in) < 0;
        while (!out.hasRemaining()) {
            String line = nextLine();
            if (line == null) {
                key.interestOps(SelectionKey.OP_READ);
                return !ended && in.hasRemaining();
            }
            out = bytes(commands.apply(line));
            write();
        }
        key.interestOps(SelectionKey.OP_WRITE);
        return true;
    }

    private void write() throws IOException {
        if (out.hasRemaining() && channel.write(out) > 0) {
            waitsSinceNs = System.nanoTime();
        }
    }

    /** The next whole line that came; null when there is none. */
    private @Nullable String nextLine() {
        in.flip();
        String line = null;
        for (int i = 0; i < in.limit() && line == null; i++) {
            if (in.get(i) == '\n') {
                line = UTF_8.decode(in.slice(0, i)).toString();
                in.position(i + 1);
            }
        }
        in.compact();
        return line;
    }

    private static ByteBuffer bytes(ControlAnswer answer) {
        byte[] text = answer.text().getBytes(UTF_8);
        byte[] head = (answer.status() + " " + text.length + "\n").getBytes(UTF_8);
        return ByteBuffer.allocate(head.length + text.length).put(head).put(text).flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
