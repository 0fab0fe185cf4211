package sluice.lab;

/**
 * What an experiment is.
 *
 * @param id its name in the product: small letters, digits and hyphens
 * @param chapter where it belongs
 * @param title in a few words
 * @param says what it demonstrates, in two sentences
 */
public record About(String id, Chapter chapter, Text title, Text says) {
    /** With its title. */
    public static About of(String id, Chapter chapter, String titleEn, String titleZh) {
        return new About(id, chapter, new Text(titleEn, titleZh), Text.NONE);
    }

    /** The same with its two sentences. */
    public About says(String en, String zh) {
        return new About(id, chapter, title, new Text(en, zh));
    }
}
