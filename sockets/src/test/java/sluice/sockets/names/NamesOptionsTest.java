package sluice.sockets.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsName;

/** What resolv.conf asks for, the search list, and what is kept of answers. */
class NamesOptionsTest extends ScriptedNames {
    // ---- options

    @Test
    void serversThatAnswerOneOfTwoAreAskedOneByOne() throws Exception {
        names("FIRST");
        List<Integer> ports = new ArrayList<>();
        first.answer(q -> { // a server (or a firewall before it) that serves a port once at a time
            boolean busy = !ports.isEmpty() && ports.getLast() == q.port() && q.type() == Dns.AAAA
                    && first.queries.get(first.queries.size() - 2).ms() > q.ms() - 40;
            ports.add(q.port());
            return busy ? List.of() : first.fromZone(q);
        });
        double start = world.nowMs();
        assertThat(lookup("host.test")).hasSize(2);
        assertThat(world.nowMs() - start).as("timeout, then two round trips, ms").isCloseTo(5_200, SOON);
        start = world.nowMs();
        assertThat(lookup("four.test")).hasSize(1);
        assertThat(world.nowMs() - start).as("it is remembered, ms").isCloseTo(200, SOON);
    }

    @Test
    void serversThatAnswerAPortOnceAreAskedFromTwo() throws Exception {
        names("FIRST");
        List<Integer> ports = new ArrayList<>();
        first.answer(q -> {
            boolean again = ports.contains(q.port());
            ports.add(q.port());
            return again ? List.of() : first.fromZone(q);
        });
        double start = world.nowMs();
        assertThat(lookup("host.test")).hasSize(2);
        assertThat(world.nowMs() - start).isCloseTo(10_200, SOON);
    }

    @Test
    void aServerThatNeverAnswersForAaaaCostsTimeButHasTheRest() throws Exception {
        names("FIRST");
        first.answer(q -> q.type() == Dns.AAAA ? List.of() : first.fromZone(q));
        assertThat(lookup("host.test")).containsExactly("192.0.2.1");
        assertThat(world.nowMs()).isBetween(15_000.0, 16_100.0);
    }

    @Test
    void singleRequestAsksOneByOne() throws Exception {
        names("FIRSToptions single-request");
        double start = world.nowMs();
        assertThat(lookup("host.test")).hasSize(2);
        assertThat(world.nowMs() - start).isCloseTo(200, SOON);
        assertThat(first.queries.get(0).port()).isEqualTo(first.queries.get(1).port());
        names.close();
        names("FIRSToptions single-request-reopen");
        assertThat(lookup("host.test")).hasSize(2);
        assertThat(first.queries.get(2).port()).isNotEqualTo(first.queries.get(3).port());
    }

    @Test
    void rotateBeginsWithEachServerInTurn() throws Exception {
        names("FIRSTSECONDoptions rotate no-aaaa");
        for (int i = 0; i < 6; i++) {
            names.clearCache();
            assertThat(lookup("host.test")).isNotEmpty();
        }
        assertThat(first.queries).hasSize(3);
        assertThat(second.queries).hasSize(3);
    }

    @Test
    void edns0AsksForLongerAnswersUnlessTheServerDoesNotUnderstand() throws Exception {
        names("FIRSToptions edns0 no-aaaa");
        assertThat(lookup("host.test")).isNotEmpty();
        assertThat(first.queries.getFirst().message().additional()).singleElement()
                .matches(r -> r.type() == Dns.OPT && r.dnsClass() == 1200 && r.name().equals(DnsName.of(".")));
        first.answer(q -> q.message().additional().isEmpty() ? first.fromZone(q)
                : List.of(q.reply(Dns.FORMERR).bytes()));
        assertThat(lookup("four.test")).containsExactly("192.0.2.4");
        assertThat(first.asked()).containsExactly("host.test A", "four.test A", "four.test A");
    }

    // ---- the search list

    @Test
    void aShortNameIsCompleted() throws Exception {
        first.zone("www.corp.test", "192.0.2.5").zone("top", "192.0.2.6");
        names("FIRSTsearch eng.test corp.test\noptions no-aaaa");
        assertThat(lookup("www")).containsExactly("192.0.2.5");
        assertThat(first.asked()).containsExactly("www.eng.test A", "www.corp.test A");
        first.queries.clear();
        assertThat(lookup("top")).as("at last as it is").containsExactly("192.0.2.6");
        assertThat(first.asked()).containsExactly("top.eng.test A", "top.corp.test A", "top A");
        first.queries.clear();
        notThere("www.");
        assertThat(first.asked()).containsExactly("www A");
    }

