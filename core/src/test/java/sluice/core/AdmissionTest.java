package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Counters;
import sluice.base.Entropy;
import sluice.wire.IpAddress;

/** Who is answered while more arrives than can be answered. */
class AdmissionTest {
    private static final IpAddress KNOWN = IpAddress.parse("192.0.2.1");
    private static final long SECOND_NS = 1_000_000_000L;

    private final Counters counters = new Counters();
    private final Admission admission = new Admission(Entropy.seeded(1), counters);

    private int admitted(IpAddress from, int asked, long nowNs) {
        int n = 0;
        for (int i = 0; i < asked; i++) {
            n += admission.admits(from.high(), from.low(), nowNs) ? 1 : 0;
        }
        return n;
    }

    private void full(int looks) {
        for (int i = 0; i < looks; i++) {
            admission.onReceived(true);
        }
    }

    private void meetKnown() {
        admission.onReceived(false);
        admission.met(KNOWN.high(), KNOWN.low(), 0);
    }

    @Test
    void allAreAnsweredUntilTheDevicesStayFull() {
        full(Admission.PATIENCE);
        assertThat(admission.isOpen()).isTrue();
        assertThat(admitted(IpAddress.ofV4(7), 1000, 0)).isEqualTo(1000);
        full(1);
        assertThat(admission.isOpen()).isFalse();
    }

    @Test
    void whoHasCompletedAHandshakeIsAnsweredAndFewOfTheOthers() {
        meetKnown();
        full(1000);
        assertThat(admitted(KNOWN, 100, SECOND_NS)).isEqualTo(100);
        int strangers = 0;
        for (int i = 0; i < 10_000; i++) {
            strangers += admitted(IpAddress.ofV4(0x0a000000 + i), 1, SECOND_NS);
        }
        assertThat(strangers).isBetween(50, 400);
        assertThat(counters.get(Counter.SluiceAnswerShed)).isEqualTo(10_000 - strangers);
    }

    /** Or a flood with the address of somebody who is known would be answered like him. */
    @Test
    void anAddressStandsForSoManyAnswersASecond() {
        meetKnown();
        full(1000);
        assertThat(admitted(KNOWN, 100_000, SECOND_NS)).isBetween(Admission.MOST_A_SECOND, 5_000);
        assertThat(admitted(KNOWN, 100, 3 * SECOND_NS)).as("in the next second").isEqualTo(100);
    }

    @Test
    void anAddressIsForgottenAfterTenMinutes() {
        meetKnown();
        full(1000);
        assertThat(admitted(KNOWN, 1000, 601 * SECOND_NS)).isLessThan(200);
    }

    @Test
    void ofIpv6TheNetworkCounts() {
        meetKnown();
        IpAddress peer = IpAddress.parse("2001:db8::1");
        admission.met(peer.high(), peer.low(), 0);
        full(1000);
        assertThat(admitted(IpAddress.parse("2001:db8::2"), 100, 1)).isEqualTo(100);
        assertThat(admitted(IpAddress.parse("2001:db8:0:1::1"), 1000, 1)).isLessThan(200);
    }

    @Test
    void allAreAnsweredAgainWhenTheDevicesWereEmptied() {
        full(1000);
        for (int i = 0; i < 200; i++) {
            admission.onReceived(false);
        }
        assertThat(admission.isOpen()).isTrue();
    }

    /** Hosts in virtual time have no devices: nothing is kept and nothing drawn for them. */
    @Test
    void whereNobodyLooksAtDevicesNothingIsKept() {
        admission.met(KNOWN.high(), KNOWN.low(), 0);
        full(1000);
        assertThat(admitted(KNOWN, 1000, 0)).isLessThan(200);
    }
}
