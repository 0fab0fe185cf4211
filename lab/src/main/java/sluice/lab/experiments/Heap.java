package sluice.lab.experiments;

import java.lang.management.ManagementFactory;

/** How much of the heap is used, after what is garbage was collected. */
final class Heap {
    private Heap() {}

    static long used() {
        for (int i = 0; i < 2; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
