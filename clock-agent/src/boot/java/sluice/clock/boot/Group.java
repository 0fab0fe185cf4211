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

    /** What {@code ForkJoinPool.commonPool()} is for members of this group; made when first asked for. */
    volatile @Nullable ForkJoinPool commonPool;

    /** What {@code InetAddress.getLocalHost()} is for members of this group; null for the platform's. */
    volatile @Nullable Callable<InetAddress> localHost;

    Group(Simulation simulation, String name, Object facade) {
        this.simulation = simulation;
        this.name = name;
        this.facade = facade;
    }
}
