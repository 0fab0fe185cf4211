package sluice.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the clock's agent costs a program without a simulation: run it once plain and once with
 * {@code -jvmArgsAppend -javaagent:…/sluice-clock-agent.jar}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClockCallSites {
    private final Object monitor = new Object();

    /** A call site of {@link System#nanoTime}. */
    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }

    /** A call site of {@link System#currentTimeMillis}. */
    @Benchmark
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    /** A call site of {@link Object#notify}, of a monitor where nobody waits. */
    @Benchmark
    public void notifyNobody() {
        synchronized (monitor) {
            monitor.notify();
        }
    }

    /** {@link LockSupport#unpark} and a park that returns at once. */
    @Benchmark
    public void unparkAndPark() {
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
    }
}
