package sluice.wire;

import sluice.base.Rfc;

/** Addresses as text: strict reading of dotted quads and of RFC 4291's forms, writing as RFC 5952 recommends. */
@Rfc(value = 4291, section = "2.2")
final class IpAddressText {
    private static final int GROUPS = 8;

    private IpAddressText() {}

    static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? parseV6(text) : IpAddress.ofV4(parseV4(text, 0, text));
    }

    /**
     * Four decimal numbers from {@code from} to the end of {@code text}; no leading zeros, which some read as octal.
     */
    private static int parseV4(String text, int from, String whole) {
        int bits = 0;
        int at = from;
        for (int part = 0; part < 4; part++) {
            if (part > 0) {
                if (at >= text.length() || text.charAt(at) != '.') {
                    throw bad(whole, "needs four numbers with dots between them");
                }
                at++;
            }
            int start = at;
            int value = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && at - start < 4) {
                value = value * 10 + (text.charAt(at++) - '0');
            }
            if (at == start) {
                throw bad(whole, "needs four numbers with dots between them");
            }
            if (value > 255) {
                throw bad(whole, value + " is above 255");
            }
            if (at - start > 1 && text.charAt(start) == '0') {
                throw bad(whole, "a number must not begin with 0");
            }
            bits = bits << 8 | value;
        }
        if (at != text.length()) {
            throw bad(whole, "\"" + text.substring(at) + "\" is left over");
        }
        return bits;
    }

    private static IpAddress parseV6(String text) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gapAt = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gapAt = 0;
            at = 2;
        } else if (text.startsWith(":")) {
            throw bad(text, "begins with a single colon");
        }
        while (at < text.length()) {
            if (count == GROUPS) {
                throw bad(text, "has more than eight groups");
            }
            int end = at;
            while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0 && text.charAt(end) < 128) {
                end++;
            }
            if (end < text.length() && text.charAt(end) == '.') {
                if (count > GROUPS - 2) {
                    throw bad(text, "has no room for a dotted quad");
                }
                int v4 = parseV4(text, at, text);
                groups[count++] = v4 >>> 16;
                groups[count++] = v4 & 0xffff;
                at = text.length();
                break;
            }
            if (end == at || end - at > 4) {
                throw bad(text, end == at ? unexpected(text, at) : "a group has more than four digits");
            }
            groups[count++] = Integer.parseInt(text, at, end, 16);
            at = end;
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at) != ':') {
                throw bad(text, unexpected(text, at));
            }
            at++;
            if (at < text.length() && text.charAt(at) == ':') {
                if (gapAt >= 0) {
                    throw bad(text, "has \"::\" twice");
                }
                gapAt = count;
                at++;
            } else if (at == text.length()) {
                throw bad(text, "ends with a single colon");
            }
        }
        return assemble(text, groups, count, gapAt);
    }

    private static IpAddress assemble(String text, int[] groups, int count, int gapAt) {
        if (gapAt < 0 && count < GROUPS) {
            throw bad(text, "has fewer than eight groups and no \"::\"");
        }
        if (gapAt >= 0 && count == GROUPS) {
            throw bad(text, "has eight groups and \"::\" besides");
        }
        int before = gapAt < 0 ? count : gapAt;
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS; i++) {
            int fromEnd = GROUPS - i;
            int after = count - before;
            long group = i < before ? groups[i] : fromEnd <= after ? groups[count - fromEnd] : 0;
            if (i < 4) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        return new IpAddress(high, low);
    }

    private static String unexpected(String text, int at) {
        char c = text.charAt(at);
        return c == '%' ? "zones are not supported" : "'" + c + "' at position " + (at + 1) + " does not belong there";
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\" is not an IP address: " + why);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static String format(IpAddress address) {
        StringBuilder out = new StringBuilder(39);
        append(out, address.high(), address.low());
        return out.toString();
    }

    /** Appends 128 bits as an address; mapped IPv4 as a dotted quad. */
    @Rfc(value = 5952, section = "4")
    static void append(StringBuilder out, long high, long low) {
        if (IpAddress.isV4(high, low)) {
            appendV4(out, (int) low);
            return;
        }
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && group(high, low, end) == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                out.append("::");
                i += gapLength - 1;
            } else {
                if (i > 0 && i != gapStart + gapLength) {
                    out.append(':');
                }
                out.append(Integer.toHexString(group(high, low, i)));
            }
        }
    }

    /** Appends 32 bits as a dotted quad. */
    static void appendV4(StringBuilder out, int bits) {
        out.append(bits >>> 24).append('.').append(bits >>> 16 & 0xff).append('.').append(bits >>> 8 & 0xff).append('.')
                .append(bits & 0xff);
    }

    private static int group(long high, long low, int index) {
        return (int) ((index < 4 ? high : low) >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
