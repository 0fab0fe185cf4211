package sluice.lab.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.base.Rfc;
import sluice.core.tcp.data.RttEstimator;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Duo;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.observe.plot.Chart;
import sluice.observe.plot.Ink;
import sluice.observe.plot.Panel;
import sluice.observe.plot.Quantity;
import sluice.observe.record.TimeSeries;

/** SRTT, RTTVAR, RTO. */
@Rfc(value = 6298, section = "2")
@Rfc(value = 6298, section = "3")
@Rfc(value = 7323, section = "4.1")
final class RtoEstimate implements Experiment {
    private static final double[] ROUND_TRIPS = {20, 30, 40, 80, 160, 240, 320, 300, 290, 310, 305, 300, 100, 90,
        95, 250, 20, 20, 20, 20, 20};

    @Override
    public About about() {
        return About.of("rto-estimate", Chapter.RETRANSMISSION, "How RTO is estimated", "RTO 的估计").says(
                "SRTT moves by 1/8 towards each sample, RTTVAR by 1/4 towards its distance, RTO = SRTT + 4·RTTVAR. "
                        + "Linux changes three things: at least 200 ms of variance, a slow fall, and less weight for "
                        + "samples that fall.",
                "SRTT 每次向样本靠近 1/8，RTTVAR 向偏差靠近 1/4，RTO = SRTT + 4·RTTVAR。Linux 有三处修改：方差项至少 200 ms、缓慢下降、下降的样本权重更小。");
    }

    /** RFC 6298 section 2 in plain arithmetic, milliseconds, with Linux's three changes. */
    private static final class Estimate {
        double srtt;
        double rttvar;
        double used;

        void sample(double r) {
            if (srtt == 0) {
                srtt = r;
                rttvar = r / 2;
                used = Math.max(4 * rttvar, 200);
                return;
            }
            double error = r - srtt;
            rttvar += (error < 0 && -error > rttvar ? 1.0 / 32 : 1.0 / 4) * (Math.abs(error) - rttvar);
            srtt += error / 8;
            double worst = Math.max(200, 4 * rttvar);
            used = worst >= used ? worst : used - (used - worst) / 4; // up at once, down by a quarter
        }

        double byTheStandard() {
            return srtt + 4 * rttvar;
        }
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage("round trips that vary", "变化的往返时间").noLadder();
        Duo d = Retransmissions.duo(s, 500).connect(Retransmissions.sending(), Retransmissions.quick()).reading();
        Estimate e = new Estimate();
        e.sample(20); // the handshake
        double[] worst = new double[3];
        int equal = 0;
        TimeSeries[] series = {new TimeSeries(), new TimeSeries(), new TimeSeries()};
        for (double r : ROUND_TRIPS) {
            d.link().from(d.b()).delayMs(r - 10);
            d.send(100);
            s.world().advance(r + 0.001);
            e.sample(r);
            RttEstimator rtt = d.sender().rtt;
            worst[0] = Math.max(worst[0], Math.abs(rtt.srttUs() / 1000.0 - e.srtt));
            worst[1] = Math.max(worst[1], Math.abs(rtt.rttvarUs() / 1000.0 - e.rttvar));
            worst[2] = Math.max(worst[2], Math.abs(rtt.rtoUs() / 1000.0 - e.srtt - e.used));
            equal += Math.abs(e.srtt + e.used - e.byTheStandard()) < 1e-9 ? 1 : 0;
            long now = s.world().nowNs();
            series[0].dot(now, r / 1000);
            series[1].add(now, rtt.srttUs() / 1e6);
            series[2].add(now, rtt.rtoUs() / 1e6);
        }
        x.below("SRTT, α = 1/8: largest difference to the formula, ms", "SRTT，α = 1/8：与公式的最大差，ms", 0.005, worst[0]);
        x.below("RTTVAR, β = 1/4: largest difference, ms", "RTTVAR，β = 1/4：最大差，ms", 0.01, worst[1]);
        x.below("RTO = SRTT + 4·RTTVAR as Linux has it: largest difference, ms",
                "Linux 的 RTO = SRTT + 4·RTTVAR：最大差，ms", 0.05, worst[2]);
        x.atLeast("samples after which it is the standard's exactly", "与标准公式完全相同的样本数", 4, equal);
        x.equal("samples: the handshake's and one a round trip", "样本数：握手一个，每个往返一个", 1 + ROUND_TRIPS.length,
                d.sender().rtt.samples());
        Map<String, TimeSeries> lines = new LinkedHashMap<>();
        lines.put("RTT", series[0]);
        lines.put("SRTT", series[1]);
        lines.put("RTO", series[2]);
        Panel p = new Panel("round trip", Quantity.SECONDS).dots("RTT", series[0], Ink.GRAY).steps("SRTT", series[1],
                Ink.PURPLE).steps("RTO", series[2], Ink.RED);
        s.plot("rto", new Text("RTT samples, SRTT and RTO, s", "RTT 样本、SRTT 与 RTO，秒"), new Chart("RTO").panel(p),
                lines);
        RttEstimator first = new RttEstimator(1_000_000, 1, 120_000_000);
        first.sample(100_000, 0, 1);
        x.equal("the first sample R: SRTT = R, RTTVAR = R/2, RTO = R + 4·R/2, ms",
                "第一个样本 R：SRTT = R，RTTVAR = R/2，RTO = R + 4·R/2，ms", List.of(100, 50, 300),
                List.of(first.srttUs() / 1000, first.rttvarUs() / 1000, first.rtoUs() / 1000));
        karn(x, x.stage("Karn: what is resent gives no sample", "Karn：重传的报文段不产生样本"), false);
        karn(x, x.stage("timestamps tell the copies apart", "时间戳可以区分副本"), true);
    }

    private static void karn(Lab x, Stage s, boolean timestamps) {
        Duo d = Retransmissions.duo(s, 512,
                timestamps ? "tcp_timestamps=1" : "tcp_timestamps=0").connect(Retransmissions.sending(),
                        Retransmissions.quick())
                .reading();
        s.begin();
        d.link().from(d.a()).drop(d.dataAt(1).nth(1));
        d.send(500);
        s.world().advance(1000);
        x.equal("sent, times", "发送次数", 2, d.sent(1).size());
        x.equal("samples" + (timestamps ? ": with timestamps" : ": the handshake's only"),
                "样本数" + (timestamps ? "：有时间戳" : "：只有握手的"), timestamps ? 2 : 1, d.sender().rtt.samples());
        x.equal("SRTT, ms", "SRTT，ms", 20, d.sender().rtt.srttUs() / 1000);
    }
}
