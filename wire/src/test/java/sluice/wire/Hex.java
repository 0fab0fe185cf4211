package sluice.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/** Bytes as text, for golden tests: hexadecimal digits, blanks ignored. */
final class Hex {
    private Hex() {}

    static MemorySegment bytes(String hex) {
        byte[] b = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        MemorySegment m = Arena.ofAuto().allocate(Math.max(1, b.length));
        MemorySegment.copy(b, 0, m, ValueLayout.JAVA_BYTE, 0, b.length);
        return m.asSlice(0, b.length);
    }

    static String text(MemorySegment m, long offset, int length) {
        return HexFormat.of().formatHex(m.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    static String clean(String hex) {
        return hex.replaceAll("\\s", "").toLowerCase(java.util.Locale.ROOT);
    }
}
