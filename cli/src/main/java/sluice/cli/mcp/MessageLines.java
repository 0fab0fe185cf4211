package sluice.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Messages, one a line, none longer than a bound: what is longer is read past and never held. */
final class MessageLines {
    /** Stands for a line that was too long. */
    static final String TOO_LONG = "\n";

    private final InputStream in;
    private final int mostBytes;

    MessageLines(InputStream in, int mostBytes) {
        this.in = new BufferedInputStream(in);
        this.mostBytes = mostBytes;
    }

    /** The next line; {@link #TOO_LONG}; null at the end. A last line without an end is a line. */
    @Nullable String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            tooLong |= line.size() >= mostBytes;
            if (!tooLong) {
                line.write(c);
            }
        }
        return tooLong ? TOO_LONG : line.toString(UTF_8);
    }
}
