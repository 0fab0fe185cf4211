package sluice.clock;

import java.net.InetAddress;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The way to {@code sluice.clock.boot} on the boot class path, which classes on a module path cannot name. The agent
 * puts a call of {@code sluice.clock.boot.Calls}' method of the same name and type in place of each body.
 */
@SuppressWarnings("DoNotCallSuggester") // until the agent has put others in their place
final class Bridge {
    private Bridge() {}

    static boolean isPresent() {
        return false;
    }

    private static IllegalStateException absent() {
        return new IllegalStateException(
                "virtual time needs the agent: add -javaagent:<path of sluice-clock-agent.jar> to the JVM's options"
                        + " (docs/virtual-time.md)");
    }

    static Object open(Object facade, long epochMillisAtZero, boolean seeded, long seed) {
        throw absent();
    }

    static Thread[] close(Object simulation) {
        throw absent();
    }

    static long nowNs(Object simulation) {
        throw absent();
    }

    static @Nullable String stranger(Object simulation) {
        throw absent();
    }

    static Object group(Object simulation, String name, Object facade) {
        throw absent();
    }

    static @Nullable Object currentGroup() {
        return null;
    }

    static void start(Object group, Thread thread) {
        throw absent();
    }

    static void begin() {
        throw absent();
    }

    static @Nullable Object enter(Object group) {
        throw absent();
    }

    static void leave(@Nullable Object before) {
        throw absent();
    }

    static void park(Object simulation, long untilNs) {
        throw absent();
    }

    static void freeze(Object group) {
        throw absent();
    }

    static void thaw(Object group) {
        throw absent();
    }

    static void end(Object group) {
        throw absent();
    }

    static void kill(Object group) {
        throw absent();
    }

    static boolean isKilled(Throwable e) {
        return false;
    }

    static void setLocalHost(Object group, Callable<InetAddress> localHost) {
        throw absent();
    }

    static Thread[] threads(Object group) {
        throw absent();
    }

    static int awaitIdle(Object simulation, long millis) {
        throw absent();
    }

    static int awaitChange(Object simulation, long seen, long millis) {
        throw absent();
    }

    static void poke(Object simulation) {
        throw absent();
    }

    static long nextDeadlineNs(Object simulation) {
        throw absent();
    }

    static void setNow(Object simulation, long nowNs) {
        throw absent();
    }

    static void beginStep(Object simulation) {
        throw absent();
    }

    static void endStep(Object simulation) {
        throw absent();
    }

    static void expire(Object simulation) {
        throw absent();
    }

    static void fail(Object simulation, Error e) {
        throw absent();
    }

    static long changes(Object simulation) {
        throw absent();
    }

    static Thread[] members(Object simulation) {
        throw absent();
    }

    static Thread[] runners(Object simulation, long sinceNanoTime) {
        throw absent();
    }

    static Object @Nullable [] heldUp(Object simulation) {
        throw absent();
    }

    static boolean passOver(Object simulation, Thread thread) {
        throw absent();
    }

    static boolean hasVisitors(Object simulation) {
        throw absent();
    }

    static String[] describe(Object simulation) {
        throw absent();
    }
}
