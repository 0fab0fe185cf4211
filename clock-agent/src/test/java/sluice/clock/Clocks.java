package sluice.clock;

import java.util.concurrent.Callable;

/** Simulations for tests: with no world but what their members do. */
final class Clocks {
    static final long HOUR_MS = 3_600_000;
    static final long HOUR_NS = HOUR_MS * 1_000_000;

    /** No events. */
    static final Timeline NOTHING = new Timeline() {
        @Override
        public long nextNs() {
            return VirtualClock.NEVER;
        }

        @Override
        public void runNext(long nowNs) {
            throw new AssertionError("no event is due");
        }
    };

    private Clocks() {}

    static VirtualClock open(String name) {
        return VirtualClock.open(ClockSettings.named(name), NOTHING);
    }

    /** Runs {@code action} as a member of a simulation of its own, and returns what it does. */
    static <T> T in(ClockSettings settings, Callable<T> action) throws Exception {
        try (VirtualClock clock = VirtualClock.open(settings, NOTHING)) {
            return clock.group("host").call("main", action);
        }
    }

    static <T> T in(Callable<T> action) throws Exception {
        return in(ClockSettings.named("test"), action);
    }
}
