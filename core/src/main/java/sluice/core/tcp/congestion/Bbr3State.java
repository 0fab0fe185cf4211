package sluice.core.tcp.congestion;

/** The states of BBR version 3, with the gains of pacing and of the window that go with each. */
enum Bbr3State {
    STARTUP(2.77, 2.0), DRAIN(0.5, 2.0), PROBE_BW_DOWN(0.90, 2.0), PROBE_BW_CRUISE(1.0, 2.0), PROBE_BW_REFILL(1.0,
            2.0), PROBE_BW_UP(1.25, 2.25), PROBE_RTT(1.0, 0.5);

    final double pacingGain;
    final double cwndGain;

    Bbr3State(double pacingGain, double cwndGain) {
        this.pacingGain = pacingGain;
        this.cwndGain = cwndGain;
    }

    /** Whether it is one of the cycle's. */
    boolean inProbeBw() {
        return this == PROBE_BW_DOWN || this == PROBE_BW_CRUISE || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }

    /** Whether it sends more to find more bandwidth (BBRIsProbingBW): losses do not lower the bounds then. */
    boolean probing() {
        return this == STARTUP || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }
}
