package sluice.core.tcp.output;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.option.AccEcnOption;
import sluice.core.tcp.option.MssOption;
import sluice.core.tcp.option.SackPermittedOption;
import sluice.core.tcp.option.TimestampsOption;
import sluice.core.tcp.option.WindowScaleOption;

/**
 * The options of a SYN or SYN-ACK, in Linux's order: MSS, SACK-permitted with timestamps, accurate ECN, window scale.
 */
@Rfc(value = 9293, section = "3.7.1", req = {"MUST-14", "SHLD-5", "MAY-3"})
public final class SynOptions {
    private static final int MAX_LENGTH = 40;

    private SynOptions() {}

    /** Bytes that these options leave for others. */
    static int room(boolean sackPermitted, boolean timestamps, boolean windowScaling) {
        int sack = sackPermitted && !timestamps ? 4 : 0;
        return MAX_LENGTH - 4 - sack - (timestamps ? TimestampsOption.LENGTH : 0) - (windowScaling ? 4 : 0);
    }

    /**
     * Writes the options at {@code offset}; returns the offset after them.
     *
     * @param windowShift -1 for none
     * @param accEcnFields fields of an accurate ECN option of first values (on a SYN-ACK only); -1 for no such option
     */
    public static int write(MemorySegment m, int offset, int mss, boolean sackPermitted, boolean timestamps, int tsVal,
            int tsEcr, int windowShift,
            int accEcnFields) {
        int end = MssOption.write(m, offset, mss);
        if (timestamps) {
            end = TimestampsOption.write(m, end, tsVal, tsEcr, sackPermitted);
        }
        if (accEcnFields >= 0) {
            end = AccEcnOption.pad(m, offset, AccEcnOption.write(m, end, accEcnFields, null), 0);
        }
        if (sackPermitted && !timestamps) {
            end = SackPermittedOption.write(m, end);
        }
        if (windowShift >= 0) {
            end = WindowScaleOption.write(m, end, windowShift);
        }
        return end;
    }
}
