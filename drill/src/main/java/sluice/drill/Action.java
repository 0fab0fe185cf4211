package sluice.drill;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an event does. */
sealed interface Action {
    /** A packet comes from the network, or is expected from the stack. */
    record PacketAction(boolean outbound, PacketSpec packet) implements Action {}

    /**
     * The application calls.
     *
     * @param endUs when a blocking call returns; -1 for a call that does not block
     * @param errno name of the expected error, or null
     */
    record Call(String name, List<Expr> arguments, long endUs, Expr result, @Nullable String errno) implements Action {
        @Override
        public String toString() {
            return name + "(" + String.join(", ", arguments.stream().map(Expr::toString).toList()) + ") = " + result
                    + (errno == null ? "" : " " + errno);
        }
    }

    /** A shell command. */
    record Command(String text) implements Action {}

    /** Python. */
    record Code(String text) implements Action {}
}
