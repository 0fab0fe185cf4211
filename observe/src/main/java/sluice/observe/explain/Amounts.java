package sluice.observe.explain;

import java.util.List;
import java.util.Locale;

/** Times, sizes and packet numbers for readers. */
final class Amounts {
    private static final int MOST_NAMED = 4;

    private Amounts() {}

    /** "2.50 s", "40.2 ms", "350 µs". */
    static String time(long ns) {
        double v = ns;
        return v >= 1e9 ? number("%.2f s", v / 1e9)
                : v >= 1e6 ? number("%.1f ms", v / 1e6) : number("%.0f µs", v / 1e3);
    }

    /** "1.2 MB", "340 KB", "12 bytes"; powers of 1000. */
    static String bytes(long bytes) {
        double v = bytes;
        return v >= 1e9 ? number("%.2f GB", v / 1e9) : v >= 1e6 ? number("%.1f MB", v / 1e6)
                : v >= 1e4 ? number("%.0f KB", v / 1e3) : count(bytes, "byte");
    }

    /** "9.4 Mbit/s". */
    static String rate(long bytes, long ns) {
        double bits = ns <= 0 ? 0 : bytes * 8e9 / ns;
        return bits >= 1e9 ? number("%.2f Gbit/s", bits / 1e9) : bits >= 1e6 ? number("%.1f Mbit/s", bits / 1e6)
                : number("%.0f kbit/s", bits / 1e3);
    }

    /** "1 segment", "3 segments". */
    static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    /** "12 %", "0.4 %". */
    static String percent(double share) {
        double p = share * 100;
        return p > 0 && p < 9.95 ? number("%.1f %%", p) : number("%.0f %%", p);
    }

    /** "packet 5", "packets 5, 7, 9, 12 …". */
    static String packets(List<Long> packets) {
        if (packets.isEmpty()) {
            return "";
        }
        StringBuilder s = new StringBuilder(packets.size() == 1 ? "packet " : "packets ");
        for (int i = 0; i < Math.min(MOST_NAMED, packets.size()); i++) {
            s.append(i == 0 ? "" : ", ").append(packets.get(i));
        }
        return s.append(packets.size() > MOST_NAMED ? " …" : "").toString();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
