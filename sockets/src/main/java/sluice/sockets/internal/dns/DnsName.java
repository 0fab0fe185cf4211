package sluice.sockets.internal.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A domain name: labels of any bytes, compared without regard to the case of ASCII letters (RFC 1035 2.3.3, RFC 4343).
 * Immutable.
 */
public final class DnsName {
    /** Longest name on the wire, with its length bytes and the root's, bytes (RFC 1035 2.3.4). */
    public static final int MAX_BYTES = 255;
    /** Longest label, bytes. */
    public static final int MAX_LABEL = 63;

    private final byte[] wire;

    /** Takes over a name in wire form that was checked. */
    private DnsName(byte[] wire) {
        this.wire = wire;
    }

    /** The name in the first {@code length} bytes of {@code wire}: whole, uncompressed, checked by the caller. */
    static DnsName ofChecked(byte[] wire, int length) {
        return new DnsName(Arrays.copyOf(wire, length));
    }

    /**
     * The name that a program means by {@code text}: labels with dots between them, a dot at the end or not, characters
     * beyond ASCII as UTF-8 (as the C library hands them on), no escapes.
     *
     * @return null when that is no name: an empty or too long label, too long altogether
     */
    public static @Nullable DnsName of(String text) {
        String t = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        byte[] out = new byte[MAX_BYTES];
        int n = 0;
        if (!t.isEmpty()) {
            for (String label : t.split("\\.", -1)) {
                byte[] b = label.getBytes(UTF_8);
                if (b.length == 0 || b.length > MAX_LABEL || n + 1 + b.length + 1 > MAX_BYTES) {
                    return null;
                }
                out[n] = (byte) b.length;
                System.arraycopy(b, 0, out, n + 1, b.length);
                n += 1 + b.length;
            }
        } else if (text.isEmpty()) {
            return null;
        }
        return ofChecked(out, n + 1);
    }

    /** Length in wire form, bytes. */
    public int length() {
        return wire.length;
    }

    /** Writes the wire form, uncompressed, and returns the offset behind it. */
    public int write(byte[] to, int offset) {
        System.arraycopy(wire, 0, to, offset, wire.length);
        return offset + wire.length;
    }

    /**
     * Whether it could name a host: letters, digits, hyphens and underscores only, no label beginning with a hyphen.
     * What a server says is used as a host's name only then, as in the C library.
     */
    public boolean isHostName() {
        if (wire.length == 1) {
            return false;
        }
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            for (int i = at + 1; i <= at + wire[at]; i++) {
                int c = wire[i];
                boolean fine = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
                        || c == '-' && i > at + 1;
                if (!fine) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        if (!(o instanceof DnsName other) || other.wire.length != wire.length) {
            return false;
        }
        for (int i = 0; i < wire.length; i++) { // length bytes are below 64 and stay as they are
            if (lower(wire[i]) != lower(other.wire[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int h = 1;
        for (byte b : wire) {
            h = 31 * h + lower(b);
        }
        return h;
    }

    /** Labels with dots between them, without one at the end; the root is ".". Other bytes as \DDD (RFC 1035 5.1). */
    @Override
    public String toString() {
        if (wire.length == 1) {
            return ".";
        }
        StringBuilder s = new StringBuilder(wire.length);
        for (int at = 0; wire[at] != 0; at += 1 + wire[at]) {
            if (at > 0) {
                s.append('.');
            }
            for (int i = at + 1; i <= at + wire[at]; i++) {
                int c = wire[i] & 0xff;
                if (c == '.' || c == '\\' || c == '"' || c == '(' || c == ')' || c == ';' || c == '@' || c == '$') {
                    s.append('\\').append((char) c);
                } else if (c <= ' ' || c > '~') {
                    s.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10))
                            .append((char) ('0' + c % 10));
                } else {
                    s.append((char) c);
                }
            }
        }
        return s.toString();
    }
}
