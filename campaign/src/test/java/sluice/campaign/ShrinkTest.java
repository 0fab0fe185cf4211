package sluice.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A planted defect is found and made small: what is left is what it needs. */
class ShrinkTest {
    private static final String MANY = """
            seeds: 1..20
            topology: routed
            rate: 20mbit
            delay: 15ms
            jitter: 3ms
            loss: 4%
            duplicate: 1%
            reorder: 5%
            flows: 2
            stagger: 10ms
            algorithm: cubic,reno
            queue: codel
            mtu: 1400
            bytes: 400K
            settings: {tcp_sack: 0, tcp_timestamps: 0, tcp_early_retrans: 0}
            """;

    /** The defect, planted between the runner and the results: without SACK, whoever loses data breaks a rule. */
    private static Run.Result planted(Setup s, long seed) {
        Campaign.Asked asked = new Campaign.Asked(List.of(Measure.RETRANSMISSIONS), List.of(), false);
        Run.Result r = Run.of(s.spec(seed), asked);
        boolean broken = "0".equals(s.settings().get("tcp_sack")) && s.values().containsKey(Key.LOSS)
                && r.numbers().getFirst() > 0;
        return broken ? new Run.Result(Run.Status.FAILED, r.hash(), 0, 0, r.numbers(), "sequence 17 is below SND.UNA")
                : r;
    }

    @Test
    void whatIsLeftIsWhatTheDefectNeeds() {
        Setup whole = new CampaignSource("c.yaml", MANY).campaign().setup(0);
        Shrink.Smallest s = new Shrink(x -> planted(x, 3)).shrink(whole);
        assertThat(s).isNotNull();
        assertThat(s.setup().settings().keySet()).containsExactly("tcp_sack");
        assertThat(s.setup().values().keySet()).containsExactlyInAnyOrder(Key.LOSS, Key.BYTES);
        assertThat(Words.amount(s.setup().values().get(Key.BYTES))).isLessThan(100_000);
        assertThat(s.setup().command(3)).startsWith("./sluice sim --seed 3 --netem \"loss 4%\" -n ")
                .endsWith(" --set tcp_sack=0 --no-checks");
        assertThat(planted(s.setup(), 3).status()).isEqualTo(Run.Status.FAILED);
    }

    @Test
    void aBrokenPromiseIsMadeSmallByTheCampaign() {
        Campaign c = new CampaignSource("c.yaml", MANY + "must: retransmissions = 0\n").campaign();
        Shrink.Smallest s = Shrink.of(c, 0);
        assertThat(s).isNotNull();
        assertThat(s.result().why()).startsWith("retransmissions = 0 does not hold");
        assertThat(s.setup().settings()).isEmpty();
        assertThat(s.setup().values().size()).isLessThanOrEqualTo(2);
    }

    @Test
    void whatDoesNotFailIsNotShrunk() {
        assertThat(Shrink.of(new CampaignSource("c.yaml", "bytes: 1K\n").campaign(), 0)).isNull();
    }
}
