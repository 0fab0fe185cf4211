package sluice.base;

/**
 * Arithmetic on 32-bit sequence numbers, which wrap: every comparison of two sequence numbers in the stack goes through
 * here.
 *
 * <p>A number is "less" when it is fewer than 2^31 steps behind (RFC 9293 section 3.4, RFC 1982).
 */
@Rfc(value = 9293, section = "3.4")
public final class Seq {
    private Seq() {}

    /** Whether {@code a} is before {@code b}. */
    public static boolean lt(int a, int b) {
        return a - b < 0;
    }

    /** Whether {@code a} is before or equal to {@code b}. */
    public static boolean leq(int a, int b) {
        return a - b <= 0;
    }

    /** Whether {@code a} is after {@code b}. */
    public static boolean gt(int a, int b) {
        return a - b > 0;
    }

    /** Whether {@code a} is after or equal to {@code b}. */
    public static boolean geq(int a, int b) {
        return a - b >= 0;
    }

    /** Whether {@code low <= x <= high} on the circle, for a window of fewer than 2^31 numbers. */
    public static boolean between(int low, int x, int high) {
        return Integer.compareUnsigned(x - low, high - low) <= 0;
    }

    /** Whether {@code x} lies in the {@code length} numbers that start at {@code low}. */
    public static boolean inWindow(int low, int x, int length) {
        return Integer.compareUnsigned(x - low, length) < 0;
    }

    /** Signed distance from {@code b} to {@code a}: positive when {@code a} is after {@code b}. */
    public static int diff(int a, int b) {
        return a - b;
    }

    /** The later of the two. */
    public static int max(int a, int b) {
        return a - b >= 0 ? a : b;
    }

    /** The earlier of the two. */
    public static int min(int a, int b) {
        return a - b <= 0 ? a : b;
    }
}
