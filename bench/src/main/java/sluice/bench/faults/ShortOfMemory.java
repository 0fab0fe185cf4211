package sluice.bench.faults;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A program with a thread beside it that takes all memory: {@code ShortOfMemory heap|direct FILE MAIN-CLASS ARG …}.
 * While the file exists the thread takes what is to be had, down to the last small piece, keeps it for a tenth of a
 * second, lets go of it for as long, and begins again. How often there was none left is written into the file.
 */
public final class ShortOfMemory {
    private static final long HOLD_NS = 100_000_000;
    private static final int LARGEST = 1 << 20;
    private static final int SMALLEST = 64;

    private ShortOfMemory() {}

    /** The process. */
    public static void main(String[] args) throws Exception {
        boolean heap = args[0].equals("heap");
        Path file = Path.of(args[1]);
        Thread.ofPlatform().daemon().name("hog").start(() -> hog(heap, file));
        String[] rest = java.util.Arrays.copyOfRange(args, 3, args.length);
        Class.forName(args[2]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static void hog(boolean heap, Path file) {
        int times = 0;
        while (true) {
            try {
                if (Files.exists(file)) {
                    takeAll(heap);
                    times++;
                    LockSupport.parkNanos(HOLD_NS);
                } else if (times > 0) {
                    Files.writeString(file.resolveSibling(file.getFileName() + ".times"), Integer.toString(times));
                    times = 0;
                }
            } catch (java.io.IOException | OutOfMemoryError e) {
                times++; // the taking itself found none
            }
            LockSupport.parkNanos(HOLD_NS);
        }
    }

    private static void takeAll(boolean heap) {
        List<Object> held = new ArrayList<>(1 << 16);
        for (int size = LARGEST; size >= SMALLEST; size /= 128) {
            try {
                while (true) {
                    held.add(heap ? new byte[size] : ByteBuffer.allocateDirect(size));
                }
            } catch (OutOfMemoryError e) {
                // smaller ones then
            }
        }
        LockSupport.parkNanos(HOLD_NS);
        if (held.isEmpty()) {
            throw new IllegalStateException("nothing was to be had");
        }
    }
}
