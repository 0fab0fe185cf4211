package sluice.drill;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A packet as a script writes it. */
sealed interface PacketSpec {
    /** What is said of the IP header. */
    Ip ip();

    /**
     * The IP header.
     *
     * @param check what to compare of the traffic class
     * @param tos the traffic class, or its ECN bits
     * @param ttl TTL or hop limit; 0 not said
     * @param flowLabel flow label; -1 not said
     */
    record Ip(Check check, int tos, int ttl, int flowLabel) {
        enum Check {
            NONE, ECN, ECT01, TOS
        }

        static final Ip ANY = new Ip(Check.NONE, 0, 0, -1);
    }

    /**
     * A TCP segment in the script's numbers.
     *
     * @param sourcePort 0 not said
     * @param destinationPort 0 not said
     * @param flags the nine flags
     * @param ace whether the three ECN flags were written as a number
     * @param window -1 not said
     * @param options null for "do not look"
     */
    record TcpSegment(Ip ip, int sourcePort, int destinationPort, int flags, boolean ace, int seq, int length, int ack,
            int window, int urgent,
            @Nullable List<Option> options) implements PacketSpec {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** A TCP option: its kind and what follows kind and length. With a signature, the code in the body is computed. */
    record Option(int kind, byte[] body, @Nullable Signature signature) {
        Option(int kind, byte[] body) {
            this(kind, body, null);
        }
    }

    /** A UDP datagram. */
    record UdpDatagram(Ip ip, int sourcePort, int destinationPort, int length) implements PacketSpec {}

    /**
     * An ICMP message.
     *
     * @param code "" for 0
     * @param mtu -1 not said
     * @param quoted protocol of the quoted packet: 6, 17, 255 (raw), or 0 for none
     */
    record Icmp(Ip ip, String type, String code, int mtu, int id, int quoted, int quotedSeq, int quotedLength)
            implements PacketSpec {}
}
