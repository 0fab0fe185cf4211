package sluice.base;

/**
 * How far a word is from the one that was meant, to answer slips of the pen.
 *
 * <p><b>Thread rules.</b> Any thread.
 */
public final class Spelling {
    private Spelling() {}

    /** Letters to be put in, taken out or changed to make {@code b} of {@code a} (Levenshtein's distance). */
    public static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** Whether two words of that distance are likely to be the same word: two letters, or a third of them. */
    public static boolean isSlip(String wanted, int distance) {
        return distance <= Math.max(2, wanted.length() / 3);
    }
}
