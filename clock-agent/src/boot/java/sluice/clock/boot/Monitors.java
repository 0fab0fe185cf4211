package sluice.clock.boot;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Which monitors a thread wants and has, platform or virtual: what the JDK's thread dumps ask ({@code
 * jdk.internal.vm.ThreadSnapshot}, which the agent opens to this package). It takes some tenths of a millisecond.
 *
 * <p><b>Thread rules.</b> The time thread.
 */
final class Monitors {
    /** Of a lock in a snapshot: it is one, and not what is left of one that the compiler has done away with. */
    private static final int LOCKED = 0;

    private static final Method OF;
    private static final Method BLOCKED_ON;
    private static final Method STATE;
    private static final Field LOCKS;
    private static final Field TYPE;
    private static final Field OBJECT;

    static {
        try {
            Class<?> snapshot = Class.forName("jdk.internal.vm.ThreadSnapshot");
            OF = snapshot.getDeclaredMethod("of", Thread.class);
            BLOCKED_ON = snapshot.getDeclaredMethod("blockedOn");
            STATE = snapshot.getDeclaredMethod("threadState");
            LOCKS = snapshot.getDeclaredField("locks");
            Class<?> lock = LOCKS.getType().getComponentType();
            TYPE = lock.getDeclaredField("typeOrdinal");
            OBJECT = lock.getDeclaredField("obj");
            for (AccessibleObject member : new AccessibleObject[]{OF, BLOCKED_ON, STATE, LOCKS, TYPE, OBJECT}) {
                member.setAccessible(true);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has another way to see monitors", e);
        }
    }

    private Monitors() {}

    /** What {@code t} waits for at the beginning of a synchronized block or method; null when it waits for none. */
    static @Nullable Object wanted(Thread t) {
        try {
            Object snapshot = OF.invoke(null, t);
            return snapshot == null || STATE.invoke(snapshot) != Thread.State.BLOCKED ? null
                    : BLOCKED_ON.invoke(snapshot);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether {@code t} is in a synchronized block or method of {@code monitor}; so is one that waits in {@link
     * Object#wait}.
     */
    static boolean isIn(Thread t, Object monitor) {
        try {
            Object snapshot = OF.invoke(null, t);
            Object[] locks = snapshot == null ? new Object[0] : (Object[]) LOCKS.get(snapshot);
            for (Object lock : locks) {
                if (TYPE.getInt(lock) == LOCKED && OBJECT.get(lock) == monitor) {
                    return true;
                }
            }
            return false;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
