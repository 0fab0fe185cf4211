package sluice.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** How much memory this JVM may use. */
final class JvmMemory {
    private JvmMemory() {}

    /** The largest heap, bytes. */
    static long heapBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /** Native memory for buffers, bytes: -XX:MaxDirectMemorySize, or as much as the heap. */
    static long nativeBytes() {
        long limit = option("MaxDirectMemorySize");
        return limit > 0 ? limit : heapBytes();
    }

    private static long option(String name) {
        try {
            @Nullable HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return vm == null ? 0 : Long.parseLong(vm.getVMOption(name).getValue());
        } catch (IllegalArgumentException e) {
            return 0; // another JVM than HotSpot
        }
    }
}
