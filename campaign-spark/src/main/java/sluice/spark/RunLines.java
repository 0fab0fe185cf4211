package sluice.spark;

import java.io.Serial;
import java.io.Serializable;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.campaign.Campaign;
import sluice.campaign.CampaignSource;
import sluice.campaign.LocalRuns;

/** What an executor does: the lines of some runs. It travels as the text of the campaign's file. */
final class RunLines implements Function<RunLines.Span, SparkRuns.Done> {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Runs of a task.
     *
     * @param from the first
     * @param to behind the last
     */
    record Span(long from, long to) implements Serializable {}

    /** Where a campaign comes from, and what was read from it. */
    private record Read(String text, double scale, Campaign campaign) {}

    /** Tasks arrive one by one: the executor reads the file once. */
    private static volatile @Nullable Read last;

    private final String file;
    private final String text;
    private final double scale;

    RunLines(String file, String text, double scale) {
        this.file = file;
        this.text = text;
        this.scale = scale;
    }

    @Override
    public SparkRuns.Done call(Span span) {
        Campaign campaign = campaign();
        long began = System.nanoTime();
        String lines = LocalRuns.lines(campaign, span.from, span.to);
        return new SparkRuns.Done(lines, span.to - span.from, System.nanoTime() - began);
    }

    private Campaign campaign() {
        Read read = last;
        if (read == null || !read.text.equals(text) || read.scale != scale) {
            read = new Read(text, scale, new CampaignSource(file, text).campaign().scaled(scale));
            last = read;
        }
        return read.campaign;
    }
}
