package sluice.campaign.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** Writes results as Parquet. What does it is found as a service, as {@link sluice.campaign.ClusterRuns} is. */
public interface ParquetFile {
    /**
     * Writes all whole lines of {@code results} into a file, a column for each of theirs.
     *
     * @param results the directory of a campaign
     * @param file replaced when it is there
     * @return how many rows it has
     */
    long write(Path results, Path file) throws IOException;

    /** The one on the class path. */
    static Optional<ParquetFile> find() {
        return ServiceLoader.load(ParquetFile.class, ParquetFile.class.getClassLoader()).findFirst();
    }
}
