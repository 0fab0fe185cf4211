package sluice.core.tcp.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import sluice.base.Rfc;

/**
 * A Fast Open cookie as it stands in an option: 4 to 16 bytes, an even number; or none at all, which asks for one.
 * Immutable.
 */
@Rfc(value = 7413, section = "4.1.1")
public final class FastOpenCookie {
    /** Fewest bytes. */
    public static final int MIN_BYTES = 4;
    /** Most bytes. */
    public static final int MAX_BYTES = 16;
    /** Asks for a cookie. */
    public static final FastOpenCookie REQUEST = new FastOpenCookie(new byte[0], false);
    /** Asks for a cookie in the experimental format. */
    public static final FastOpenCookie EXPERIMENTAL_REQUEST = new FastOpenCookie(new byte[0], true);

    private final byte[] value;
    private final boolean experimental;

    private FastOpenCookie(byte[] value, boolean experimental) {
        this.value = value;
        this.experimental = experimental;
    }

    /** A cookie of a copy of {@code value}; {@code experimental} for the option that was in use before RFC 7413. */
    public static FastOpenCookie of(byte[] value, boolean experimental) {
        if (value.length != 0 && !validLength(value.length)) {
            throw new IllegalArgumentException("a Fast Open cookie has " + MIN_BYTES + " to " + MAX_BYTES
                    + " bytes, an even number, not " + value.length);
        }
        return new FastOpenCookie(value.clone(), experimental);
    }

    /** Whether a cookie may have so many bytes. */
    public static boolean validLength(int bytes) {
        return bytes >= MIN_BYTES && bytes <= MAX_BYTES && (bytes & 1) == 0;
    }

    /** Bytes; 0 for a request. */
    public int length() {
        return value.length;
    }

    /** Whether it asks for a cookie and is none. */
    public boolean isRequest() {
        return value.length == 0;
    }

    /** Whether it stands in the option with kind 254 and the number 0xF989, not in that with kind 34. */
    public boolean experimental() {
        return experimental;
    }

    /** The same in the other format, if it is not in this one. */
    public FastOpenCookie in(boolean experimentalFormat) {
        return experimental == experimentalFormat ? this : new FastOpenCookie(value, experimentalFormat);
    }

    /** Whether both have the same bytes, whatever the format. */
    public boolean sameValue(FastOpenCookie other) {
        return Arrays.equals(value, other.value);
    }

    /** Writes the bytes. */
    public void copyTo(MemorySegment m, long offset) {
        MemorySegment.copy(value, 0, m, ValueLayout.JAVA_BYTE, offset, value.length);
    }

    @Override
    public String toString() {
        return (experimental ? "FOEXP " : "FO ") + HexFormat.of().formatHex(value);
    }
}
