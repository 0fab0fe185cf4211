package sluice.cli.iperf3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time of this process since {@link #start}, in percent of the time that went by; from /proc, zero where
 * there is none.
 */
final class CpuTime {
    private static final double TICKS_PER_SECOND = 100;

    private long[] then = {0, 0};
    private long thenNs;

    void start() {
        then = read();
        thenNs = System.nanoTime();
    }

    private static long[] read() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new long[]{Long.parseLong(fields[11]), Long.parseLong(fields[12])};
        } catch (IOException | RuntimeException e) {
            return new long[]{0, 0};
        }
    }

    private double percent(int first, int last) {
        long[] now = read();
        long ticks = 0;
        for (int i = first; i <= last; i++) {
            ticks += now[i] - then[i];
        }
        return 100 * ticks / TICKS_PER_SECOND / Math.max(1e-3, (System.nanoTime() - thenNs) / 1e9);
    }

    double userPercent() {
        return percent(0, 0);
    }

    double systemPercent() {
        return percent(1, 1);
    }

    double totalPercent() {
        return percent(0, 1);
    }
}
