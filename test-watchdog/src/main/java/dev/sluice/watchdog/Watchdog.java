package dev.sluice.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Ends a test JVM in which nothing begins or ends for too long, after it has shown where every thread is.
 *
 * <p>JUnit's own limit interrupts the test's thread. A platform thread that waits in the stack may be driving it and
 * does not end its wait when it is interrupted ({@code Shard.block}), so a test that hangs there would hang the build.
 * This limit is twice JUnit's: whatever can be interrupted has ended before, as one failed test.
 *
 * <p>Found by {@link java.util.ServiceLoader} wherever it is on the class path. The JVM ends with {@link #EXIT}.
 */
public final class Watchdog implements TestExecutionListener {
    /** The exit status of a JVM that was ended. */
    public static final int EXIT = 86;

    private static final String JUNIT_LIMIT = "junit.jupiter.execution.timeout.default";
    private static final Pattern SECONDS = Pattern.compile("(\\d+) ?(s|m|ms)?");
    private static final long DEFAULT_LIMIT_MS = 120_000;

    private volatile long lastEventNs;
    private volatile String lastEvent = "";
    private volatile boolean over;

    /** For the service loader. */
    public Watchdog() {}

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        long limitMs = plan.getConfigurationParameters().get(JUNIT_LIMIT).map(Watchdog::milliseconds)
                .orElse(DEFAULT_LIMIT_MS) * 2;
        over = false;
        happened("began", "the test plan");
        Thread.ofPlatform().daemon().name("test-watchdog").start(() -> watch(limitMs));
    }

    private static long milliseconds(String limit) {
        Matcher m = SECONDS.matcher(limit.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException(JUNIT_LIMIT + " = " + limit + ": a number and ms, s or m is wanted");
        }
        long n = Long.parseLong(m.group(1));
        return "ms".equals(m.group(2)) ? n : "m".equals(m.group(2)) ? n * 60_000 : n * 1_000;
    }

    private void watch(long limitMs) {
        while (!over) {
            try {
                TimeUnit.MILLISECONDS.sleep(Math.min(500, limitMs));
            } catch (InterruptedException e) {
                continue; // somebody interrupts all threads; this one goes on
            }
            if (!over && System.nanoTime() - lastEventNs > limitMs * 1_000_000) {
                end(limitMs);
            }
        }
    }

    /** Writes past {@link System#err}, which the test runner has replaced, and lets no hook keep the JVM. */
    private void end(long limitMs) {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        err.println("test-watchdog: nothing has happened for " + limitMs / 1_000.0 + " s since " + lastEvent
                + "; this JVM ends. Its threads:");
        for (ThreadInfo t : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            LockInfo on = t.getLockInfo();
            err.println("\"" + t.getThreadName() + "\" " + t.getThreadState() + (on == null ? "" : " on " + on)
                    + (t.getLockOwnerName() == null ? "" : " owned by \"" + t.getLockOwnerName() + "\""));
            for (StackTraceElement e : t.getStackTrace()) { // all of it: ThreadInfo's own text stops at eight
                err.println("    at " + e);
            }
        }
        err.flush();
        Runtime.getRuntime().halt(EXIT);
    }

    private void happened(String what, String where) {
        lastEvent = where + " " + what;
        lastEventNs = System.nanoTime();
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        over = true;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        happened("began", test.getUniqueId());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        happened("ended", test.getUniqueId());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        happened("was skipped", test.getUniqueId());
    }

    @Override
    public void dynamicTestRegistered(TestIdentifier test) {
        happened("was found", test.getUniqueId());
    }
}
