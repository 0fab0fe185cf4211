package sluice.sockets.names;

import org.jspecify.annotations.Nullable;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsMessage;
import sluice.sockets.internal.dns.DnsQuery;
import sluice.sockets.internal.dns.DnsReader;

/** A question on its way: under which id it was asked last, and what came back. */
final class Asked {
    final DnsMessage.Question question;
    private int id;
    private byte[] query = new byte[0];
    private @Nullable DnsMessage reply;

    Asked(DnsMessage.Question question) {
        this.question = question;
    }

    /** Asks anew, under another id. */
    void renew(int newId, boolean edns) {
        id = newId;
        query = DnsQuery.write(newId, question, edns);
        reply = null;
    }

    /** The message to send. */
    byte[] query() {
        return query;
    }

    /** Takes {@code message} when it is the answer that is waited for. */
    boolean accept(byte[] message, int length) {
        DnsMessage m = reply == null ? DnsReader.read(message, length) : null;
        if (m == null || !m.answers(id, question)) {
            return false;
        }
        reply = m;
        return true;
    }

    boolean isAnswered() {
        return reply != null;
    }

    /** The answer was cut off: TCP brings the whole. */
    boolean isTruncated() {
        DnsMessage m = reply;
        return m != null && m.has(Dns.TC) && isUsable();
    }

    /** The outcome code of the answer; -1 without. */
    int rcode() {
        DnsMessage m = reply;
        return m == null ? -1 : m.rcode();
    }

    /** Whether the answer is one, rather than a reason to ask another server ({@code res_send.c}). */
    boolean isUsable() {
        DnsMessage m = reply;
        return m != null && m.rcode() != Dns.SERVFAIL && m.rcode() != Dns.NOTIMP && m.rcode() != Dns.REFUSED
                && !isLame(m);
    }

    /** Nothing, from a server that neither has authority nor asks others. */
    private static boolean isLame(DnsMessage m) {
        return m.rcode() == Dns.NOERROR && m.answers().isEmpty() && m.additional().isEmpty() && !m.has(Dns.AA)
                && !m.has(Dns.RA);
    }

    /** What the usable answer says. */
    Answer answer() {
        DnsMessage m = reply;
        return m == null ? Answer.of(Outcome.SILENCE) : Answer.of(question, m);
    }
}
