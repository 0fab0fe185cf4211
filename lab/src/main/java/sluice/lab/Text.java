package sluice.lab;

/** The same said in both languages. */
public record Text(String en, String zh) {
    /** Nothing. */
    public static final Text NONE = new Text("", "");

    /** In one of them. */
    public String in(Language language) {
        return language == Language.ZH ? zh : en;
    }

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return en.isEmpty();
    }
}
