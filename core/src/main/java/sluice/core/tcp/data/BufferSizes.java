package sluice.core.tcp.data;

import sluice.core.Setting;
import sluice.core.Settings;

/** Sizes and bounds that follow from the host's settings, asked for when a connection is made. */
public final class BufferSizes {
    private static final long TIMEOUT_INIT_US = 1_000_000;
    private final Settings settings;

    BufferSizes(Settings settings) {
        this.settings = settings;
    }

    /** Send buffer at the start: tcp_wmem's default, or what the option asks for. */
    int initialSendBytes(SocketOptions o) {
        return o.sendBufferBytes > 0 ? o.sendBufferBytes : (int) settings.get(Setting.TCP_WMEM, 1);
    }

    /**
     * Receive window at the start: half of tcp_rmem's default (Linux charges the other half for overhead, which we do
     * not have), or what the option asks for.
     */
    public int initialReceiveBytes(SocketOptions o) {
        return o.receiveBufferBytes > 0 ? o.receiveBufferBytes
                : (int) Math.max(1, settings.get(Setting.TCP_RMEM, 1) / 2);
    }

    /** Window field of a SYN: {@code space} in whole segments, as far as the field reaches (it is never scaled). */
    public static int synWindow(int space, int mss) {
        return Math.min(65_535, space > mss ? space - space % mss : space);
    }

    /** Largest receive window autotuning may reach. */
    public int maxReceiveBytes() {
        return (int) (settings.get(Setting.TCP_RMEM, 2) / 2);
    }

    /** Window-scale shift that lets the largest possible window be announced (RFC 7323 section 2.3: at most 14). */
    public int windowShift(SocketOptions o) {
        long space = o.receiveBufferBytes > 0 ? o.receiveBufferBytes
                : Math.max(settings.get(Setting.TCP_RMEM, 2), settings.get(Setting.RMEM_MAX));
        if (o.windowClampBytes > 0) {
            space = Math.min(space, o.windowClampBytes);
        }
        int shift = 0;
        while (space > 65_535 && shift < 14) {
            space >>= 1;
            shift++;
        }
        return shift;
    }

    RttEstimator newRttEstimator(SocketOptions options) {
        long max = settings.get(Setting.TCP_RTO_MAX_MS) * 1000;
        RttEstimator r = new RttEstimator(Math.min(TIMEOUT_INIT_US, max), settings.get(Setting.TCP_RTO_MIN_US), max);
        r.fixed(options.fixedRtoUs);
        return r;
    }
}
