package sluice.clock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one simulation, and its members: threads for which time is the simulation's. It needs the agent
 * ({@code -javaagent:sluice-clock-agent.jar}).
 *
 * <p>Time moves when no member can run: to what is due first, an event of the {@link Timeline}, a deadline of a member
 * that waits, or what {@link #at} was told. These run on the clock's own thread, one after another; after each the
 * clock waits until no member can run again. At the same time members' deadlines come first, then {@link #at} in the
 * order of the calls, then the timeline.
 *
 * <p><b>Thread rules.</b> Any thread, unless a method says otherwise.
 */
public final class VirtualClock implements AutoCloseable {
    /** No time: later than any. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Notices that are kept. */
    private static final int MAX_NOTICES = 1_000;

    /** Stacks in a message. */
    private static final int MAX_STACKS = 32;

    private record Action(long atNs, long order, Runnable runnable) {}

    private final String name;
    private final Object simulation;
    private final boolean seeded;
    private final boolean foreignPools;
    private boolean sawStranger;

    private final Object lock = new Object();
    private final PriorityQueue<Action> actions = new PriorityQueue<>(
            Comparator.comparingLong(Action::atNs).thenComparingLong(Action::order));
    private final Set<CompletableFuture<?>> awaited = new LinkedHashSet<>();
    private final Set<Thread> heldUp = new LinkedHashSet<>();
    private final List<String> notices = new ArrayList<>();
    private long order;
    private volatile @Nullable SimulationFailure failure;
    private volatile boolean held;

    private VirtualClock(ClockSettings settings) {
        name = settings.name();
        seeded = settings.threads() == Threads.SEEDED;
        foreignPools = settings.foreignPools();
        simulation = Bridge.open(this, settings.epochMillisAtZero(), seeded, settings.seed());
    }

    /** Whether this JVM was started with the agent. */
    public static boolean isAgentPresent() {
        return Bridge.isPresent();
    }

    /**
     * Begins a simulation at time 0. Several may be open at once, each with its members.
     *
     * @throws IllegalStateException when the JVM has no agent; the message is the line to add
     */
    public static VirtualClock open(ClockSettings settings, Timeline timeline) {
        VirtualClock clock = new VirtualClock(settings);
        new TimeThread(clock, clock.simulation, timeline, settings).start();
        return clock;
    }

    /** The clock of the simulation that the calling thread is a member of; null when it is of none. */
    public static @Nullable VirtualClock current() {
        MemberGroup group = currentGroup();
        return group == null ? null : group.clock();
    }

    /** The group of the calling thread; null when it is a member of no simulation. */
    public static @Nullable MemberGroup currentGroup() {
        return (MemberGroup) Bridge.currentGroup();
    }

    /** Whether {@code e} is what a member throws whose group was killed. */
    public static boolean isKilled(Throwable e) {
        return Bridge.isKilled(e);
    }

    /** The simulation's time, nanoseconds since it began. */
    public long nowNs() {
        return Bridge.nowNs(simulation);
    }

    /** The name it was opened with. */
    public String name() {
        return name;
    }

    /** A new group of members; several may have the same name. */
    public MemberGroup group(String groupName) {
        return new MemberGroup(this, simulation, groupName);
    }

    /**
     * Parks the calling member as {@link java.util.concurrent.locks.LockSupport#park} does, until somebody unparks or
     * interrupts it (both are counted before they wake it) or it is {@code untilNs}; at once when it has a permit.
     *
     * @param untilNs on the clock of {@link #nowNs}, or {@link #NEVER}
     * @throws IllegalStateException when the caller is no member of this simulation
     */
    public void park(long untilNs) {
        Bridge.park(simulation, untilNs);
    }

    /**
     * Runs {@code action} on the clock's thread at {@code atNs}, or at once when that has passed and nobody can run.
     */
    public void at(long atNs, Runnable action) {
        synchronized (lock) {
            actions.add(new Action(atNs, order++, action));
        }
        Bridge.poke(simulation);
    }

    /**
     * To be called by threads that are no members when they changed what {@link Timeline#nextNs} says: the clock may be
     * waiting for an event that is no longer the first. What members and the timeline itself change is seen anyway.
     */
    public void poke() {
        Bridge.poke(simulation);
    }

    /**
     * Has time stand still, or move again. While it stands members run until they wait. A member that holds it can
     * end: what it left stays as it is until the next one comes to look.
     */
    public void hold(boolean still) {
        held = still;
        Bridge.poke(simulation);
    }

    boolean isHeld() {
        return held;
    }

    /** Why the simulation failed; null while it has not. */
    public @Nullable SimulationFailure failure() {
        lookForStrangers();
        return failure;
    }

    /**
     * Makes the simulation fail: time stops, the first failure counts, every {@link MemberGroup#call} that waits throws
     * it, and every member throws it out of its waits.
     */
    public void fail(Throwable cause) {
        SimulationFailure first = cause instanceof SimulationFailure f ? f
                : new SimulationFailure("at " + nowNs() + " ns: " + cause, cause);
        List<CompletableFuture<?>> waiting;
        synchronized (lock) {
            if (failure != null) {
                return;
            }
            failure = first;
            waiting = List.copyOf(awaited);
        }
        waiting.forEach(w -> w.completeExceptionally(first));
        Bridge.fail(simulation, first);
    }

    /** A line for each member that has not ended: group, thread, what it does, until when. */
    public List<String> describeMembers() {
        return List.of(Bridge.describe(simulation));
    }

    /**
     * What the simulation wants to be known though it went on: a member that slept while others wanted the monitor it
     * held, for instance. Bounded.
     */
    public List<String> notices() {
        synchronized (lock) {
            return List.copyOf(notices);
        }
    }

    /**
     * Ends the simulation: time stops, members that are left are interrupted and belong to no simulation any more.
     * Calling it again does nothing.
     */
    @Override
    public void close() {
        for (Thread t : Bridge.close(simulation)) {
            if (t != Thread.currentThread()) {
                t.interrupt();
            }
        }
    }

    boolean isSeeded() {
        return seeded;
    }

    /** When the first of {@link #at} is due. */
    long nextActionNs() {
        synchronized (lock) {
            Action first = actions.peek();
            return first == null ? NEVER : first.atNs;
        }
    }

    void runAction() {
        Action first;
        synchronized (lock) {
            first = actions.remove();
        }
        first.runnable.run();
    }

    /** Somebody waits for {@code result}, which a failure of the simulation completes too. */
    void await(CompletableFuture<?> result) {
        synchronized (lock) {
            awaited.add(result);
            if (failure == null) {
                return;
            }
        }
        result.completeExceptionally(failure);
    }

    @SuppressWarnings("CollectionUndefinedEquality") // the same object is meant
    void awaitNoMore(CompletableFuture<?> result) {
        synchronized (lock) {
            awaited.remove(result);
        }
    }

    /** Whether anybody waits for a member, or is one for a while. */
    boolean isAwaited() {
        synchronized (lock) {
            if (!awaited.isEmpty()) {
                return true;
            }
        }
        return Bridge.hasVisitors(simulation);
    }

    /** A member wants a monitor of another that waits: time goes on nevertheless. Noted once for each thread. */
    void heldUp(Thread t, Object monitor, Thread owner) {
        synchronized (lock) {
            if (notices.size() >= MAX_NOTICES || !heldUp.add(t)) {
                return;
            }
            StringBuilder text = new StringBuilder("at ").append(nowNs()).append(" ns \"").append(t.getName())
                    .append("\" waits for ").append(Objects.toIdentityString(monitor)).append(", which ")
                    .append(owner.getName()).append(" has while it waits for something else; time goes on");
            Holdups.describe(t, text);
            Holdups.describe(owner, text);
            notices.add(text.toString());
        }
    }

    /** A member gave a task to a pool that was made outside: fails, or notes it. Once. */
    void lookForStrangers() {
        String words = Bridge.stranger(simulation);
        if (words == null) {
            return;
        }
        synchronized (lock) {
            if (sawStranger) {
                return;
            }
            sawStranger = true;
        }
        if (!foreignPools) {
            fail(new SimulationFailure("at " + nowNs() + " ns " + words));
        }
    }

    /** All members, the first of them with their stacks, for a failure's message. */
    String membersText() {
        StringBuilder text = new StringBuilder("\nmembers:");
        for (String line : Bridge.describe(simulation)) {
            text.append("\n  ").append(line);
        }
        Thread[] threads = Bridge.members(simulation);
        for (int i = 0; i < threads.length && i < MAX_STACKS; i++) {
            Holdups.describe(threads[i], text);
        }
        return text.toString();
    }
}
