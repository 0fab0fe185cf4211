package sluice.core;

/**
 * The settings that Linux computes from the machine's memory when it starts, computed from what a JVM may use. Settings
 * that were set before stay.
 *
 * <p>Linux leaves most of the memory to programs and gives TCP 9.4 % of it at most, UDP 18.8 %. A JVM's native memory
 * is there for packets; so TCP gets 25 % (and as much again for the first block of connections that hold none), UDP
 * 12.5 %, fragments of each family 3.1 %, packets of the host's own 12.5 %: 81 % together, and the rest is left to the
 * program. The proportions of the three numbers are Linux's. There are no more
 * connections than pages in TCP's limit, so that each has a first block.
 */
public final class MemorySettings {
    /** Of the heap, bytes for each: a connection with its application's objects, a time-wait. */
    private static final long FILE_BYTES = 12 << 10;
    private static final long ORPHAN_BYTES = 32 << 10;
    private static final long TIME_WAIT_BYTES = 4 << 10;
    private static final int LEAST = 128;

    private MemorySettings() {}

    /**
     * Chooses tcp_mem, udp_mem, the thresholds of fragments, and how many connections, orphans and time-waits there may
     * be.
     *
     * @param nativeBytes memory outside of the heap that may be used in all
     * @param heapBytes the largest heap
     */
    public static void choose(Settings settings, long nativeBytes, long heapBytes) {
        long pages = Math.max(nativeBytes / Setting.PAGE_BYTES, 8 * LEAST);
        settings.choose(Setting.TCP_MEM, pages / 8, pages / 6, pages / 4);
        settings.choose(Setting.UDP_MEM, pages / 16, pages / 12, pages / 8);
        long fragments = Math.min(nativeBytes / 32, Setting.IPFRAG_HIGH_THRESH.defaultValue(0));
        settings.choose(Setting.IPFRAG_HIGH_THRESH, fragments);
        settings.choose(Setting.IP6FRAG_HIGH_THRESH, fragments);
        number(settings, Setting.FILE_MAX, Math.min(heapBytes / FILE_BYTES, settings.get(Setting.TCP_MEM, 2)));
        number(settings, Setting.TCP_MAX_ORPHANS, heapBytes / ORPHAN_BYTES);
        number(settings, Setting.TCP_MAX_TW_BUCKETS, heapBytes / TIME_WAIT_BYTES);
    }

    private static void number(Settings settings, Setting setting, long wanted) {
        settings.choose(setting, Math.max(LEAST, Math.min(wanted, setting.defaultValue(0))));
    }
}
