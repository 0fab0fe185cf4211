package sluice.wire;

import java.lang.foreign.MemorySegment;

/**
 * Walks a list of options, of any of the four forms in which the Internet's protocols write them, and never past its
 * end. Reused: {@link #reset} begins a new list.
 *
 * <pre>{@code
 * cursor.reset(OptionCursor.Form.TCP, m, offset, length);
 * while (cursor.next()) { switch (cursor.kind()) { … } }
 * if (cursor.isMalformed()) { … }
 * }</pre>
 */
public final class OptionCursor {
    /** How kind and length are written. */
    public enum Form {
        /** TCP (RFC 9293 section 3.1): kind, length of all; kind 0 ends the list, kind 1 is a single byte. */
        TCP,
        /** IPv4 (RFC 791 section 3.1): the same. */
        IPV4,
        /**
         * IPv6 hop-by-hop and destination options (RFC 8200 section 4.2): type, length of the data; type 0 is a single
         * byte.
         */
        IPV6,
        /** Neighbour discovery (RFC 4861 section 4.6): type, length of all in units of eight bytes. */
        NDP
    }

    private Form form = Form.TCP;
    private MemorySegment memory = MemorySegment.NULL;
    private long end;
    private long at;
    private int length;
    private int kind;
    private boolean malformed;
    private boolean ended;

    /**
     * Begins a list.
     *
     * @param m where it lies
     * @param offset of the first option
     * @param bytes of the whole list, 0 or less for an empty one
     */
    public void reset(Form listForm, MemorySegment m, long offset, int bytes) {
        form = listForm;
        memory = m;
        at = offset;
        end = offset + Math.max(0, bytes);
        length = 0;
        kind = 0;
        malformed = false;
        ended = false;
    }

    /**
     * Moves to the next option. Padding of a single byte (NOP, Pad1) is an option like others.
     *
     * @return false at the end of the list, at an end-of-list option, and at an option whose length is illegal ({@link
     * #isMalformed})
     */
    public boolean next() {
        if (malformed || ended) {
            return false;
        }
        at += length;
        length = 0;
        if (at >= end) {
            ended = true;
            return false;
        }
        kind = Bytes.u8(memory, at);
        if (form == Form.TCP || form == Form.IPV4) {
            if (kind == 0) {
                ended = true;
                return false;
            }
            if (kind == 1) {
                length = 1;
                return true;
            }
        } else if (form == Form.IPV6 && kind == 0) {
            length = 1;
            return true;
        }
        return takeLength();
    }

    private boolean takeLength() {
        int written = at + 1 < end ? Bytes.u8(memory, at + 1) : -1;
        int bytes = switch (form) {
            case TCP, IPV4 -> written;
            case IPV6 -> written + 2;
            case NDP -> written * 8;
        };
        if (written < 0 || bytes < 2 || at + bytes > end) {
            malformed = true;
            return false;
        }
        length = bytes;
        return true;
    }

    /** Kind (or type) of the present option; after a failed {@link #next} that of the malformed one. */
    public int kind() {
        return kind;
    }

    /** Offset of the present option's first byte; of the malformed one, or of the end-of-list option. */
    public long offset() {
        return at;
    }

    /** Bytes of the present option, kind and length included. */
    public int length() {
        return length;
    }

    /** Offset of its data. */
    public long dataOffset() {
        return at + Math.min(length, 2);
    }

    /** Bytes of its data. */
    public int dataLength() {
        return Math.max(0, length - 2);
    }

    /** Whether the walk stopped at an option whose length is 0 or 1 or reaches past the list. */
    public boolean isMalformed() {
        return malformed;
    }

    /** Whether the walk stopped at an end-of-list option with bytes left. */
    public boolean isAtEndOfList() {
        return ended && at < end;
    }
}
