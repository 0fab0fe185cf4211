/**
 * Time as a simulation has it, for ordinary Java code: {@link sluice.clock.VirtualClock} opens a simulation whose world
 * is a {@link sluice.clock.Timeline}; threads that begin in one of its {@link sluice.clock.MemberGroup}s, and those
 * they make, are its members. A member's {@code System.nanoTime}, {@code Thread.sleep}, {@code park}, {@code wait}
 * and all that is built on them go by the simulation's time, which moves exactly when no member can run. Threads of
 * no simulation see nothing of all this. docs/virtual-time.md says what is virtual, and decision 13 why.
 */
@NullMarked
package sluice.clock;

import org.jspecify.annotations.NullMarked;
