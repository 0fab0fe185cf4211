package sluice.sockets.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.wire.IpAddress;

/** The wire format: known bytes both ways, RFC 1035's example of compression, and whatever else may arrive. */
class DnsMessageTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static DnsMessage read(byte[] b) {
        return DnsReader.read(b, b.length);
    }

    private static DnsName name(String text) {
        return DnsName.of(text);
    }

    @Test
    void aQueryHasTheseBytes() {
        DnsMessage.Question q = new DnsMessage.Question(name("example.com"), Dns.AAAA, Dns.IN);
        byte[] plain = hex("beef 0100 0001 0000 0000 0000 076578616d706c65 03636f6d 00 001c 0001");
        assertThat(DnsQuery.write(0xbeef, q, false)).isEqualTo(plain);
        assertThat(DnsQuery.write(0xbeef, q, true)).isEqualTo(hex("beef 0100 0001 0000 0000 0001"
                + " 076578616d706c65 03636f6d 00 001c 0001 00 0029 04b0 00000000 0000"));
        DnsMessage m = read(plain);
        assertThat(m.id()).isEqualTo(0xbeef);
        assertThat(m.question()).isEqualTo(q);
        assertThat(m.has(Dns.QR)).isFalse();
        assertThat(m.answers(0xbeef, q)).as("a query is no answer").isFalse();
    }

    @Test
    void anAnswerWithAnAliasIsRead() {
        DnsMessage m = read(hex("75c0 8180 0001 0003 0000 0000 03777777 066e6574627364 036f7267 00 0001 0001"
                + " c00c 0005 0001 0000003c 0006 0361 6263 c010"
                + " c02c 0001 0001 00000e10 0004 cc98be0c c02c 0001 0001 80000000 0004 01020304"));
        assertThat(m.answers(0x75c0, new DnsMessage.Question(name("WWW.netbsd.ORG."), Dns.A, Dns.IN))).isTrue();
        assertThat(m.answers(0x75c1, new DnsMessage.Question(name("www.netbsd.org"), Dns.A, Dns.IN))).isFalse();
        assertThat(m.answers(0x75c0, new DnsMessage.Question(name("www.netbsd.org"), Dns.AAAA, Dns.IN))).isFalse();
        assertThat(m.answers()).containsExactly(
                new DnsRecord(name("www.netbsd.org"), Dns.CNAME, Dns.IN, 60,
                        new DnsData.Target(name("abc.netbsd.org"))),
                new DnsRecord(name("abc.netbsd.org"), Dns.A, Dns.IN, 3600,
                        new DnsData.Address(IpAddress.parse("204.152.190.12"))),
                new DnsRecord(name("abc.netbsd.org"), Dns.A, Dns.IN, 0, // RFC 2181 8
                        new DnsData.Address(IpAddress.parse("1.2.3.4"))));
    }

    /** RFC 1035 4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root; as questions, and as owners of records. */
    @Test
    void compressionAsTheStandardShowsIt() {
        byte[] questions = hex("0001 8180 0004 0000 0000 0000 0146 03495349 0441525041 00 00010001"
                + " 03464f4f c00c 00010001 c012 00010001 00 00010001");
        DnsMessage read = read(questions);
        assertThat(read.questions()).isEqualTo(4);
        assertThat(read.question().name()).hasToString("F.ISI.ARPA");
        byte[] answer = hex("0001 8180 0001 0003 0000 0000 0146 03495349 0441525041 00 0001 0001"
                + " 03464f4f c00c 0001 0001 00000001 0004 01020304"
                + " c012 0001 0001 00000001 0004 01020304 00 0001 0001 00000001 0004 01020304");
        assertThat(read(answer).answers()).extracting(r -> r.name().toString()).containsExactly("FOO.F.ISI.ARPA",
                "ARPA", ".");
    }

    @Test
    void namesThatLoopOrRunOutAreNone() {
        String header = "0001 8180 0001 0000 0000 0000 ";
        for (String name : List.of("c00c", // itself
                "03616263 c00c", // the name it ends
                "c0ff", "c010", // forward
                "40 00", "80 00", "bf 00", // no such labels
                "05616263", "ff", "3f616263", "c0", "")) {
            assertThat(read(hex(header + name + (name.isEmpty() ? "" : " 0001 0001")))).as(name).isNull();
        }
        String label = "3f" + "61".repeat(63);
        assertThat(read(hex(header + label.repeat(3) + "3d" + "61".repeat(61) + "00 0001 0001")).question().name()
                .length()).isEqualTo(255);
        assertThat(read(hex(header + label.repeat(3) + "3e" + "61".repeat(62) + "00 0001 0001"))).as("256 bytes")
                .isNull();
    }

    @Test
    void recordsWhoseLengthsDoNotFitAreRefused() {
        String start = "0001 8180 0000 0001 0000 0000 00 ";
        for (String record : List.of("0001 0001 00000000 0003 010203", "0001 0001 00000000 0005 0102030405",
                "001c 0001 00000000 0004 01020304", "0005 0001 00000000 0002 0000", "0005 0001 00000000 0000",
                "0005 0001 00000000 0001 40", "0006 0001 00000000 0004 00000000", "0010 0001 00000000 ffff 00",
                "0010 0001 0000", "0006 0001 00000000 0017 0000 00000000 00000000 00000000 00000000 00000000 00")) {
            assertThat(read(hex(start + record))).as(record).isNull();
        }
        assertThat(read(hex(start + "0010 0001 00000000 0001 00")).answers()).hasSize(1);
        assertThat(read(hex(start + "0001 0003 00000000 0003 000000")).answers()).as("another class")
                .extracting(DnsRecord::data).containsExactly(new DnsData.Other(3));
    }

    @Test
    void ofACutMessageTheWholeRecordsAreKept() {
        byte[] whole = new DnsWriter(7, Dns.QR | Dns.TC).question("a.example", Dns.A)
                .address("a.example", 5, "10.0.0.1")
                .address("a.example", 5, "10.0.0.2").bytes();
        assertThat(DnsReader.read(whole, whole.length - 3).answers()).hasSize(1);
        whole[2] &= ~(Dns.TC >> 8);
        assertThat(DnsReader.read(whole, whole.length - 3)).as("not marked as cut").isNull();
        assertThat(DnsReader.read(whole, whole.length).answers()).hasSize(2);
    }

    @Test
    void authorityAndExtendedOutcome() {
        DnsMessage m = read(new DnsWriter(7, Dns.QR | Dns.NXDOMAIN).question("b.example", Dns.A)
                .soa("example", 900, 0xffff_ffffL).opt(1).bytes());
        assertThat(m.rcode()).as("BADVERS' upper bits and the header's").isEqualTo(0x13);
        assertThat(m.authority()).containsExactly(
                new DnsRecord(name("example"), Dns.SOA, Dns.IN, 900, new DnsData.Authority(0xffff_ffffL)));
    }

    @Test
    void namesOfPrograms() {
        assertThat(name("a.B.c")).isEqualTo(name("A.b.C.")).hasSameHashCodeAs(name("A.b.C."));
        assertThat(name(".")).hasToString(".");
        assertThat(name("")).isNull();
        assertThat(name("a..b")).isNull();
        assertThat(name(".a")).isNull();
        assertThat(name("a..")).isNull();
        assertThat(name("x".repeat(64))).isNull();
        assertThat(name("x".repeat(63) + ".com")).isNotNull();
        assertThat(name("x.".repeat(127))).isNotNull();
        assertThat(name("x.".repeat(128))).isNull();
        assertThat(name("bücher.example")).hasToString("b\\195\\188cher.example");
        assertThat(name("a b$.c")).hasToString("a\\032b\\$.c");
        assertThat(name("a_b.c-d.9")).matches(DnsName::isHostName);
        for (String no : List.of("-a.b", "a.-b", "a b", "a/b", ".", "ü")) {
            assertThat(name(no)).as(no).matches(n -> !n.isHostName());
        }
    }

    /** Messages with bytes changed, cut and put together at random: an outcome, always, and soon. */
    @Test
    void whateverComesInSomethingComesOut() {
        Random random = new Random(1035);
        byte[][] seeds = {
            new DnsWriter(1, Dns.QR).question("www.example.com", Dns.A).target("www.example.com", Dns.CNAME, 60,
                    "a.example.com").address("a.example.com", 60, "192.0.2.1")
                    .address("a.example.com", 60, "2001:db8::1")
                    .soa("example.com", 1, 2).opt(0).bytes(),
            new DnsWriter(2, Dns.QR | Dns.TC).question("x.example", 16).text("x.example", new byte[100]).bytes(),
            DnsQuery.write(3, new DnsMessage.Question(name("a.b.c.d.e"), Dns.PTR, Dns.IN), true)};
        int read = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] b = seeds[random.nextInt(seeds.length)].clone();
            for (int changes = random.nextInt(6); changes >= 0; changes--) {
                int at = random.nextInt(b.length);
                switch (random.nextInt(5)) {
                    case 0 -> b[at] = (byte) random.nextInt();
                    case 1 -> b[at] = (byte) 0xc0; // a pointer
                    case 2 -> b[at] = (byte) (random.nextBoolean() ? 0 : -1);
                    case 3 -> b = Arrays.copyOf(b, 1 + at); // cut
                    default -> b = Arrays.copyOf(b, b.length + random.nextInt(40)); // something behind
                }
            }
            DnsMessage m = DnsReader.read(b, random.nextInt(10) == 0 ? random.nextInt(b.length + 1) : b.length);
            if (m != null) {
                read++;
                assertThat(m.toString()).isNotEmpty();
            }
        }
        assertThat(read).as("some must have stayed messages").isBetween(10_000, 190_000);
        byte[] noise = new byte[600];
        for (int round = 0; round < 50_000; round++) {
            random.nextBytes(noise);
            DnsReader.read(noise, random.nextInt(noise.length + 1));
        }
    }

    /** Pointers to pointers: as many as a name can have labels, so that a message cannot ask for much work. */
    @Test
    void chainsOfPointersAreBounded() {
        for (int pointers : new int[]{1, 127, 128, 8000}) {
            byte[] b = new byte[23 + 2 * pointers + 10];
            System.arraycopy(hex("0001 8000 0000 0002 0000 0000"), 0, b, 0, 12);
            int data = 2 * pointers - 2; // the first record is the root's, and has all pointers but one in it
            b[21] = (byte) (data >> 8);
            b[22] = (byte) data;
            int last = 12; // the root's name
            for (int i = 0; i < pointers; i++) { // each leads to the one before
                int at = 23 + 2 * i;
                b[at] = (byte) (0xc0 | last >> 8);
                b[at + 1] = (byte) last;
                last = at;
            }
            DnsMessage m = read(b);
            assertThat(m != null).as("%d pointers", pointers).isEqualTo(pointers <= 127);
        }
    }
}