    @Test
    void aNameWithDotsIsAskedForAsItIsFirst() throws Exception {
        first.zone("a.b.corp.test", "192.0.2.5");
        names("FIRSTsearch corp.test\noptions no-aaaa");
        assertThat(lookup("a.b")).containsExactly("192.0.2.5");
        assertThat(first.asked()).containsExactly("a.b A", "a.b.corp.test A");
        names.close();
        first.queries.clear();
        names("FIRSTsearch corp.test\noptions no-aaaa ndots:2");
        assertThat(lookup("a.b")).containsExactly("192.0.2.5");
        assertThat(first.asked()).containsExactly("a.b.corp.test A");
    }

    @Test
    void noTldQueryLeavesAShortNameOut() {
        names("FIRSTsearch corp.test\noptions no-aaaa no-tld-query");
        notThere("www");
        assertThat(first.asked()).containsExactly("www.corp.test A");
    }

    @Test
    void serverFailureGoesOnWithTheSearchAndSilenceDoesNot() throws Exception {
        first.zone("www.two.test", "192.0.2.5");
        names("FIRSTsearch one.test two.test\noptions no-aaaa attempts:1");
        first.answer(q -> q.name().equals("www.one.test") ? List.of(q.reply(Dns.SERVFAIL).bytes()) : first.fromZone(q));
        assertThat(lookup("www")).containsExactly("192.0.2.5");
        first.queries.clear();
        first.answer(q -> q.name().equals("web.one.test") ? List.of() : first.fromZone(q));
        notThere("web");
        assertThat(first.asked()).containsExactly("web.one.test A", "web A");
    }

    // ---- the cache

    @Test
    void anAnswerIsKeptAsLongAsItHolds() throws Exception {
        names("FIRST");
        lookup("host.test");
        double start = world.nowMs();
        assertThat(lookup("HOST.test.")).hasSize(2);
        assertThat(world.nowMs()).isEqualTo(start);
        world.advance(59_000);
        lookup("host.test");
        assertThat(first.queries).hasSize(2);
        world.advance(1_100);
        lookup("host.test");
        assertThat(first.queries).as("60 s are over").hasSize(4);
    }

    @Test
    void theShortestOfAChainCounts() throws Exception {
        first.answer(q -> List.of(q.reply(0).target(q.name(), Dns.CNAME, 10, "real.test")
                .address("real.test", 1000, "192.0.2.1").address("real.test", 1000, "fd00::1").bytes()));
        names("FIRST");
        lookup("www.test");
        world.advance(9_000);
        lookup("www.test");
        assertThat(first.queries).hasSize(2);
        world.advance(2_000);
        lookup("www.test");
        assertThat(first.queries).hasSize(4);
    }

    @Test
    void thatThereIsNoneIsKeptAsLongAsTheZoneSays() {
        names("FIRST");
        notThere("missing.test"); // SOA: TTL 300, minimum 60
        notThere("missing.test");
        assertThat(first.asked()).as("no name, no record of any type: asked for once each")
                .containsExactly("missing.test A", "missing.test AAAA");
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> names.addresses("four.test", false, true));
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> names.addresses("four.test", false, true));
        assertThat(first.queries).hasSize(3);
        world.advance(60_100);
        notThere("missing.test");
        assertThat(first.queries).hasSize(5);
    }

    @Test
    void nothingIsKeptThatSaysSoOrSaysNothing() throws Exception {
        names("FIRSToptions no-aaaa");
        first.answer(q -> List.of(q.reply(0).address(q.name(), 0, "192.0.2.1").bytes())); // TTL 0
        lookup("host.test");
        lookup("host.test");
        assertThat(first.queries).hasSize(2);
        first.answer(q -> List.of(q.reply(Dns.NXDOMAIN).bytes())); // no SOA (RFC 2308 5)
        notThere("missing.test");
        notThere("missing.test");
        assertThat(first.queries).hasSize(4);
        first.answer(q -> List.of(q.reply(Dns.SERVFAIL).bytes()));
        later("broken.test");
        assertThat(names.cachedAnswers()).isZero();
    }

    @Test
    void theCacheIsBounded() throws Exception {
        names("FIRSToptions no-aaaa");
        first.answer(q -> List.of(q.reply(0).address(q.name(), 86_400, "192.0.2.1").bytes()));
        for (int i = 0; i < Names.MOST_ANSWERS + 10; i++) {
            lookup("n" + i + ".test");
            lookup("n0.test");
        }
        assertThat(names.cachedAnswers()).isEqualTo(Names.MOST_ANSWERS);
        assertThat(first.queries).as("n0 was used all the time, and stayed").hasSize(Names.MOST_ANSWERS + 10);
    }
}
