package sluice.drill;

import org.jspecify.annotations.Nullable;
import sluice.base.Errno;

/**
 * How a system call ended.
 *
 * @param value its result; -1 with an error
 * @param opened what a new descriptor stands for
 */
record Outcome(long value, @Nullable Errno errno, @Nullable Descriptor opened) {
    static final Outcome ZERO = new Outcome(0, null, null);

    static Outcome of(long value) {
        return new Outcome(value, null, null);
    }

    static Outcome error(Errno errno) {
        return new Outcome(-1, errno, null);
    }

    static Outcome opened(Descriptor d) {
        return new Outcome(0, null, d);
    }

    /** A call under way: asked again whenever something happened, until it has an outcome. */
    interface Attempt {
        /** The outcome, or null while the call would block. */
        @Nullable Outcome attempt();

        /** When time alone gives it an outcome; {@link Long#MAX_VALUE} never. */
        default long untilNs() {
            return Long.MAX_VALUE;
        }

        /** This, with an end at {@code ns}. */
        default Attempt until(long ns) {
            Attempt within = this;
            return new Attempt() {
                @Override
                public @Nullable Outcome attempt() {
                    return within.attempt();
                }

                @Override
                public long untilNs() {
                    return ns;
                }
            };
        }
    }
}
