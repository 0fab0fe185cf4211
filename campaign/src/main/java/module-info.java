/** Sweeps over many simulated networks, and what their results say. */
module sluice.campaign {
    requires transitive sluice.sim;
    requires org.snakeyaml.engine;
    requires static org.jspecify;

    exports sluice.campaign;
    exports sluice.campaign.report;

    uses sluice.campaign.ClusterRuns;
    uses sluice.campaign.report.ParquetFile;
}
