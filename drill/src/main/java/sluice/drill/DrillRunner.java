package sluice.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.core.trace.TraceSink;
import sluice.drill.DrillResult.Verdict;

/** Runs scripts from files. Each has its own host; several threads may run scripts at the same time. */
public final class DrillRunner {
    private static final int MAX_BYTES = 16 << 20;

    private final DrillOptions options;
    private final @Nullable DrillCapture capture;

    /** For scripts to be run with these options; packets are written to {@code capture} unless it is null. */
    public DrillRunner(DrillOptions options, @Nullable DrillCapture capture) {
        this.options = options.copy();
        this.capture = capture;
    }

    /** The scripts (*.pkt) that a file or folder stands for, in order of their names. */
    public static List<Path> scripts(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(f -> f.toString().endsWith(".pkt") && Files.isRegularFile(f)).sorted().toList();
        } catch (UncheckedIOException e) { // a folder within that may not be read
            throw e.getCause();
        }
    }

    /** Whether a script is meant for the mode: names that end in v4.pkt and v6.pkt are for one family. */
    public static boolean fits(Path script, DrillMode mode) {
        String name = String.valueOf(script.getFileName());
        return mode == DrillMode.IPV6 ? !name.endsWith("v4.pkt") : !name.endsWith("v6.pkt");
    }

    /** Runs one script; never throws because of what it says. */
    public DrillResult run(Path file) {
        long start = System.nanoTime();
        String name = file.toString();
        String text;
        try {
            text = text(file);
        } catch (IOException e) {
            return result(name, options, Verdict.FAIL, 0, "cannot be read: " + e, null, null, new Ladder(), start);
        }
        Path directory = file.toAbsolutePath().getParent();
        return run(name, text, directory == null ? Path.of("") : directory, start);
    }

    /**
     * UTF-8, or Latin-1 where that does not fit: comments may have letters of old. No more than {@link #MAX_BYTES}: a
     * device may have no end.
     */
    static String text(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("longer than " + MAX_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** Runs a script given as text. */
    public DrillResult run(String name, String text) {
        return run(name, text, Path.of(""), System.nanoTime());
    }

    private DrillResult run(String name, String text, Path directory, long start) {
        Ladder ladder = new Ladder();
        DrillOptions all = options;
        Executor executor = null;
        try {
            // Options of the script may define words, so it is read twice when it has some.
            Script script = ScriptParser.parse(text, options.defines());
            all = options.over(script.options());
            if (!script.options().isEmpty()) {
                script = ScriptParser.parse(text, all.defines());
            }
            executor = new Executor(script, all, directory, ladder, DrillCapture.watcher(capture, name),
                    TraceSink.NONE);
            executor.run();
            return result(name, all, Verdict.PASS, 0, "", null, null, ladder, start);
        } catch (SkipException e) {
            return result(name, all, Verdict.SKIP, line(executor), String.valueOf(e.getMessage()), null, null, ladder,
                    start);
        } catch (FailException e) {
            return result(name, all, Verdict.FAIL, line(executor), String.valueOf(e.getMessage()), e.expected(),
                    e.actual(), ladder, start);
        } catch (ScriptException e) {
            return result(name, all, Verdict.FAIL, e.line(), "the script cannot be read: " + e.getMessage(), null, null,
                    ladder, start);
        } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
            StackTraceElement[] trace = e.getStackTrace();
            return result(name, all, Verdict.FAIL, line(executor),
                    "defect: " + e + (trace.length > 0 ? " at " + trace[0] : ""), null, null, ladder, start);
        }
    }

    private static int line(@Nullable Executor executor) {
        return executor == null ? 1 : executor.line();
    }

    private static DrillResult result(String name, DrillOptions options, Verdict verdict, int line, String message,
            @Nullable String expected,
            @Nullable String actual, Ladder ladder, long start) {
        return new DrillResult(name, options.mode(), verdict, line, message, expected, actual, ladder.lines(),
                (System.nanoTime() - start) / 1_000_000);
    }
}
