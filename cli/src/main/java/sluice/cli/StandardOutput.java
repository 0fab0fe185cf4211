package sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The process's standard output, which says at once on standard error why it cannot be written: a {@link PrintStream}
 * alone keeps that to itself. A reader that has gone away ({@code sluice ss | head}) is not told of.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream below;
    private volatile @Nullable IOException failure;

    /** In front of {@code below}. */
    StandardOutput(OutputStream below) {
        this.below = below;
    }

    /** Takes the place of {@link System#out}. */
    static StandardOutput install() {
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(new BufferedOutputStream(output), false, UTF_8));
        return output;
    }

    /** The command's exit status: {@link Main#FAILED} when what it printed did not arrive. */
    int status(int status) {
        System.out.flush();
        return failure != null && status == Main.OK ? Main.FAILED : status;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
        try {
            below.write(b, offset, length);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            if (failure == null && !reason.contains("Broken pipe")) {
                failure = e;
                System.err.println("sluice: standard output cannot be written: " + reason);
            }
            throw e;
        }
    }
}
