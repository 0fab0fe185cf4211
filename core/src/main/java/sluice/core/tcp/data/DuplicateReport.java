package sluice.core.tcp.data;

import sluice.base.Rfc;

/** The range that the next SACK option reports first, because it came twice. */
@Rfc(value = 2883, section = "4")
public final class DuplicateReport {
    /** Whether a range waits to be reported. */
    public boolean pending;
    /** First sequence number of the range. */
    public int left;
    /** Sequence number behind the range. */
    public int right;

    /** Reports {@code left} up to {@code right} next. */
    public void report(int left, int right) {
        pending = true;
        this.left = left;
        this.right = right;
    }
}
