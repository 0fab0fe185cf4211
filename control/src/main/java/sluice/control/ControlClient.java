package sluice.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import sluice.observe.json.JsonWriter;

/** Asks a running process. */
public final class ControlClient {
    private static final int MAX_ANSWER = 1 << 30;

    private ControlClient() {}

    /** Sends a command with its arguments and waits for the answer. */
    public static ControlAnswer ask(Path socket, List<String> words) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
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
