package sluice.core.tcp.output;

import java.lang.foreign.MemorySegment;
import sluice.base.Rfc;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.auth.Authentication;
import sluice.core.tcp.ecn.AccEcnReceiver;
import sluice.core.tcp.option.AccEcnOption;
import sluice.core.tcp.option.TimestampsOption;
import sluice.core.tcp.option.UserTimeoutOption;
import sluice.wire.Packet;

/**
 * The layout of the options of a segment after the handshake, in Linux's order: signature, timestamps, user timeout,
 * accurate ECN, SACK. What is not negotiated is left out; what finds no room waits for the next segment.
 */
@Rfc(value = 9293, section = "3.2")
final class SegmentOptions {
    /** Most bytes of options in a header. */
    static final int MAX_LENGTH = 40;

    private SegmentOptions() {}

    /**
     * Writes the options behind the fixed header at the packet's start; returns the offset after them.
     *
     * @param payload bytes that the segment will carry, of which the options take nothing
     */
    static int write(Tcb t, Packet p, int payload, long nowNs) {
        MemorySegment m = p.memory;
        int at = p.start + HeaderWriter.MIN_LENGTH;
        int end = Authentication.reserve(t.authentication, m, at);
        if (t.agreed.timestamps) {
            end = TimestampsOption.write(m, end, t.timestampClock(nowNs), t.tsRecent, false);
        }
        int telling = t.userTimeout.toAnnounce();
        int told = 0;
        if (telling > 0 && (payload == 0 || payload + UserTimeoutOption.LENGTH <= t.sendMss)) {
            end = UserTimeoutOption.write(m, end, telling);
            t.userTimeout.announced(telling);
            told = UserTimeoutOption.LENGTH;
        }
        int room = MAX_LENGTH - (end - at);
        int kept = 0; // for the accurate ECN option of full segments
        if (payload > 0) {
            kept = t.ecnOptionRoom;
            room = Math.min(room, Math.max(0, t.sendMss - payload - told) + kept);
        }
        int blocks = payload > t.sendMss ? 0 : Math.min(SackBlocks.blocks(t), Math.max(0, (room - kept - 4) / 8));
        boolean dsack = blocks > 0 && t.dsack.pending;
        AccEcnReceiver counters = t.ecn.receiver();
        if (counters != null) {
            int fit = t.ecn.wantsOption(t, nowNs)
                    ? AccEcnOption.fit(counters.fieldsNeeded(), room - (blocks > 0 ? 4 + 8 * blocks : 0), blocks) : -1;
            if (fit >= 0) {
                blocks -= fit >>> 2;
                end = AccEcnOption.write(m, end, fit & 3, counters);
            }
            t.ecn.optionSent(fit >= 0, dsack, nowNs);
        }
        if (blocks > 0) {
            return SackBlocks.write(m, AccEcnOption.pad(m, at, end, 2), t, blocks);
        }
        return AccEcnOption.pad(m, at, end, 0);
    }
}
