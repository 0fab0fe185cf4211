package sluice.sockets.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Entropy;
import sluice.core.udp.UdpSocket;
import sluice.sockets.internal.dns.Dns;
import sluice.sockets.internal.dns.DnsWriter;
import sluice.wire.IpAddress;

/** Lookups at servers of all kinds. */
class NamesTest extends ScriptedNames {
    // ---- one answer

    @Test
    void bothFamiliesAreAskedForAtOnceFromOnePort() throws Exception {
        names("FIRST");
        double start = world.nowMs();
        assertThat(lookup("host.test")).containsExactlyInAnyOrder("192.0.2.1", "fd00::1:1");
        assertThat(world.nowMs() - start).as("one round trip, ms").isCloseTo(100, SOON);
        assertThat(first.asked()).containsExactly("host.test A", "host.test AAAA");
        assertThat(first.queries.get(0).port()).isEqualTo(first.queries.get(1).port());
        assertThat(first.queries.get(0).message().id()).isNotEqualTo(first.queries.get(1).message().id());
        assertThat(first.queries.get(0).message().has(Dns.RD)).isTrue();
        assertThat(client.host().pool().inUseBytes()).as("memory that is left behind").isZero();
    }

    @Test
    void oneFamilyIsEnough() throws Exception {
        names("FIRST");
        assertThat(lookup("four.test")).containsExactly("192.0.2.4");
        assertThat(names.addresses("host.test", true, false)).containsExactly(IpAddress.parse("192.0.2.1"));
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> names.addresses("four.test", false, true))
                .withMessage("four.test: No address associated with hostname");
    }

    @Test
    void portsAndIdsAreDrawnAnewForEachQuery() throws Exception {
        names("FIRSToptions no-aaaa");
        first.answer(q -> List.of(q.reply(0).address(q.name(), 0, "192.0.2.1").bytes()));
        for (int i = 0; i < 50; i++) {
            lookup("host.test");
        }
        assertThat(first.queries).hasSize(50);
        assertThat(first.queries.stream().map(ScriptedServer.Query::port).distinct().count()).isGreaterThan(45);
        assertThat(first.queries.stream().map(q -> q.message().id()).distinct().count()).isGreaterThan(45);
    }

    @Test
    void theHostsFileIsAskedFirst() throws Exception {
        names("FIRST", HostsFile.parse("""
                # comment
                192.0.2.77  Host.Test alias # and its alias
                fd00::77\talias
                fe80::1%eth0 zone
                nonsense line
                """));
        assertThat(lookup("host.test")).containsExactly("192.0.2.77");
        assertThat(lookup("ALIAS")).containsExactlyInAnyOrder("192.0.2.77", "fd00::77");
        assertThat(names.nameOf(IpAddress.parse("192.0.2.77"))).isEqualTo("Host.Test");
        assertThat(first.queries).isEmpty();
        notThere("zone");
    }

    @Test
    void whatCanBeReachedComesFirst() throws Exception {
        first.zone("mixed.test", "198.51.100.1", second.host.address().toString(), "2001:db8::1");
        names("FIRST");
        assertThat(lookup("mixed.test")).first().isEqualTo(second.host.address().toString());
    }

    @Test
    void addressesHaveNames() throws Exception {
        first.zone("1.2.0.192.in-addr.arpa", "ptr host.test").zone("9.2.0.192.in-addr.arpa", "cname 9.sub.test")
                .zone("9.sub.test", "ptr nine.test").zone("8.2.0.192.in-addr.arpa", "ptr <script>.test")
                .zone("b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa", "ptr b.test");
        names("FIRST");
        assertThat(names.nameOf(IpAddress.parse("192.0.2.1"))).isEqualTo("host.test");
        assertThat(names.nameOf(IpAddress.parse("192.0.2.9"))).as("RFC 2317").isEqualTo("nine.test");
        // RFC 1886's example
        assertThat(names.nameOf(IpAddress.parse("4321:0:1:2:3:4:567:89ab"))).isEqualTo("b.test");
        for (String none : List.of("192.0.2.7", "192.0.2.8")) {
            assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.nameOf(IpAddress.parse(none)))
                    .withMessage(none + ": Name or service not known");
        }
    }

    // ---- aliases

    @Test
    void aliasesAreFollowed() throws Exception {
        first.zone("www.test", "cname a.test").zone("a.test", "cname b.test").zone("b.test", "192.0.2.3");
        names("FIRST");
        assertThat(lookup("www.test")).containsExactly("192.0.2.3");
        assertThat(first.queries).hasSize(2);
    }

    @Test
    void anAliasWithoutWhatIsBehindItIsAskedForAgain() throws Exception {
        first.answer(q -> List.of(switch (q.name()) {
            case "www.test" -> q.reply(0).target("www.test", Dns.CNAME, 60, "real.test").bytes();
            default -> q.reply(0).address("real.test", 60, q.type() == Dns.A ? "192.0.2.3" : "fd00::3").bytes();
        }));
        names("FIRST");
        assertThat(lookup("www.test")).containsExactlyInAnyOrder("192.0.2.3", "fd00::3");
        assertThat(first.asked()).contains("real.test A", "real.test AAAA");
    }

    @Test
    void aliasesInACircleEnd() {
        first.answer(q -> List.of(q.reply(0).target("a.test", Dns.CNAME, 60, "b.test")
                .target("b.test", Dns.CNAME, 60, "a.test").bytes()));
        names("FIRST");
        later("a.test");
        assertThat(first.queries).hasSizeLessThanOrEqualTo(18);
    }

    // ---- what servers do

    @Test
    void lossIsMadeGoodByTheNextAttempt() throws Exception {
        names("FIRST");
        first.answer(q -> q.ms() < 5_000 ? List.of() : first.fromZone(q));
        double start = world.nowMs();
        assertThat(lookup("four.test")).containsExactly("192.0.2.4");
        assertThat(world.nowMs() - start).as("timeout and a round trip, ms").isCloseTo(5_100, SOON);
        assertThat(first.asked()).containsExactly("four.test A", "four.test AAAA", "four.test A", "four.test AAAA");
        assertThat(first.queries.get(2).port()).as("another port").isNotEqualTo(first.queries.get(0).port());
    }

    @Test
    void silenceTakesAsLongAsTheOptionsSay() {
        link.cut();
        second.answer(second::silence);
        names("FIRSTSECONDoptions timeout:3 attempts:2");
        double start = world.nowMs();
        later("host.test.");
        // 3 s, then 3·2/2 s; twice.
        assertThat(world.nowMs() - start).isCloseTo(12_000, SOON);
        assertThat(second.asked()).hasSize(4);
    }

    @Test
    void theSecondServerHasWhatTheFirstDoesNotAnswer() throws Exception {
        link.cut();
        names("FIRSTSECOND");
        double start = world.nowMs();
        assertThat(lookup("host.test")).containsExactly("192.0.2.2");
        assertThat(world.nowMs() - start).isCloseTo(5_100, SOON);
    }

    @Test
    void aServerThatCannotAnswerIsLeftAtOnce() throws Exception {
        names("FIRSTSECOND");
        for (int rcode : new int[]{Dns.SERVFAIL, Dns.REFUSED, Dns.NOTIMP}) {
            first.answer(q -> List.of(q.reply(rcode).bytes()));
            names.clearCache();
            double start = world.nowMs();
            assertThat(lookup("host.test")).containsExactly("192.0.2.2");
            assertThat(world.nowMs() - start).as("two round trips, ms").isCloseTo(200, SOON);
        }
    }

    @Test
    void aServerThatIsNotThereIsLeftAtOnce() throws Exception {
        names("FIRSTSECOND");
        first.socket.close();
        double start = world.nowMs();
        assertThat(lookup("host.test")).containsExactly("192.0.2.2");
        assertThat(world.nowMs() - start).isCloseTo(200, SOON);
        second.socket.close();
        later("other.test");
    }

    @Test
    void outcomesHaveTheJdksWords() {
        names("FIRST");
        notThere("missing.test");
        first.answer(q -> List.of(q.reply(0).soa("test", 60, 60).bytes()));
        fails("empty.test", "No address associated with hostname");
        first.answer(q -> List.of(q.reply(Dns.SERVFAIL).bytes()));
        later("broken.test");
        first.answer(q -> List.of(q.reply(Dns.FORMERR).bytes()));
        fails("odd.test", "Non-recoverable failure in name resolution");
        for (String no : List.of("a..b", ".a", "x".repeat(64) + ".test", "x.".repeat(150))) {
            notThere(no);
        }
    }

    @Test
    void withoutServersOnlyTheHostsFileHasNames() throws Exception {
        names = Names.start(access, ResolvConf.none(), HostsFile.LOCALHOST, Entropy.seeded(7));
        assertThat(lookup("localhost")).containsExactlyInAnyOrder("127.0.0.1", "::1");
        notThere("host.test");
        assertThat(Names.of(access)).isSameAs(names);
        names.close();
        assertThat(Names.of(access)).isNull();
    }

    @Test
    void whatDoesNotAnswerTheQuestionIsPassedOver() throws Exception {
        names("FIRST");
        UdpSocket otherPort = first.host.udp(5353);
        first.answer(q -> {
            DnsWriter good = q.reply(0).address(q.name(), 60, q.type() == Dns.A ? "192.0.2.1" : "fd00::1:1");
            byte[] otherId = new DnsWriter(q.message().id() + 1, Dns.QR).question(q.name(), q.type())
                    .address(q.name(), 60, "203.0.113.1").bytes();
            byte[] otherName = new DnsWriter(q.message().id(), Dns.QR).question("evil.test", q.type())
                    .address("evil.test", 60, "203.0.113.2").bytes();
            byte[] noQuestion = new DnsWriter(q.message().id(), Dns.QR).address(q.name(), 60, "203.0.113.3").bytes();
            byte[] noAnswer = new DnsWriter(q.message().id(), 0).question(q.name(), q.type())
                    .address(q.name(), 60, "203.0.113.4").bytes();
            first.send(otherPort, good.bytes().clone(), q.from(), q.port()); // from another port
            second.send(second.socket, new DnsWriter(q.message().id(), Dns.QR).question(q.name(), q.type())
                    .address(q.name(), 60, "203.0.113.5").bytes(), q.from(), q.port());
            return List.of(new byte[0], new byte[]{1}, otherId, otherName, noQuestion, noAnswer, good.bytes());
        });
        assertThat(lookup("host.test")).containsExactlyInAnyOrder("192.0.2.1", "fd00::1:1");
        assertThat(first.queries).hasSize(2);
    }

    @Test
    void onlyForgeriesAreSilence() {
        names("FIRSToptions attempts:1");
        UdpSocket otherPort = first.host.udp(5353);
        first.answer(q -> {
            first.send(otherPort, q.reply(0).address(q.name(), 60, "203.0.113.1").bytes(), q.from(), q.port());
            return List.of(new DnsWriter(q.message().id() ^ 0x100, Dns.QR).question(q.name(), q.type())
                    .address(q.name(), 60, "203.0.113.1").bytes());
        });
        double start = world.nowMs();
        later("host.test.");
        assertThat(world.nowMs() - start).isCloseTo(5_000, SOON);
    }

    @Test
    void recordsOfOtherNamesAreNotTaken() {
        names("FIRST");
        first.answer(q -> List.of(q.reply(0).address("evil.test", 60, "203.0.113.1").soa("test", 60, 60).bytes()));
        fails("host.test", "No address associated with hostname");
    }

    // ---- TCP

    private List<byte[]> manyOverTcpOnly(ScriptedServer.Query q) {
        if (!q.tcp()) {
            return List.of(q.reply(Dns.TC).bytes());
        }
        DnsWriter w = q.reply(0);
        for (int i = 0; i < 1000; i++) {
            w.address(q.name(), 60, q.type() == Dns.A ? "10.1." + i / 250 + "." + i % 250 : "fd00::1:" + i);
        }
        return List.of(w.bytes());
    }

    @Test
    void aCutAnswerIsFetchedOverTcp() throws Exception {
        names("FIRST");
        first.answer(this::manyOverTcpOnly);
        assertThat(lookup("many.test")).hasSize(2000);
        assertThat(first.asked()).containsExactly("many.test A", "many.test AAAA", "many.test A tcp",
                "many.test AAAA tcp");
        world.advance(120_000);
        assertThat(client.host().pool().inUseBytes()).isZero();
    }

    @Test
    void onlyTheCutOneOfTwoIsFetchedAgain() throws Exception {
        names("FIRST");
        first.answer(q -> q.type() == Dns.A ? manyOverTcpOnly(q) : first.fromZone(q));
        assertThat(lookup("host.test")).hasSize(1001);
        assertThat(first.asked()).containsExactly("host.test A", "host.test AAAA", "host.test A tcp");
    }

    @Test
    void aDatagramLongerThanWeTakeIsCutToo() throws Exception {
        names("FIRSToptions no-aaaa");
        first.answer(q -> List.of(q.tcp() ? first.fromZone(q).getFirst()
                : q.reply(0).text(q.name(), new byte[5000]).bytes()));
        assertThat(lookup("host.test")).containsExactly("192.0.2.1");
        assertThat(first.asked()).containsExactly("host.test A", "host.test A tcp");
    }

    @Test
    void useVcUsesNothingElse() throws Exception {
        names("FIRSToptions use-vc");
        double start = world.nowMs();
        assertThat(lookup("host.test")).hasSize(2);
        assertThat(world.nowMs() - start).as("handshake and a round trip, ms").isCloseTo(200, SOON);
        assertThat(first.queries).allMatch(ScriptedServer.Query::tcp).hasSize(2);
        assertThat(first.queries.get(0).port()).isEqualTo(first.queries.get(1).port());
    }

    @Test
    void silenceOverTcpEndsToo() throws Exception {
        names("FIRSTSECONDoptions use-vc");
        first.answer(first::silence);
        double start = world.nowMs();
        assertThat(lookup("host.test")).containsExactly("192.0.2.2");
        assertThat(world.nowMs() - start).isCloseTo(5_200, SOON);
        link.cut();
        names.clearCache();
        start = world.nowMs();
        assertThat(lookup("host.test")).containsExactly("192.0.2.2");
        assertThat(world.nowMs() - start).isCloseTo(5_200, SOON);
    }
}
