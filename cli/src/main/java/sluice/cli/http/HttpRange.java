package sluice.cli.http;

import org.jspecify.annotations.Nullable;

/**
 * A part of a file: one range of bytes (RFC 9110 section 14).
 *
 * @param first first byte
 * @param last last byte, within the file
 */
record HttpRange(long first, long last) {
    long length() {
        return last - first + 1;
    }

    /**
     * The range a field asks for; null when all of the file is to be sent: no field, another unit, several ranges, or a
     * field that is not understood.
     *
     * @throws HttpException 416 when the range lies outside
     */
    static @Nullable HttpRange parse(@Nullable String field, long size) throws HttpException {
        if (field == null || !field.regionMatches(true, 0, "bytes=", 0, 6) || field.indexOf(',') >= 0) {
            return null;
        }
        String spec = field.substring(6).strip();
        int dash = spec.indexOf('-');
        if (dash < 0 || !isNumber(spec.substring(0, dash)) || !isNumber(spec.substring(dash + 1))
                || spec.length() == 1) {
            return null;
        }
        long first;
        long last = size - 1;
        if (dash == 0) {
            long suffix = Long.parseLong(spec.substring(1));
            first = suffix == 0 ? size : Math.max(0, size - suffix);
        } else {
            first = Long.parseLong(spec.substring(0, dash));
            if (dash + 1 < spec.length()) {
                long wanted = Long.parseLong(spec.substring(dash + 1));
                if (wanted < first) {
                    return null;
                }
                last = Math.min(last, wanted);
            }
        }
        if (first >= size) {
            throw new HttpException(416, "the file has " + size + " bytes");
        }
        return new HttpRange(first, last);
    }

    private static boolean isNumber(String text) {
        return text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
