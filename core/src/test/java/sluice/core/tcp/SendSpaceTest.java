package sluice.core.tcp;

import static sluice.core.tcp.TcpConversation.with;

import org.junit.jupiter.api.Test;

/**
 * The send buffer follows the congestion window, so that it never is what holds a sender back, within tcp_wmem; as
 * Linux's tcp_sndbuf_expand.
 */
class SendSpaceTest {
    private static final int MSS = 1000;
    /** What a segment of 1000 bytes costs on Linux: 1640 bytes to the next power of two, and its descriptor. */
    private static final int PER_SEGMENT = 2048 + 256;
    private static final int LEAST = 16_384;
    private static final int MOST = 400_000;

    private static TcpConversation.Builder host() {
        return with().set("tcp_wmem", "4096 " + LEAST + " " + MOST).window(65_535).peer("<mss 1000, sackOK, wscale 7>");
    }

    /** Fills the buffer, and acknowledges what came out, a round trip later. */
    private static void round(TcpConversation c) {
        int taken;
        do {
            taken = c.tryWrite(10 * MSS, 0);
        } while (taken > 0);
        c.after(10);
        c.all();
        c.send("A");
    }

    @Test
    void theBufferHoldsTwoWindowsAndNoMoreThanAllowed() {
        TcpConversation c = host().established();
        int cwnd = c.tcb.congestion.cwndSegments();
        for (int i = 0; i < 8; i++) {
            round(c);
            cwnd = Math.max(cwnd, c.tcb.congestion.cwndSegments());
            c.tcb.readiness(); // asks whether there is room
            int expected = Math.min(MOST, 2 * cwnd * PER_SEGMENT);
            int is = c.tcb.info(c.now()).sndBufBytes;
            c.check(is == expected, "cwnd " + cwnd + ", buffer " + is + ", not " + expected);
        }
        c.check(2 * cwnd * PER_SEGMENT > 2 * MOST, "the bound was not reached, cwnd " + cwnd);
    }

    @Test
    void theWindowOfASenderIsNotHeldBackByItsBuffer() {
        TcpConversation c = host().established();
        for (int i = 0; i < 4; i++) {
            round(c);
        }
        c.check(c.tcb.congestion.cwndSegments() >= 100, "cwnd " + c.tcb.congestion.cwndSegments());
        c.check(c.tcb.info(c.now()).sndbufLimitedUs == 0, "held back " + c.tcb.info(c.now()).sndbufLimitedUs);
    }

    @Test
    void aSizeThatWasAskedForStays() {
        TcpConversation c = host().options(o -> o.sendBufferBytes = 30_000).established();
        for (int i = 0; i < 6; i++) {
            round(c);
        }
        c.check(c.tcb.info(c.now()).sndBufBytes == 30_000, "buffer " + c.tcb.info(c.now()).sndBufBytes);
    }
}
