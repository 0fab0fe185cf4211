package sluice.observe.record;

import java.util.Arrays;

/**
 * A value over time: points in order of time, of which those that repeat the value before are left out. Bounded: when
 * {@link #MOST_POINTS} are reached, every second one is forgotten and from then on fewer are kept. Not thread-safe.
 */
public final class TimeSeries {
    /** Points kept at most; more than a picture has room for. */
    public static final int MOST_POINTS = 1 << 18;

    private long[] times = new long[256];
    private double[] values = new double[256];
    private int size;
    private long endNs;
    private double last = Double.NaN;
    private int every = 1;
    private int skipped;

    /** The value is {@code value} from {@code timeNs} on; NaN for "none". Times must not decrease. */
    public TimeSeries add(long timeNs, double value) {
        endNs = timeNs;
        if (size > 0 && Double.compare(value, last) == 0) {
            return this;
        }
        last = value;
        append(timeNs, value);
        return this;
    }

    /** A sample at {@code timeNs}, also when it repeats the one before. */
    public TimeSeries dot(long timeNs, double value) {
        endNs = timeNs;
        last = value;
        append(timeNs, value);
        return this;
    }

    private void append(long timeNs, double value) {
        if (++skipped < every) {
            return;
        }
        skipped = 0;
        if (size == MOST_POINTS) {
            thinOut();
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        times[size] = timeNs;
        values[size++] = value;
    }

    private void thinOut() {
        for (int i = 0; i < size / 2; i++) {
            times[i] = times[2 * i];
            values[i] = values[2 * i];
        }
        size /= 2;
        every *= 2;
    }

    /** How many points are kept. */
    public int size() {
        return size;
    }

    /** Whether nothing was added. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Time of a point, nanoseconds. */
    public long timeNs(int i) {
        return times[i];
    }

    /** Value of a point. */
    public double value(int i) {
        return values[i];
    }

    /** The latest time that was added, kept or not. */
    public long endNs() {
        return endNs;
    }

    /** The value added last; NaN before the first. */
    public double lastValue() {
        return last;
    }

    /** The value that held at a time; NaN before the first point. */
    public double valueAt(long timeNs) {
        int i = Arrays.binarySearch(times, 0, size, timeNs);
        int at = i >= 0 ? i : -i - 2;
        while (at + 1 < size && times[at + 1] == timeNs) {
            at++;
        }
        return at < 0 ? Double.NaN : values[at];
    }

    /** The largest value, 0 when there is none. */
    public double max() {
        double m = 0;
        for (int i = 0; i < size; i++) {
            if (values[i] > m) {
                m = values[i];
            }
        }
        return m;
    }

    /** The largest value that held between two times, 0 when there is none. */
    public double max(long fromNs, long toNs) {
        double before = valueAt(fromNs);
        double m = before > 0 ? before : 0;
        for (int i = from(fromNs); i < size && times[i] <= toNs; i++) {
            if (values[i] > m) {
                m = values[i];
            }
        }
        return m;
    }

    /** The least value that held between two times; {@link Double#MAX_VALUE} when there is none. */
    public double min(long fromNs, long toNs) {
        double before = valueAt(fromNs);
        double m = Double.isNaN(before) ? Double.MAX_VALUE : before;
        for (int i = from(fromNs); i < size && times[i] <= toNs; i++) {
            if (values[i] < m) {
                m = values[i];
            }
        }
        return m;
    }

    /** The first point at or after a time. */
    public int from(long timeNs) {
        int i = Arrays.binarySearch(times, 0, size, timeNs);
        int at = i >= 0 ? i : -i - 1;
        while (at > 0 && times[at - 1] == timeNs) {
            at--;
        }
        return at;
    }

    /**
     * How fast this, a count that only grows, grew: per second, over {@code bins} equal parts of the time from {@code
     * fromNs} to {@code toNs}. What came in one step counts as having come since the step before: otherwise a part of
     * the time with one step and its neighbour with none would show the height of steps, not a rate.
     */
    public TimeSeries rate(long fromNs, long toNs, int bins) {
        TimeSeries r = new TimeSeries();
        double width = (toNs - fromNs) / (double) bins;
        double before = between(fromNs);
        for (int i = 0; i < bins && width > 0; i++) {
            double after = between(fromNs + Math.round(width * (i + 1)));
            r.add(fromNs + Math.round(width * i), (after - before) * 1e9 / width);
            before = after;
        }
        r.endNs = toNs;
        return r;
    }

    /** The value at a time on the straight line from point to point; 0 before the first. */
    private double between(long timeNs) {
        int next = from(timeNs);
        if (next == size) {
            return size == 0 ? 0 : values[size - 1];
        }
        if (next == 0 || times[next] == timeNs) {
            return timeNs < times[next] ? 0 : valueAt(timeNs);
        }
        double part = (timeNs - times[next - 1]) / (double) (times[next] - times[next - 1]);
        return values[next - 1] + part * (values[next] - values[next - 1]);
    }
}
