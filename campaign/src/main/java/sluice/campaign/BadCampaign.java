package sluice.campaign;

/**
 * A campaign's file is wrong: the message is one line that names file, line, key and value, and what would be right.
 */
public final class BadCampaign extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** {@code what} is wrong in a line of a file, counted from 1. */
    public BadCampaign(String file, int line, String what) {
        super(file + ":" + line + ": " + what.strip().replaceAll("\\s*\\R\\s*", "; "));
    }
}
