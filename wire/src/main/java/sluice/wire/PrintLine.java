package sluice.wire;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The line that is being printed and the bytes it is about. The parts of the printer read only what {@link #has} says
 * is there.
 */
final class PrintLine {
    final StringBuilder out = new StringBuilder(160);
    final MemorySegment m;
    final OptionCursor cursor = new OptionCursor();
    final @Nullable FlowTable flows;
    /** Offset after the last byte that may be read. */
    long end;
    /** Offset after the last byte that the packet had on the wire. */
    long wireEnd;
    boolean v6;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;

    PrintLine(MemorySegment m, long end, long wireEnd, @Nullable FlowTable flows) {
        this.m = m;
        this.end = end;
        this.wireEnd = wireEnd;
        this.flows = flows;
    }

    /** Whether {@code bytes} bytes at {@code offset} may be read. */
    boolean has(long offset, long bytes) {
        return offset + bytes <= end;
    }

    /** Says that {@code what} is cut off. */
    void truncated(String what) {
        out.append("[truncated ").append(what).append(']');
    }

    PrintLine text(String s) {
        out.append(s);
        return this;
    }

    PrintLine number(long n) {
        out.append(n);
        return this;
    }

    PrintLine hex(long n) {
        out.append("0x").append(Long.toHexString(n));
        return this;
    }

    PrintLine v4(int bits) {
        IpAddressText.appendV4(out, bits);
        return this;
    }

    PrintLine address(long high, long low) {
        IpAddressText.append(out, high, low);
        return this;
    }

    PrintLine source() {
        return address(sourceHigh, sourceLow);
    }

    PrintLine destination() {
        return address(destinationHigh, destinationLow);
    }

    /** "10.0.0.1.40000 > 10.0.0.2.80: ". */
    PrintLine ports(int sourcePort, int destinationPort) {
        source().text(".").number(sourcePort).text(" > ");
        return destination().text(".").number(destinationPort).text(": ");
    }

    /** "10.0.0.1 > 10.0.0.2: ". */
    PrintLine hosts() {
        source().text(" > ");
        return destination().text(": ");
    }

    PrintLine bytes(long offset, int count) {
        for (int i = 0; i < count; i++) {
            int b = Bytes.u8(m, offset + i);
            out.append(Character.forDigit(b >>> 4, 16)).append(Character.forDigit(b & 15, 16));
        }
        return this;
    }
}
