package sluice.lab.experiments;

import java.util.ArrayList;
import java.util.List;
import sluice.core.tcp.data.SocketOptions;
import sluice.lab.Duo;
import sluice.lab.Stage;

/** What the experiments on congestion have in common: segments of 500 bytes, a round trip of 100 ms. */
final class Congestions {
    static final int MSS = 500;
    static final int RTT_MS = 100;
    private static final int BUFFER = 2_000_000;
    private static final int PLENTY = 1_000_000;

    private Congestions() {}

    /** A sender with an algorithm and a receiver that acknowledges each segment; no timestamps, no tail loss probes. */
    static Duo duo(Stage s, String algorithm, boolean sack, String... more) {
        List<String> settings = new ArrayList<>(
                List.of("tcp_timestamps=0", "tcp_early_retrans=0", sack ? "tcp_sack=1" : "tcp_sack=0"));
        settings.addAll(List.of(more));
        SocketOptions receiving = Windows.receiving(BUFFER, true);
        SocketOptions sending = new SocketOptions();
        sending.sendBufferBytes = BUFFER;
        sending.congestionControl = algorithm;
        Duo d = s.duo("sender", "receiver", settings.toArray(String[]::new)).delayMs(RTT_MS / 2.0).mtu(MSS + 40)
                .connect(sending, receiving).reading();
        s.begin();
        return d;
    }

    /** Writes plenty and returns the windows at the start of each round trip, all of them used. */
    static List<Integer> windows(Stage s, Duo d, int roundTrips) {
        d.send(PLENTY);
        return again(s, d, roundTrips);
    }

    /** The windows at the start of each further round trip. */
    static List<Integer> again(Stage s, Duo d, int roundTrips) {
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < roundTrips; i++) {
            s.world().advance(0);
            windows.add(d.sender().sent.packetsOut() == d.cwnd() ? d.cwnd() : -d.cwnd()); // negative: not used up
            s.world().advance(RTT_MS);
        }
        return windows;
    }
}
