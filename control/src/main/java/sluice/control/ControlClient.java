package sluice.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import sluice.observe.json.JsonWriter;

/** Asks a running process. */
public final class ControlClient {
    private static final int MAX_ANSWER = 1 << 30;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ControlClient() {}

    /**
     * Sends a command with its arguments and waits for the answer.
     *
     * @throws IOException when there is none within ten seconds, as of a process that is stopped
     */
    public static ControlAnswer ask(Path socket, List<String> words) throws IOException {
        return ask(socket, words, PATIENCE);
    }

    /** The same with another patience. */
    static ControlAnswer ask(Path socket, List<String> words, Duration patience) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread limit = Thread.ofVirtual().start(() -> closeAfter(patience, channel));
            try {
                return ask(channel, socket, words);
            } catch (AsynchronousCloseException e) {
                throw new IOException("the process does not answer", e);
            } finally {
                limit.interrupt();
            }
        }
    }

    private static void closeAfter(Duration patience, SocketChannel channel) {
        try {
            Thread.sleep(patience);
            channel.close();
        } catch (InterruptedException | IOException e) {
            // answered in time, or closed already
        }
    }

    private static ControlAnswer ask(SocketChannel channel, Path socket, List<String> words) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(socket));
        JsonWriter json = new JsonWriter().value(words);
        ByteBuffer request = ByteBuffer.wrap((json + "\n").getBytes(UTF_8));
        while (request.hasRemaining()) {
            channel.write(request);
        }
        InputStream in = Channels.newInputStream(channel);
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || head.length() > 40) {
                throw new EOFException("the process did not answer");
            }
            head.append((char) c);
        }
        return body(in, head.toString());
    }

    private static ControlAnswer body(InputStream in, String head) throws IOException {
        try {
            int space = head.indexOf(' ');
            int status = Integer.parseInt(head.substring(0, Math.max(0, space)));
            int length = Integer.parseInt(head.substring(space + 1));
            if (length < 0 || length > MAX_ANSWER) {
                throw new IOException("the process gave an answer of " + length + " bytes");
            }
            byte[] text = in.readNBytes(length);
            if (text.length < length) {
                throw new EOFException("the process ended in the middle of its answer");
            }
            return new ControlAnswer(status, new String(text, UTF_8));
        } catch (NumberFormatException e) {
            throw new IOException("the process answered \"" + head + "\"", e);
        }
    }
}
