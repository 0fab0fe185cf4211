package sluice.clock;

import java.util.HashMap;
import java.util.Map;

/**
 * The thread that has the time: waits until no member can run, and lets the world, or those that wait, go on. It is
 * also who sees that a member holds time still.
 */
final class TimeThread extends Thread {
    private static final int IDLE = 0;
    private static final int CLOSED = 2;

    /** How long it waits, real milliseconds, before it looks what those do that can run. */
    private static final long LOOK_MS = 2;

    /** How often a member that holds time still is looked at before it is named. */
    private static final int SAMPLES = 16;

    private final VirtualClock clock;
    private final Object simulation;
    private final Timeline timeline;
    private final long stallLimitNs;

    /** When time moved last, and when it looked last for those that hold it still, on the platform's clock. */
    private long movedAt = System.nanoTime();

    private long lookedAt = movedAt;

    /** Where a member was first seen that is there still. */
    private record Sample(int place, long sinceNs) {}

    private final Map<Thread, Sample> samples = new HashMap<>();
    private long nextSampleNs;

    /** How long time has been held still; less than by the clock where the machine is too busy for looks in time. */
    private long stalledNs;

    TimeThread(VirtualClock clock, Object simulation, Timeline timeline, ClockSettings settings) {
        super(null, null, "sluice-time " + settings.name(), 0, false);
        this.clock = clock;
        this.simulation = simulation;
        this.timeline = timeline;
        this.stallLimitNs = settings.stallLimitMs() * 1_000_000;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            int state = Bridge.awaitIdle(simulation, LOOK_MS);
            while (state != CLOSED && clock.failure() == null) { // which looks for strangers, too
                if (state == IDLE || Holdups.areAll(clock, simulation)) {
                    step();
                } else {
                    lookForStall();
                }
                state = Bridge.awaitIdle(simulation, LOOK_MS);
            }
        } catch (Throwable e) {
            clock.fail(e);
        }
    }

    /** Nobody can run: what is due first happens. */
    private void step() {
        long seen = Bridge.changes(simulation);
        if (clock.isHeld()) {
            Bridge.awaitChange(simulation, seen, Math.max(1, stallLimitNs / 1_000_000));
            moved();
            return;
        }
        long deadline = Bridge.nextDeadlineNs(simulation);
        long own = clock.nextActionNs();
        long world = timeline.nextNs();
        long first = Math.min(deadline, Math.min(own, world));
        if (first == VirtualClock.NEVER) {
            awaitOutsiders(seen);
            return;
        }
        long now = Math.max(first, Bridge.nowNs(simulation));
        Bridge.setNow(simulation, now);
        moved();
        Bridge.beginStep(simulation);
        try {
            if (deadline == first) {
                Bridge.expire(simulation);
            } else if (own == first) {
                clock.runAction();
            } else {
                timeline.runNext(now);
            }
        } finally {
            Bridge.endStep(simulation);
        }
    }

    /** Nothing will ever happen, unless a thread that is no member makes it. */
    private void awaitOutsiders(long seen) {
        int state = Bridge.awaitChange(simulation, seen, Math.max(1, stallLimitNs / 1_000_000));
        moved();
        if (state == IDLE && clock.isAwaited()) {
            clock.fail(new SimulationFailure("nothing will ever happen at " + clock.nowNs()
                    + " ns: every member waits, for no time, and no event is to come" + clock.membersText()));
        }
    }

    private void moved() {
        movedAt = System.nanoTime();
        lookedAt = movedAt;
        if (stalledNs != 0) {
            stalledNs = 0;
            nextSampleNs = 0;
            samples.clear();
        }
    }

    /**
     * A member holds time still that can run and is at the same place of its program all the time: it spins, or the
     * platform does not let it go on. One that is busy loading classes is seen elsewhere each time.
     */
    private void lookForStall() {
        long now = System.nanoTime();
        stalledNs += Math.min(now - lookedAt, 2 * LOOK_MS * 1_000_000);
        lookedAt = now;
        if (stalledNs < nextSampleNs) {
            return;
        }
        nextSampleNs = stalledNs + stallLimitNs / SAMPLES;
        for (Thread t : Bridge.runners(simulation, now)) {
            int place = Holdups.place(t);
            Sample sample = samples.get(t);
            if (sample == null || sample.place != place) {
                samples.put(t, new Sample(place, stalledNs));
            } else if (stalledNs - sample.sinceNs >= stallLimitNs / SAMPLES * (SAMPLES - 1)) {
                fail(t, now);
                return;
            }
        }
    }

    private void fail(Thread culprit, long now) {
        StringBuilder text = new StringBuilder("time stands still at " + clock.nowNs() + " ns since "
                + (now - movedAt) / 1_000_000 + " ms of real time: a member runs, or waits for what is not simulated");
        Holdups.describe(culprit, text);
        clock.fail(new SimulationFailure(text + clock.membersText()));
    }
}
