package sluice.core.tcp.output;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.data.Negotiated;
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
    static int room(Negotiated agreed) {
        int sack = agreed.sackPermitted && !agreed.timestamps ? 4 : 0;
        return MAX_LENGTH - 4 - sack - (agreed.timestamps ? TimestampsOption.LENGTH : 0)
                - (agreed.windowScaling ? 4 : 0);
    }

    /**
     * Writes what is offered or agreed on at {@code offset}; returns the offset after it.
     *
     * @param tsVal TSval, TSecr is {@code tsEcr}: where timestamps are offered or agreed on
     * @param accEcnFields fields of an accurate ECN option of first values (on a SYN-ACK only); -1 for no such option
     */
    static int write(MemorySegment m, int offset, Negotiated agreed, int tsVal, int tsEcr, int accEcnFields) {
        int end = MssOption.write(m, offset, agreed.advertisedMss);
        if (agreed.timestamps) {
            end = TimestampsOption.write(m, end, tsVal, tsEcr, agreed.sackPermitted);
        }
        if (accEcnFields >= 0) {
            end = AccEcnOption.pad(m, offset, AccEcnOption.write(m, end, accEcnFields, null), 0);
        }
        if (agreed.sackPermitted && !agreed.timestamps) {
            end = SackPermittedOption.write(m, end);
        }
        if (agreed.windowScaling) {
            end = WindowScaleOption.write(m, end, agreed.ourShift);
        }
        return end;
    }
}
