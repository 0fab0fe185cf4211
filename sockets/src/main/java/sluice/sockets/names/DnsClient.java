package sluice.sockets.names;

import java.util.ArrayList;
import java.util.List;
import sluice.base.Entropy;
import sluice.base.ErrnoException;
import sluice.engine.HostAccess;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsMessage;

/**
 * Asks servers, as glibc's {@code res_send.c} does: one after the other, as often as {@code attempts} says, until one
 * has an answer. A server that says that it cannot or does not want to, and one that is not there, is left for the next
 * at once. The server at place n has {@code timeout}·2ⁿ to answer, behind the first divided by the number of servers,
 * a second at least. An answer that was cut off is asked for again over TCP. Where one of two questions at a time stays
 * without answer, they are asked one by one from then on, and if that does not help, from two ports.
 *
 * <p>Inside the host; may be used by several threads, since waiting lets others in.
 */
final class DnsClient {
    private static final long SECOND_NS = 1_000_000_000L;

    private final HostAccess access;
    private final ResolvConf conf;
    private final Entropy entropy;
    private boolean oneByOne;
    private boolean reopen;
    private boolean edns;
    private int turn;

    DnsClient(HostAccess access, ResolvConf conf, Entropy entropy) {
        this.access = access;
        this.conf = conf;
        this.entropy = entropy;
        ResolvOptions o = conf.options();
        reopen = o.has(ResolvOptions.Flag.SINGLE_REQUEST_REOPEN);
        oneByOne = reopen || o.has(ResolvOptions.Flag.SINGLE_REQUEST);
        edns = o.has(ResolvOptions.Flag.EDNS0);
        turn = conf.servers().isEmpty() ? 0 : entropy.nextInt(conf.servers().size());
    }

    /** What one server had. */
    private enum Turn {
        /** An answer: the lookup is over. */
        DONE,
        /** That it cannot say. */
        FAILURE,
        /** Nothing in time. */
        SILENCE,
        /** It is not there. */
        NOBODY
    }

    /** The answers to {@code questions}, in their order. Waits; inside the host, not nested. */
    List<Answer> ask(List<DnsMessage.Question> questions) {
        List<Asked> asked = new ArrayList<>(questions.stream().map(Asked::new).toList());
        int n = conf.servers().size();
        int first = conf.options().has(ResolvOptions.Flag.ROTATE) && n > 0 ? turn++ % n : 0;
        boolean silence = false;
        int lastRcode = -1;
        for (int attempt = 0; attempt < conf.options().attempts(); attempt++) {
            for (int i = 0; i < n; i++) {
                Turn t = ask((first + i) % n, asked);
                if (t == Turn.DONE) {
                    return asked.stream().map(a -> a.isAnswered() && !a.isUsable()
                            ? Answer.of(Outcome.SERVER_FAILURE) : a.answer()).toList();
                }
                silence |= t != Turn.NOBODY;
                lastRcode = t == Turn.FAILURE ? asked.getFirst().rcode() : lastRcode;
            }
        }
        Answer none = Answer.of(lastRcode == Dns.SERVFAIL ? Outcome.SERVER_FAILURE
                : silence ? Outcome.SILENCE : Outcome.NOBODY);
        return asked.stream().map(a -> none).toList();
    }

    private Turn ask(int index, List<Asked> asked) {
        ResolvConf.Server server = conf.servers().get(index);
        boolean tcp = conf.options().has(ResolvOptions.Flag.USE_VC);
        while (true) {
            boolean withEdns = edns;
            boolean single = oneByOne;
            boolean singleReopen = reopen;
            renew(asked, withEdns);
            Transport.End end = tcp ? overTcp(server, asked, untilNs(index))
                    : overUdp(server, asked, untilNs(index), single, singleReopen);
            List<Asked> cut = asked.stream().filter(Asked::isTruncated).toList();
            if (end == Transport.End.ANSWERED && !cut.isEmpty() && !tcp) {
                renew(cut, withEdns);
                end = overTcp(server, cut, untilNs(index));
                if (end != Transport.End.ANSWERED) {
                    return end == Transport.End.NOBODY ? Turn.NOBODY : Turn.SILENCE;
                }
            }
            if (withEdns && asked.stream().anyMatch(a -> a.rcode() == Dns.FORMERR)) {
                edns = false; // an old server
                continue;
            }
            boolean some = asked.stream().anyMatch(Asked::isUsable);
            if (end == Transport.End.SILENCE && some && !tcp && !singleReopen) {
                reopen |= single;
                oneByOne = true;
                continue;
            }
            return some ? Turn.DONE
                    : end == Transport.End.ANSWERED ? Turn.FAILURE
                            : end == Transport.End.SILENCE ? Turn.SILENCE : Turn.NOBODY;
        }
    }

    private void renew(List<Asked> asked, boolean withEdns) {
        int id = entropy.nextInt(1 << 16);
        for (Asked a : asked) {
            a.renew(id, withEdns);
            id = id + 1 + entropy.nextInt(0xffff) & 0xffff; // another
        }
    }

    private long untilNs(int index) {
        long seconds = (long) conf.options().timeoutSeconds() << index;
        if (index > 0) {
            seconds /= conf.servers().size();
        }
        return access.nowNs() + Math.max(seconds, 1) * SECOND_NS;
    }

    private Transport.End overTcp(ResolvConf.Server server, List<Asked> asked, long untilNs) {
        try (Transport t = new TcpTransport(access, server)) {
            return t.exchange(asked, untilNs);
        }
    }

    private Transport.End overUdp(ResolvConf.Server server, List<Asked> asked, long untilNs, boolean single,
            boolean singleReopen) {
        try (Transport t = new UdpTransport(access, server, single, singleReopen)) {
            return t.exchange(asked, untilNs);
        } catch (ErrnoException e) {
            return Transport.End.NOBODY; // no socket to be had
        }
    }
}
