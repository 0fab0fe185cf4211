package sluice.observe.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What looks like a cause and is none, beside what is one. */
class NoCauseTest {
    private static Diagnosis of(String... lines) {
        return Diagnosis.of(SnapshotText.parse("""
                Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                """ + String.join("\n", lines) + "\n"));
    }

    private static List<Cause> causes(Diagnosis d) {
        return d.findings().stream().map(Finding::cause).toList();
    }

    private static String connection(String state, int port, String timer, String numbers) {
        return "tcp " + state + " 0 0 10.0.0.1:80 10.0.0.2:" + port + timer + "\n\t " + numbers;
    }

    @Test
    void aConnectionInCloseWaitIsNoLeak() {
        assertThat(causes(of(connection("CLOSE-WAIT", 4000, "", "rto:204")))).doesNotContain(Cause.CLOSE_WAIT);
        String[] many = new String[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = connection("CLOSE-WAIT", 4000 + i, "", "rto:204");
        }
        assertThat(causes(of(many))).contains(Cause.CLOSE_WAIT);
    }

    @Test
    void oneThatWaitsToBeAcceptedIsNoFullQueue() {
        assertThat(causes(of("tcp LISTEN 1 128 0.0.0.0:80 0.0.0.0:*"))).doesNotContain(Cause.ACCEPT_QUEUE);
        assertThat(causes(of("tcp LISTEN 128 128 0.0.0.0:80 0.0.0.0:*"))).contains(Cause.ACCEPT_QUEUE);
    }

    @Test
    void whatArrivedTwiceWasNotLost() {
        assertThat(causes(of(connection("ESTAB", 4000, "", "data_segs_out:1000 retrans:0/50 dsack_dups:50"))))
                .doesNotContain(Cause.LOSS);
        assertThat(causes(of(connection("ESTAB", 4000, "", "data_segs_out:1000 retrans:0/50 dsack_dups:2"))))
                .contains(Cause.LOSS);
    }

    /** Retransmissions to a peer that is gone are many, and told after what they follow from. */
    @Test
    void whatFollowsIsToldAfterItsCause() {
        String gone = connection("ESTAB", 4000, " timer:(on,60sec,9)", "data_segs_out:100 retrans:1/9 backoff:9");
        String[] lossy = new String[3];
        for (int i = 0; i < lossy.length; i++) {
            lossy[i] = connection("ESTAB", 5000 + i, "", "data_segs_out:100 retrans:0/9");
        }
        Diagnosis alone = of(lossy);
        Diagnosis both = of(gone, lossy[0], lossy[1], lossy[2]);
        assertThat(causes(both)).containsSubsequence(Cause.DEAD_PEER, Cause.LOSS);
        assertThat(weight(both)).isLessThan(weight(alone));
    }

    private static double weight(Diagnosis d) {
        return d.findings().stream().filter(f -> f.cause() == Cause.LOSS).mapToDouble(Finding::weight).sum();
    }

    @Test
    void aClosedWindowIsNoSmallBuffer() {
        String held = "busy:1000ms rwnd_limited:900ms(90.0%) snd_wnd:65536";
        assertThat(causes(of(connection("ESTAB", 4000, " timer:(persist,1sec,2)", held))))
                .contains(Cause.PEER_NOT_READING).doesNotContain(Cause.SMALL_BUFFER);
        assertThat(causes(of(connection("ESTAB", 4000, "", held)))).contains(Cause.SMALL_BUFFER);
    }

    @Test
    void aWrongChecksumInAMillionPacketsIsNoHarm() {
        assertThat(of("IpInReceives 1000000 0.0", "TcpInCsumErrors 1 0.0").isHealthy()).isTrue();
        assertThat(of("IpInReceives 1000 0.0", "TcpInCsumErrors 1 0.0").isHealthy()).isFalse();
    }
}
