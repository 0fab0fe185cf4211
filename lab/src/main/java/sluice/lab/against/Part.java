package sluice.lab.against;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A play as it came out with these two.
 *
 * @param client whose TCP the client's is
 * @param server whose the server's
 * @param outcomes what was found out
 * @param ofClient how far each of the client's counters moved
 * @param ofServer the server's
 * @param failure why it did not come to its end; null when it did
 * @param seconds how long it took
 */
public record Part(String client, String server, List<Outcome> outcomes, Map<String, Long> ofClient,
        Map<String, Long> ofServer, @Nullable String failure, double seconds) {

    /** The longest a play may take. */
    private static final Duration LIMIT = Duration.ofSeconds(40);

    /** Plays it. */
    public static Part of(Play play, Side client, Side server, Wire wire) throws InterruptedException {
        long start = System.nanoTime();
        Players p = new Players(client, server, wire);
        Thread playing = p.background(() -> play.run(p));
        String said = null;
        if (!playing.join(LIMIT)) {
            said = "it did not end within " + LIMIT.toSeconds() + " s";
        }
        Throwable failure = p.failure();
        if (failure != null) {
            said = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        }
        Part part = new Part(client.name(), server.name(), p.outcomes(), p.moved(true), p.moved(false), said,
                (System.nanoTime() - start) / 1e9);
        p.end();
        return part;
    }
}
