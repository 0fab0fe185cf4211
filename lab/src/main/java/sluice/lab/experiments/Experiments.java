package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Spelling;
import sluice.lab.Experiment;

/** All experiments, in the order of the documents. */
public final class Experiments {
    private static final List<Experiment> ALL = List.of( //
            new Header(), //
            new FourTupleRow(), //
            new UdpVsTcp(), //
            new Fragmentation(), //
            new Handshake(), //
            new OldDuplicateSyn(), //
            new TwoWayCounterfactual(), //
            new Isn(), //
            new Mss(), //
            new SynFlood(), //
            new AcceptQueueOverflow(), //
            new SynQueueOverflow(), //
            new InputQueueOverflow(), //
            new SimultaneousOpen(), //
            new FourWayClose(), //
            new HalfClose(), //
            new SimultaneousClose(), //
            new LastAckLost(), //
            new TimeWaitOldDuplicate(), //
            new PortExhaustion(), //
            new TwReuse(), //
            new TwBuckets(), //
            new LingerZero(), //
            new CloseWaitPileup(), //
            new FinWait2Timeout(), //
            new KeepaliveAlive(), //
            new KeepaliveRestarted(), //
            new KeepaliveDead(), //
            new RtoDataLost(), //
            new RtoAckLost(), //
            new RtoEstimate(), //
            new RtoTooSmall(), //
            new RtoTooLarge(), //
            new RtoBackoff(), //
            new FastRetransmit(), //
            new Sack(), //
            new DsackAckLost(), //
            new DsackDelayed(), //
            new DsackDuplicated(), //
            new DelayedAckLost(), //
            new StopAndWait(), //
            new CumulativeAck(), //
            new SendWindow(), //
            new ReceiveWindow(), //
            new Flow200(), //
            new FlowSlowReader(), //
            new FlowShrink(), //
            new ZeroWindowDeadlock(), //
            new SillyWindow(), //
            new Nagle(), //
            new NagleDelayedAck(), //
            new SlowStart(), //
            new CongestionAvoidance(), //
            new TimeoutCollapse(), //
            new FastRecovery(), //
            new CwndStory(), //
            new Algorithms(), //
            new SettingsRow(), //
            new ConnectionList(), //
            new SocketCalls(), //
            new WhyThree(), //
            new WhyRandomIsn(), //
            new WhyTimeWait(), //
            new WhatDelayedAckLostMeans(), //
            new NodeFullOfCloseWait(), //
            new WhenTwReuse(), //
            new SynQueueFull(), //
            new WindowZeroThenSilence());

    private Experiments() {}

    /** All of them, by chapter. */
    public static List<Experiment> all() {
        return ALL;
    }

    /** The one of that name; null when there is none. */
    public static @Nullable Experiment find(String id) {
        return ALL.stream().filter(e -> e.about().id().equals(id)).findFirst().orElse(null);
    }

    /** Names that may have been meant, three at most. */
    public static List<String> near(String id) {
        List<String> all = new ArrayList<>(ALL.stream().map(e -> e.about().id()).toList());
        all.removeIf(name -> !name.contains(id) && !Spelling.isSlip(id, Spelling.distance(name, id)));
        all.sort(Comparator.comparingInt(name -> Spelling.distance(name, id)));
        return all.subList(0, Math.min(3, all.size()));
    }
}
