package sluice.clock.boot;

import java.net.InetAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** Members that share a fate. Fields are guarded by the simulation's lock unless they are volatile. */
final class Group {
    final Simulation simulation;
    final String name;

    /** The facade's object for this group. */
    final Object facade;

    volatile boolean frozen;
    volatile boolean killed;

    /** Its members end where they sleep or wait for what is outside the JDK, and go on otherwise. */
    volatile boolean ending;

    /** What {@code ForkJoinPool.commonPool()} is for members of this group; made when first asked for. */
    volatile @Nullable ForkJoinPool commonPool;

    /** What {@code InetAddress.getLocalHost()} is for members of this group; null for the platform's. */
    volatile @Nullable Callable<InetAddress> localHost;

    Group(Simulation simulation, String name, Object facade) {
        this.simulation = simulation;
        this.name = name;
        this.facade = facade;
    }

    /** Its members may go on; who was woken meanwhile does. */
    void thaw() {
        Wakes wakes = new Wakes();
        synchronized (simulation.lock) {
            frozen = false;
            for (int i = 0; i < simulation.members.count(); i++) {
                Member m = simulation.members.get(i);
                if (m.group == this && (m.deferred != 0 || m.state == Member.FROZEN)) {
                    simulation.raise(m, m.deferred == 0 ? Member.WOKEN : m.deferred, wakes);
                }
            }
        }
        wakes.run();
    }

    /**
     * Its members end where they sleep or wait for what is outside the JDK, and timers' wherever they wait; others that
     * wait for one another, in locks, queues and pools, are left to end by themselves.
     */
    void end() {
        Wakes wakes = new Wakes();
        synchronized (simulation.lock) {
            frozen = false;
            ending = true;
            for (int i = 0; i < simulation.members.count(); i++) {
                Member m = simulation.members.get(i);
                if (m.group == this && (m.deferred != 0 || m.state == Member.FROZEN || m.isToEnd(m.state))) {
                    simulation.raise(m, Member.WOKEN, wakes);
                }
            }
        }
        wakes.run();
    }

    /** Its members end: those that wait go on, and are told. */
    void kill() {
        Wakes wakes = new Wakes();
        synchronized (simulation.lock) {
            frozen = false;
            killed = true;
            for (int i = 0; i < simulation.members.count(); i++) {
                Member m = simulation.members.get(i);
                if (m.group == this && m.state != Member.RUNS) {
                    simulation.raise(m, Member.WOKEN, wakes);
                }
            }
        }
        wakes.run();
    }
}
