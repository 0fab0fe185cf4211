package sluice.core.tcp.output;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.option.MssOption;
import sluice.core.tcp.option.SackPermittedOption;
import sluice.core.tcp.option.TimestampsOption;
import sluice.core.tcp.option.WindowScaleOption;

/** The options of a SYN or SYN-ACK, in Linux's order: MSS, SACK-permitted with timestamps, window scale. */
@Rfc(value = 9293, section = "3.7.1", req = {"MUST-14", "SHLD-5", "MAY-3"})
public final class SynOptions {
    private SynOptions() {}

    /**
     * Writes the options at {@code offset}; returns the offset after them.
     *
     * @param windowShift -1 for none
     */
    public static int write(MemorySegment m, int offset, int mss, boolean sackPermitted, boolean timestamps, int tsVal, int tsEcr, int windowShift) {
        int end = MssOption.write(m, offset, mss);
        if (timestamps) {
            end = TimestampsOption.write(m, end, tsVal, tsEcr, sackPermitted);
        } else if (sackPermitted) {
            end = SackPermittedOption.write(m, end);
        }
        if (windowShift >= 0) {
            end = WindowScaleOption.write(m, end, windowShift);
        }
        return end;
    }
}
