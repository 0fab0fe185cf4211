package sluice.wire;

/** Numbers of the pcap and pcapng formats (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng). */
final class Pcap {
    /** First four bytes of a pcap file with timestamps in microseconds. */
    static final int MAGIC_US = 0xa1b2c3d4;
    /** The same, nanoseconds. */
    static final int MAGIC_NS = 0xa1b23c4d;

    /** Type of a section header block; the same in both byte orders. */
    static final int SECTION_HEADER = 0x0a0d0d0a;
    /** Second word of a section: tells the byte order. */
    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    static final int INTERFACE_DESCRIPTION = 1;
    /** Obsolete packet block. */
    static final int OLD_PACKET = 2;
    static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;

    static final int OPTION_END = 0;
    static final int OPTION_COMMENT = 1;
    static final int OPTION_USER_APPLICATION = 4;
    static final int OPTION_IF_NAME = 2;
    static final int OPTION_IF_TSRESOL = 9;
    static final int OPTION_IF_TSOFFSET = 14;
    static final int OPTION_EPB_FLAGS = 2;

    private Pcap() {}
}
