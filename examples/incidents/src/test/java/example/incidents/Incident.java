package example.incidents;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import sluice.virtual.Network;
import sluice.virtual.junit.VirtualNetwork;

/**
 * An outage as a test: what operators expect, which does not hold with the client's default settings, and holds with
 * the cure. The page beside the project has the words to it.
 */
@VirtualNetwork(stallLimitMs = 30_000)
abstract class Incident {
    /** What is expected, with the client as it is or with its cure. Throws an AssertionError where it does not hold. */
    abstract void holds(Network net, boolean cured) throws Exception;

    @Test
    void failsWithDefaultSettings(Network net) {
        AssertionError symptom = assertThrows(AssertionError.class, () -> holds(net, false));
        System.out.println(getClass().getSimpleName() + ": " + symptom.getMessage());
    }

    @Test
    void passesWithTheCure(Network net) throws Exception {
        holds(net, true);
    }

    /** What a program does, and how long it took. */
    interface Work {
        void run() throws Exception;
    }

    /** Virtual seconds that {@code work} takes, whether it throws or not. */
    static double seconds(Network net, Work work) {
        Duration start = net.elapsed();
        try {
            work.run();
        } catch (Exception e) {
            System.out.println("  " + e);
        }
        return net.elapsed().minus(start).toMillis() / 1000.0;
    }
}
