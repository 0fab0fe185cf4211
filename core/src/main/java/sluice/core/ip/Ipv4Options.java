package sluice.core.ip;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.core.Datagram;
import sluice.wire.Bytes;

/** IPv4 options: skipped, but for source routes, which a reply has to be sent back along. */
@Rfc(value = 791, section = "3.1")
@Rfc(value = 1122, section = "3.2.1.8")
@Rfc(value = 9293, section = "3.9.2", req = "MUST-50")
final class Ipv4Options {
    private static final int LSRR = 131;
    private static final int SSRR = 137;

    private Ipv4Options() {}

    /**
     * Walks the options of a received header and leaves a completed source route, reversed, in {@code d.sourceRoute}.
     *
     * @return 0 when they are well formed; else the offset in the header of the octet that is wrong, for a parameter
     * problem message
     */
    @Rfc(value = 9293, section = "3.9.2.1", req = "MUST-53")
    static int check(MemorySegment m, int header, int headerLength, Datagram d) {
        int at = 20;
        while (at < headerLength) {
            int kind = Bytes.u8(m, header + at);
            if (kind == 0) {
                return 0;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            if (at + 1 >= headerLength) {
                return at;
            }
            int length = Bytes.u8(m, header + at + 1);
            if (length < 2 || at + length > headerLength) {
                return at + 1;
            }
            if (kind == LSRR || kind == SSRR) {
                if (length < 3 || (length - 3) % 4 != 0 || Bytes.u8(m, header + at + 2) < 4 || d.sourceRoute != null) {
                    return at + 2;
                }
                d.sourceRoute = reversed(m, header, at, length, kind);
            }
            at += length;
        }
        return 0;
    }

    /** Whether a source route at hand has hops left, so that we are not the final destination. */
    static boolean routeUnfinished(MemorySegment m, int header, int headerLength) {
        int at = 20;
        while (at + 2 < headerLength) {
            int kind = Bytes.u8(m, header + at);
            if (kind == 0) {
                return false;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int length = Bytes.u8(m, header + at + 1);
            if (kind == LSRR || kind == SSRR) {
                return Bytes.u8(m, header + at + 2) <= length;
            }
            at += Math.max(2, length);
        }
        return false;
    }

    /**
     * The option to send back: the recorded hops in reverse order, padded to 4 bytes. The final destination is added on
     * output.
     */
    private static byte @Nullable [] reversed(MemorySegment m, int header, int at, int length, int kind) {
        int hops = (length - 3) / 4;
        if (hops == 0) {
            return null;
        }
        byte[] out = new byte[4 + hops * 4];
        out[0] = 1;
        out[1] = (byte) kind;
        out[2] = (byte) (3 + hops * 4);
        out[3] = 4;
        for (int i = 0; i < hops; i++) {
            for (int b = 0; b < 4; b++) {
                out[4 + i * 4 + b] = (byte) Bytes.u8(m, header + at + 3 + (hops - 1 - i) * 4 + b);
            }
        }
        return out;
    }

    /** Where in options to be sent the addresses of a source route begin; -1 when there is none. */
    static int routeIn(byte[] options) {
        int at = 0;
        while (at + 1 < options.length && options[at] != 0) {
            int kind = options[at] & 0xff;
            if (kind == 1) {
                at++;
                continue;
            }
            int length = options[at + 1] & 0xff;
            if (kind == LSRR || kind == SSRR) {
                return length >= 7 && at + length <= options.length ? at + 3 : -1;
            }
            at += Math.max(2, length);
        }
        return -1;
    }

    /** The address at an offset of options to be sent. */
    static int addressIn(byte[] options, int at) {
        return (options[at] & 0xff) << 24 | (options[at + 1] & 0xff) << 16 | (options[at + 2] & 0xff) << 8
                | (options[at + 3] & 0xff);
    }

    /**
     * In a header being built: the first hop leaves the route (it is the destination), the others move up, the final
     * destination comes last.
     */
    @Rfc(value = 791, section = "3.1")
    static void startRoute(MemorySegment m, long route, int hops, int destination) {
        for (int i = 0; i < hops - 1; i++) {
            Bytes.put32(m, route + i * 4L, Bytes.i32(m, route + i * 4L + 4));
        }
        Bytes.put32(m, route + (hops - 1) * 4L, destination);
    }

    /** Turns options without the copy flag into no-operations: what a fragment other than the first keeps. */
    static void keepCopied(MemorySegment m, int offset, int length) {
        int at = 0;
        while (at < length) {
            int kind = Bytes.u8(m, offset + at);
            if (kind == 0) {
                return;
            }
            int n = kind == 1 || at + 1 >= length ? 1 : Math.max(2, Bytes.u8(m, offset + at + 1));
            if (kind < 128) {
                for (int i = at; i < Math.min(length, at + n); i++) {
                    Bytes.put8(m, offset + i, 1);
                }
            }
            at += n;
        }
    }
}
