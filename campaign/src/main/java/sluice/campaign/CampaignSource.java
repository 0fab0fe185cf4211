package sluice.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a campaign comes from: the text of a file, kept with the results.
 *
 * @param file its name, for messages
 * @param text YAML, or "swarm FIRST COUNT" for the built-in sweep
 */
public record CampaignSource(String file, String text) {
    private static final Pattern SWARM = Pattern.compile("swarm (-?\\d+) (\\d+)\\s*");

    /** Reads a file. */
    public static CampaignSource read(Path file) throws IOException {
        return new CampaignSource(file.toString(), Files.readString(file));
    }

    /** The built-in sweep. */
    public static CampaignSource swarm(long first, long count) {
        return new CampaignSource("--swarm", "swarm " + first + " " + count + "\n");
    }

    /** What it describes; a {@link BadCampaign} says what is wrong. */
    public Campaign campaign() {
        Matcher m = SWARM.matcher(text);
        if (m.matches()) {
            return Campaign.swarm(new Campaign.Seeds(Long.parseLong(m.group(1)), Long.parseLong(m.group(2))));
        }
        return CampaignFile.read(file, text);
    }
}
