/**
 * What instrumented code calls, on the boot class path: {@link sluice.clock.boot.Hooks} stands behind the JDK's
 * methods,
 * {@link sluice.clock.boot.Simulation} has the members and the running count.
 *
 * <p>Classes here are not instrumented, and use nothing of the JDK that is and could lead back here: no
 * {@code java.util.concurrent}, no collections with locks, no lambdas. Real waiting is
 * {@link java.util.concurrent.locks.LockSupport#park} or {@link Object#wait} while {@link
 * sluice.clock.boot.Member#platform} says so.
 */
@NullMarked
package sluice.clock.boot;

import org.jspecify.annotations.NullMarked;
