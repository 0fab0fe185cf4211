package sluice.sockets.internal.dns;

/** Numbers of the DNS that this client uses (RFC 1035 3.2 and 4.1.1, RFC 3596, RFC 6891). */
public final class Dns {
    /** An IPv4 address. */
    public static final int A = 1;
    /** The canonical name of an alias. */
    public static final int CNAME = 5;
    /** The start of a zone of authority: says how long "there is none" holds. */
    public static final int SOA = 6;
    /** A pointer to another name: the name of an address. */
    public static final int PTR = 12;
    /** An IPv6 address. */
    public static final int AAAA = 28;
    /** EDNS0's place for what does not fit the header. */
    public static final int OPT = 41;

    /** The Internet's class. */
    public static final int IN = 1;

    /** Header flag: an answer. */
    public static final int QR = 0x8000;
    /** Header flag: from who has authority. */
    public static final int AA = 0x0400;
    /** Header flag: cut off. */
    public static final int TC = 0x0200;
    /** Header flag: recursion wanted. */
    public static final int RD = 0x0100;
    /** Header flag: recursion to be had. */
    public static final int RA = 0x0080;
    /** The four bits of the header that say the kind of query; 0 for an ordinary one. */
    public static final int OPCODE_MASK = 0x7800;

    /** No error. */
    public static final int NOERROR = 0;
    /** The server does not understand the query. */
    public static final int FORMERR = 1;
    /** The server cannot answer now. */
    public static final int SERVFAIL = 2;
    /** There is no such name. */
    public static final int NXDOMAIN = 3;
    /** The server does not do that. */
    public static final int NOTIMP = 4;
    /** The server does not want to. */
    public static final int REFUSED = 5;

    /** Bytes of a header. */
    public static final int HEADER = 12;
    /** Longest message over TCP, bytes. */
    public static final int MAX_MESSAGE = 65_535;

    private Dns() {}
}
