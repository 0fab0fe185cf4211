package sluice.core.tcp.ecn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Rfc;
import sluice.core.tcp.segment.Segment;

/** The counters of accurate ECN: three bits and 24 bits that wrap. */
class AccEcnCountersTest {
    private final AccEcnSender sender = new AccEcnSender();
    private final AccEcnReceiver receiver = new AccEcnReceiver(0, 0);

    /** An acknowledgment with an option; {@code fields} are E0B, CEB, E1B, or the other way round with order 1. */
    private void option(boolean order1, long... fields) {
        Segment seg = new Segment();
        seg.accEcnFields = fields.length;
        seg.accEcnOrder1 = order1;
        for (int i = 0; i < fields.length; i++) {
            seg.accEcnField[i] = (int) (fields[i] & 0xff_ffff);
        }
        sender.onAck(seg, 1, 1000, 1448, true, true, true, 0);
    }

    /** RFC 9768 section 3.2.3: the fields are the low 24 bits; a sender follows them across the wrap. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Rfc(value = 9768, section = "3.2.3")
    void theByteCountersGoOnAcrossTheWrapOf24Bits(boolean order1) {
        long step = (1L << 23) - 1;
        for (int i = 0; i <= 5; i++) {
            long e0 = 1 + i * step;
            long ce = i * 3000L;
            long e1 = 1 + i * 70_000L;
            option(order1, order1 ? e1 : e0, ce, order1 ? e0 : e1);
            assertThat(sender.e0Bytes()).as("ECT(0)").isEqualTo(i * step);
            assertThat(sender.ceBytes()).as("CE").isEqualTo(i * 3000L);
            assertThat(sender.e1Bytes()).as("ECT(1)").isEqualTo(i * 70_000L);
        }
        assertThat(sender.e0Bytes()).as("more than 24 bits").isGreaterThan(1L << 24);
    }

    private void arrives(int ecn, int bytes) {
        Segment seg = new Segment();
        seg.ecn = ecn;
        seg.dataLength = bytes;
        seg.segments = 1;
        receiver.onSegment(seg);
    }

    @Test
    @Rfc(value = 9768, section = "3.2.3")
    void theReceiversFieldsAreTheLow24Bits() {
        for (int i = 0; i < 300; i++) {
            arrives(Ecn.ECT_0, 60_000);
        }
        assertThat(receiver.e0Bytes()).isEqualTo(18_000_000);
        assertThat(receiver.field(2)).isEqualTo(18_000_001 - (1 << 24));
        assertThat(receiver.field(0)).isEqualTo(1);
        assertThat(receiver.field(1)).isZero();
        assertThat(receiver.fieldsNeeded()).isEqualTo(3);
    }

    /** RFC 9768 section 3.2.3.3: often enough that a wrap is not missed. */
    @Test
    @Rfc(value = 9768, section = "3.2.3.3")
    void fourMillionBytesMakeAnOptionDue() {
        arrives(Ecn.ECT_0, 1000);
        receiver.optionSent(true, false, 0);
        receiver.optionSent(true, false, 0);
        assertThat(receiver.optionDue(0, 0, 0)).as("after the change was told twice").isFalse();
        for (int i = 0; i < 69; i++) {
            arrives(Ecn.ECT_0, 60_000);
        }
        assertThat(receiver.e0Bytes()).isLessThan(1 << 22);
        assertThat(receiver.optionDue(0, 0, 0)).as("below 2^22").isFalse();
        arrives(Ecn.ECT_0, 60_000);
        assertThat(receiver.optionDue(0, 0, 0)).as("beyond it").isTrue();
    }

    @Test
    @Rfc(value = 9768, section = "3.2.2.2")
    void theThreeBitsBeginAtFiveAndWrap() {
        int[] expected = {5, 6, 7, 0, 1, 2, 3, 4, 5};
        for (int ace : expected) {
            assertThat(receiver.ace()).isEqualTo(ace);
            arrives(Ecn.CE, 100);
        }
        assertThat(receiver.ceSegments()).isEqualTo(9);
    }
}
