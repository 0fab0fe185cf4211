package sluice.engine;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/** How much memory this JVM may use. */
final class JvmMemory {
    private static final String LIMIT = "-XX:MaxDirectMemorySize=";

    private JvmMemory() {}

    /** The largest heap, bytes. */
    static long heapBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /** Native memory for buffers, bytes: -XX:MaxDirectMemorySize, or as much as the heap. */
    static long nativeBytes() {
        long limit = limit(ManagementFactory.getRuntimeMXBean().getInputArguments());
        return limit > 0 ? limit : heapBytes();
    }

    /** What the last such option of a JVM's command line says, bytes; 0 when none does. */
    static long limit(List<String> arguments) {
        long bytes = 0;
        for (String argument : arguments) {
            if (argument.startsWith(LIMIT)) {
                bytes = bytes(argument.substring(LIMIT.length()).toLowerCase(Locale.ROOT));
            }
        }
        return bytes;
    }

    /** As the JVM reads sizes, which has accepted this one: digits, and k, m, g or t. */
    private static long bytes(String size) {
        int unit = "kmgt".indexOf(size.charAt(size.length() - 1));
        return unit < 0 ? Long.decode(size) : Long.decode(size.substring(0, size.length() - 1)) << 10 * (unit + 1);
    }
}
