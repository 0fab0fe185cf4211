package sluice.link;

/** The loss models of sch_netem: which packet is lost. Each draws from its own random numbers. */
final class NetemLoss {
    private final NetemSpec.Loss model;
    private final NetemRandom random;
    private final long[] thresholds;
    /** Gilbert-Elliott: 0 good, 1 bad. Four states: 1 to 4. */
    private int state;

    NetemLoss(NetemSpec.Loss model, long seed) {
        this.model = model;
        random = new NetemRandom(seed, "loss", model instanceof NetemSpec.Loss.Random r ? r.correlation() : 0);
        double[] p = switch (model) {
            case NetemSpec.Loss.None none -> new double[0];
            case NetemSpec.Loss.Random r -> new double[]{r.probability()};
            case NetemSpec.Loss.GilbertElliott g -> new double[]{g.p(), g.r(), g.lossInBad(), g.lossInGood()};
            case NetemSpec.Loss.FourState f -> new double[]{f.p13(), f.p31(), f.p32(), f.p23(), f.p14()};
        };
        thresholds = new long[p.length];
        for (int i = 0; i < p.length; i++) {
            thresholds[i] = NetemRandom.threshold(p[i]);
        }
        state = model instanceof NetemSpec.Loss.FourState ? 1 : 0;
    }

    /** Whether the next packet is lost. */
    boolean losesNext() {
        return switch (model) {
            case NetemSpec.Loss.None none -> false;
            case NetemSpec.Loss.Random r -> random.hits(thresholds[0]);
            case NetemSpec.Loss.GilbertElliott g -> gilbertElliott();
            case NetemSpec.Loss.FourState f -> fourState();
        };
    }

    /** The state changes first; whether this packet is lost depends on the state in which it arrived. */
    private boolean gilbertElliott() {
        boolean bad = state == 1;
        if (random.hits(thresholds[bad ? 1 : 0])) {
            state = bad ? 0 : 1;
        }
        return random.hits(thresholds[bad ? 2 : 3]);
    }

    private boolean fourState() {
        long drawn = random.next();
        switch (state) {
            case 1 -> {
                if (drawn < thresholds[4]) {
                    state = 4;
                } else if (drawn < thresholds[4] + thresholds[0]) {
                    state = 3;
                }
            }
            case 2 -> state = drawn < thresholds[3] ? 3 : 2;
            case 3 -> {
                if (drawn < thresholds[2]) {
                    state = 2;
                } else if (drawn < thresholds[2] + thresholds[1]) {
                    state = 1;
                }
            }
            default -> state = 1;
        }
        return state >= 3;
    }
}
