package sluice.cli.iperf3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The two datagrams by which a UDP stream is opened: four bytes from the client, four from the server. iperf3 writes
 * them in its machine's order; before 3.12 they were other numbers.
 */
final class UdpGreeting {
    static final int BYTES = 4;
    private static final int ASK = 0x36373839;
    private static final int ANSWER = 0x39383736;
    private static final int OLD_ASK = 123_456_789;
    private static final int OLD_ANSWER = 987_654_321;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private UdpGreeting() {}

    /** What the client sends. */
    static MemorySegment ask() {
        return of(ASK);
    }

    private static MemorySegment of(int number) {
        MemorySegment m = Arena.ofAuto().allocate(BYTES);
        m.set(INT, 0, number);
        return m;
    }

    /** Whether a datagram asks for a stream. */
    static boolean asks(MemorySegment datagram, int length) {
        return length == BYTES && (is(datagram, ASK) || is(datagram, OLD_ASK));
    }

    /** What the server answers to it. */
    static MemorySegment answer(MemorySegment asked) {
        return of(is(asked, OLD_ASK) ? OLD_ANSWER : ANSWER);
    }

    /** Whether a datagram is such an answer. */
    static boolean answers(MemorySegment datagram, int length) {
        return length == BYTES && (is(datagram, ANSWER) || is(datagram, OLD_ANSWER));
    }

    private static boolean is(MemorySegment datagram, int number) {
        int seen = datagram.get(INT, 0);
        return seen == number || seen == Integer.reverseBytes(number);
    }
}
