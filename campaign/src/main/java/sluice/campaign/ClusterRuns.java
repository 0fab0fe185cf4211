package sluice.campaign;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Runs campaigns on other machines. What does it is found as a service, so that nothing of it is on the class path
 * unless it is wanted.
 */
public interface ClusterRuns {
    /**
     * What to run where.
     *
     * @param source of the campaign
     * @param scale that its seeds are scaled by
     * @param master the cluster's address
     */
    record Job(CampaignSource source, double scale, String master) {
        /** The campaign. */
        public Campaign campaign() {
            return source.campaign().scaled(scale);
        }
    }

    /**
     * Runs what {@code results} has not yet, and adds it in order: the same lines as {@link LocalRuns}, bit for bit.
     *
     * @throws IOException also when the cluster cannot be reached or gives up
     */
    void run(Job job, ResultsFile results, LocalRuns.Listener listener) throws IOException, InterruptedException;

    /** The one on the class path. */
    static Optional<ClusterRuns> find() {
        return ServiceLoader.load(ClusterRuns.class, ClusterRuns.class.getClassLoader()).findFirst();
    }
}
