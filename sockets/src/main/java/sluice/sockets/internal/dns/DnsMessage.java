package sluice.sockets.internal.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message that was read.
 *
 * @param id 0…65535
 * @param flags the header's second word
 * @param rcode the outcome, with EDNS0's upper bits
 * @param questions how many questions it says it has
 * @param question the first of them; null without
 * @param answers the records of the answer section
 * @param authority those of the authority section
 * @param additional those of the additional section
 */
public record DnsMessage(int id, int flags, int rcode, int questions, @Nullable Question question,
        List<DnsRecord> answers, List<DnsRecord> authority, List<DnsRecord> additional) {
    /** A question (RFC 1035 4.1.2). */
    public record Question(DnsName name, int type, int dnsClass) {}

    /** Whether one of the header's flags is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether it is an answer to exactly this question, asked under this id. */
    public boolean answers(int askedId, Question asked) {
        return id == askedId && has(Dns.QR) && (flags & Dns.OPCODE_MASK) == 0 && questions == 1
                && asked.equals(question);
    }
}
