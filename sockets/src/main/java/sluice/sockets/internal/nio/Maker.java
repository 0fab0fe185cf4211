package sluice.sockets.internal.nio;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where in the program a channel was opened or accepted, kept while the system property {@code sluice.debug.owners}
 * is true: for whoever looks for the code that does not close what it opened. Costs a stack trace for each channel.
 */
final class Maker {
    private static final String PROPERTY = "sluice.debug.owners";
    private static final int FRAMES = 4;
    private static final List<String> OURS = List.of("java.", "javax.", "jdk.", "sun.", "sluice.sockets.internal.",
            "sluice.sockets.Sluice", "sluice.sockets.Jvm", "sluice.engine.", "sluice.clock.");

    private Maker() {}

    /** What the calling thread is doing; null when that is not to be kept. */
    static @Nullable Throwable here() {
        return Boolean.getBoolean(PROPERTY) ? new Throwable(Thread.currentThread().getName()) : null;
    }

    /**
     * The program's own frames, innermost first, and the thread: "Pool.open(Pool.java:12) < Job.run(Job.java:40) by
     * w-1".
     */
    static String text(@Nullable Throwable made) {
        if (made == null) {
            return "";
        }
        Stream<String> frames = Stream.of(made.getStackTrace())
                .filter(f -> OURS.stream().noneMatch(f.getClassName()::startsWith)).limit(FRAMES)
                .map(f -> f.getClassName().substring(f.getClassName().lastIndexOf('.') + 1) + "." + f.getMethodName()
                        + "(" + f.getFileName() + ":" + f.getLineNumber() + ")");
        return String.join(" < ", frames.toList()) + " by " + made.getMessage();
    }
}
