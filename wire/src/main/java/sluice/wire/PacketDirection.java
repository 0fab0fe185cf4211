package sluice.wire;

/** Which way a captured packet went, by the low bits of pcapng's epb_flags: a constant's ordinal is its value there. */
public enum PacketDirection {
    /** Not known. */
    UNKNOWN,
    /** To the host that captured. */
    INBOUND,
    /** From it. */
    OUTBOUND
}
