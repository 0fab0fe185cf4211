package sluice.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import sluice.cli.Main;

/**
 * What {@code spark-submit} starts: {@code spark-submit --master M … sluice-campaign.jar FILE.yaml --out DIR} is
 * {@code sluice campaign FILE.yaml --out DIR --master M}.
 */
public final class SubmitMain {
    private SubmitMain() {}

    /** Runs a campaign where spark-submit says. */
    public static void main(String[] args) {
        List<String> all = new ArrayList<>(List.of("campaign"));
        all.addAll(List.of(args));
        all.addAll(List.of("--master", new SparkConf().get("spark.master")));
        Main.main(all.toArray(String[]::new));
    }
}
