package sluice.core.tcp.auth;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;
import sluice.wire.IpAddress;

/**
 * What a code covers: pseudo-header, TCP header with a checksum of zero, options as asked, payload; fed to a MAC
 * through the host's arrays.
 */
@Rfc(value = 2385, section = "2")
@Rfc(value = 5925, section = "5.1")
final class MacInput {
    private static final int FIXED = 20;
    private static final int CHECKSUM = 16;
    private static final int TCP = 6;

    private final Digests digests;
    private final byte[] b;

    MacInput(Digests digests) {
        this.digests = digests;
        b = digests.chunk;
    }

    Digests digests() {
        return digests;
    }

    /** The sequence number extension. */
    void sne(KeyedMac mac, int sne) {
        put32(0, sne);
        mac.update(b, 0, 4);
    }

    /** The IP pseudo-header: from, to, protocol, length of the TCP segment. */
    void pseudoHeader(KeyedMac mac, long fromHigh, long fromLow, long toHigh, long toLow, int length) {
        if (IpAddress.isV4(fromHigh, fromLow)) {
            put32(0, (int) fromLow);
            put32(4, (int) toLow);
            put32(8, TCP << 16 | length);
            mac.update(b, 0, 12);
            return;
        }
        put64(0, fromHigh);
        put64(8, fromLow);
        put64(16, toHigh);
        put64(24, toLow);
        put32(32, length);
        put32(36, TCP);
        mac.update(b, 0, 40);
    }

    /** The 20 fixed bytes, checksum 0. */
    void fixedHeader(KeyedMac mac, MemorySegment m, long at) {
        copy(m, at, FIXED);
        mac.update(b, 0, FIXED);
    }

    /** All of the header, checksum 0 and the code at {@code codeAt} 0. */
    void wholeHeader(KeyedMac mac, MemorySegment m, long at, int headerLength, int codeAt, int codeLength) {
        copy(m, at, headerLength);
        java.util.Arrays.fill(b, codeAt, codeAt + codeLength, (byte) 0);
        mac.update(b, 0, headerLength);
    }

    /** The fixed bytes and of the options only TCP-AO, its code 0. */
    void headerWithOption(KeyedMac mac, MemorySegment m, long at, int optionAt, int codeLength) {
        fixedHeader(mac, m, at);
        MemorySegment.copy(m, ValueLayout.JAVA_BYTE, at + optionAt, b, 0, AoKey.HEADER);
        java.util.Arrays.fill(b, AoKey.HEADER, AoKey.HEADER + codeLength, (byte) 0);
        mac.update(b, 0, AoKey.HEADER + codeLength);
    }

    private void copy(MemorySegment m, long at, int length) {
        MemorySegment.copy(m, ValueLayout.JAVA_BYTE, at, b, 0, length);
        b[CHECKSUM] = 0;
        b[CHECKSUM + 1] = 0;
    }

    /** Payload. */
    void data(KeyedMac mac, @Nullable MemorySegment m, long at, int length) {
        if (m == null) {
            return;
        }
        for (int done = 0; done < length;) {
            int n = Math.min(length - done, Digests.CHUNK);
            MemorySegment.copy(m, ValueLayout.JAVA_BYTE, at + done, b, 0, n);
            mac.update(b, 0, n);
            done += n;
        }
    }

    /**
     * Ends the message and compares with the code in a segment, in a time that does not depend on where they differ.
     */
    boolean matches(KeyedMac mac, MemorySegment m, long at, int length) {
        byte[] code = digests.code;
        mac.finish(code);
        int different = 0;
        for (int i = 0; i < length; i++) {
            different |= code[i] ^ m.get(ValueLayout.JAVA_BYTE, at + i);
        }
        return different == 0;
    }

    /** Ends the message and writes the code into a segment. */
    void write(KeyedMac mac, MemorySegment m, long at, int length) {
        mac.finish(digests.code);
        MemorySegment.copy(digests.code, 0, m, ValueLayout.JAVA_BYTE, at, length);
    }

    private void put32(int at, int v) {
        b[at] = (byte) (v >>> 24);
        b[at + 1] = (byte) (v >>> 16);
        b[at + 2] = (byte) (v >>> 8);
        b[at + 3] = (byte) v;
    }

    private void put64(int at, long v) {
        put32(at, (int) (v >>> 32));
        put32(at + 4, (int) v);
    }
}
