package sluice.bench.faults;

/** The byte at each position of a stream, so that a lost, doubled or moved byte shows. */
final class Pattern {
    private Pattern() {}

    /** The byte at {@code position} of stream {@code stream}. */
    static byte at(long stream, long position) {
        long x = (stream * 0x9e37_79b9_7f4a_7c15L) ^ (position * 0xbf58_476d_1ce4_e5b9L);
        return (byte) (x >>> 56 ^ x >>> 29);
    }

    /** Fills {@code bytes} with what stands from {@code position} on. */
    static void fill(byte[] bytes, long stream, long position) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(stream, position + i);
        }
    }

    /** The first of {@code n} bytes that is not what stands from {@code position} on; -1 when all are. */
    static int mismatch(byte[] bytes, int n, long stream, long position) {
        for (int i = 0; i < n; i++) {
            if (bytes[i] != at(stream, position + i)) {
                return i;
            }
        }
        return -1;
    }
}
