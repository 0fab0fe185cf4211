package sluice.sockets.internal.dns;

import java.util.Arrays;

/** Writes a query: one question, recursion wanted. */
public final class DnsQuery {
    /** What a UDP answer may be long when EDNS0 is used, bytes: glibc's number, which fits every path. */
    public static final int EDNS_PAYLOAD = 1200;

    private static final int OPT_BYTES = 11;

    private DnsQuery() {}

    /**
     * The message.
     *
     * @param id 0…65535
     * @param edns adds an OPT record (RFC 6891 6.1.2), so that answers over UDP may be {@link #EDNS_PAYLOAD} long
     * rather than 512
     */
    public static byte[] write(int id, DnsMessage.Question question, boolean edns) {
        byte[] m = new byte[Dns.HEADER + DnsName.MAX_BYTES + 4 + OPT_BYTES];
        int at = put16(m, 0, id);
        at = put16(m, at, Dns.RD);
        at = put16(m, at, 1);
        at += 4; // no answers, no authority
        at = put16(m, at, edns ? 1 : 0);
        at = question.name().write(m, at);
        at = put16(m, at, question.type());
        at = put16(m, at, question.dnsClass());
        if (edns) {
            at++; // the root's name
            at = put16(m, at, Dns.OPT);
            at = put16(m, at, EDNS_PAYLOAD);
            at += 6; // version 0, no flags, no data
        }
        return Arrays.copyOf(m, at);
    }

    private static int put16(byte[] m, int at, int value) {
        m[at] = (byte) (value >>> 8);
        m[at + 1] = (byte) value;
        return at + 2;
    }
}
