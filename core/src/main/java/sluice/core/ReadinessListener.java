package sluice.core;

/**
 * Is told when the readiness of an endpoint may have gained a bit: a service that works there, the places where threads
 * wait, a selector's key. Several may listen to one endpoint, and one may listen to several.
 *
 * <p><b>The contract.</b>
 * <ul>
 * <li><b>Who calls, and where:</b> whoever drives the host, on its thread, inside the host (under the shard's lock,
 * where there is one), and never in the middle of another call of the core. A listener therefore may make any user call
 * of the core, add and remove listeners (itself too) and close the endpoint; it needs no lock for what only listeners
 * of the same host touch. It must not wait for anything, and should do a bounded amount of work: what it leaves undone
 * it announces with {@link Pollable#signalReady}, to be called again after the packets that wait.
 * <li><b>When:</b> after a signal, once for as many as came since the last call. A call may come without a new bit;
 * look at what it says. Nobody is told in the course of {@link Pollable#addListener} or {@link Pollable#signalReady}
 * themselves.
 * <li><b>Nothing is missed:</b> who is added to an endpoint that is ready is told of that without
 * anything else having to happen. A bit that stays set is not told again: take all there is, or signal.
 * <li><b>In what order:</b> endpoints first come first served; the listeners of one as they were added, each with the
 * readiness as those before it left it.
 * <li><b>Adding and removing meanwhile:</b> who is removed is not told any more, not even in the round in which that
 * happens; who is added meanwhile is told in the next.
 * <li><b>What it throws</b> concerns this endpoint only, and the listeners behind it are still told. On real threads
 * the listener is removed and the endpoint closed at once (a connection is reset), of which the others hear; a broken
 * invariant of the core stops the stack. In a simulated world it fails the run.
 * </ul>
 */
@FunctionalInterface
public interface ReadinessListener {
    /**
     * The endpoint may be able to do something that it could not do before.
     *
     * @param endpoint the listener, connection, UDP socket or ping
     * @param readiness its bits now ({@link Pollable#READABLE} …)
     * @param nowNs the time to hand to user calls
     */
    void ready(Pollable endpoint, int readiness, long nowNs);

    /**
     * Whether it does the endpoint's work in the call, rather than waking a thread that will do it. Asked only to
     * decide whether that thread or nobody in particular should drive the host.
     */
    default boolean worksInTheCall() {
        return true;
    }

    /** Which part of a program works at the endpoint, for a person; "" when that is not known. */
    default String owner() {
        return "";
    }

    /** How the driver of a host calls a listener: what it does before, and with what the listener throws. */
    @FunctionalInterface
    interface Caller {
        /** Calls, and leaves what is thrown to whoever called the driver. */
        Caller PLAIN = new Plain();

        /** Calls {@code listener} with the endpoint's present readiness. */
        void call(ReadinessListener listener, Pollable endpoint, long nowNs);
    }

    /** A class rather than a lambda: one call less on the way of every packet, whose depth the compiler limits. */
    final class Plain implements Caller {
        private Plain() {}

        @Override
        public void call(ReadinessListener listener, Pollable endpoint, long nowNs) {
            listener.ready(endpoint, endpoint.readiness(), nowNs);
        }
    }
}
