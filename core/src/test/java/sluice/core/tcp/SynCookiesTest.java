package sluice.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.core.tcp.data.EcnMode;
import sluice.core.tcp.data.Negotiated;
import sluice.core.tcp.segment.FourTuple;
import sluice.wire.IpAddress;

/** What a cookie holds, for whom, and for how long. */
@Rfc(value = 4987, section = "3.6")
class SynCookiesTest {
    private static final long PERIOD_NS = 64_000_000_000L;
    private static final IpAddress A = IpAddress.parse("192.0.2.1");
    private static final IpAddress B = IpAddress.parse("192.0.2.2");
    private static final FourTuple TUPLE = new FourTuple(A, 80, B, 40_000);
    private static final int IRS = 0x1234_5678;
    private final SynCookies cookies = new SynCookies(Entropy.seeded(7));

    /** RFC 7323 section 5: a TSval ahead of the clock would make what follows it look old. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 62, 63, 64, 1_000_000, 1_000_063, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void theTimestampIsNeverAheadOfTheClockAndHardlyBehindIt(int clock) {
        for (int shift = -1; shift <= 14; shift++) {
            for (int bits = 0; bits < 4; bits++) {
                Negotiated agreed = new Negotiated();
                agreed.windowScaling = shift >= 0;
                agreed.peerShift = Math.max(0, shift);
                agreed.sackPermitted = (bits & 1) != 0;
                agreed.ecn = (bits & 2) != 0 ? EcnMode.RFC3168 : EcnMode.DISABLED;
                int tsVal = SynCookies.encodeOptions(clock, agreed);
                assertThat(tsVal - clock).as("ahead of the clock, ms").isBetween(-63, 0);
                Negotiated back = new Negotiated();
                SynCookies.decodeOptions(back, tsVal);
                assertThat(back).usingRecursiveComparison()
                        .comparingOnlyFields("windowScaling", "peerShift", "sackPermitted", "ecn").isEqualTo(agreed);
            }
        }
    }

    @Test
    void aCookieIsGoodForTwoToThreeMinutes() {
        int cookie = cookies.make(TUPLE, IRS, 1460, 5 * PERIOD_NS);
        assertThat(cookies.check(TUPLE, IRS, cookie, 5 * PERIOD_NS)).isEqualTo(1460);
        assertThat(cookies.check(TUPLE, IRS, cookie, 8 * PERIOD_NS - 1)).isEqualTo(1460);
        assertThat(cookies.check(TUPLE, IRS, cookie, 8 * PERIOD_NS)).isZero();
        assertThat(cookies.check(TUPLE, IRS, cookie, 4 * PERIOD_NS)).as("from the future").isZero();
    }

    @Test
    void itIsGoodForItsConnectionOnly() {
        int cookie = cookies.make(TUPLE, IRS, 1460, 0);
        assertThat(cookies.check(new FourTuple(A, 80, B, 40_001), IRS, cookie, 0)).isZero();
        assertThat(cookies.check(new FourTuple(A, 81, B, 40_000), IRS, cookie, 0)).isZero();
        assertThat(cookies.check(new FourTuple(A, 80, A, 40_000), IRS, cookie, 0)).isZero();
        assertThat(cookies.check(new FourTuple(B, 80, B, 40_000), IRS, cookie, 0)).isZero();
        assertThat(cookies.check(TUPLE, IRS + 1, cookie, 0)).isZero();
        assertThat(new SynCookies(Entropy.seeded(8)).check(TUPLE, IRS, cookie, 0)).as("another host's secret").isZero();
    }

    @Test
    void theSegmentSizeIsTheNextSmallerOneOfTheTable() {
        int[][] sizes = {{47, 48}, {100, 48}, {535, 256}, {536, 536}, {1219, 536}, {1220, 1220}, {1448, 1440},
            {1460, 1460}, {9000, 8960}, {65_535, 8960}};
        for (int[] s : sizes) {
            assertThat(cookies.check(TUPLE, IRS, cookies.make(TUPLE, IRS, s[0], 0), 0)).as("of %d", s[0])
                    .isEqualTo(s[1]);
        }
    }

    @Test
    void theSecretIsDrawnAnewAndTheOneBeforeStaysGood() {
        int old = cookies.make(TUPLE, IRS, 1460, 15 * PERIOD_NS);
        int young = cookies.make(TUPLE, IRS, 1460, 17 * PERIOD_NS);
        assertThat(cookies.check(TUPLE, IRS, old, 17 * PERIOD_NS)).as("of the secret before").isEqualTo(1460);
        assertThat(cookies.check(TUPLE, IRS, young, 17 * PERIOD_NS)).isEqualTo(1460);
        SynCookies first = new SynCookies(Entropy.seeded(7));
        assertThat(first.make(TUPLE, IRS, 1460, 15 * PERIOD_NS)).as("the same secret still").isEqualTo(old);
        assertThat(new SynCookies(Entropy.seeded(7)).make(TUPLE, IRS, 1460, 17 * PERIOD_NS))
                .as("what the first secret would have said").isNotEqualTo(young);
    }

    @Test
    void aSecretThatIsTwoBackIsGone() {
        int old = cookies.make(TUPLE, IRS, 1460, 0);
        assertThat(cookies.check(TUPLE, IRS, old, 32 * PERIOD_NS)).as("as old as 0 periods by its five bits").isZero();
    }
}
