package sluice.observe.plot;

/** Colours, each by what it stands for in every plot, on light and on dark ground. */
public enum Ink {
    /** The congestion window; whatever a plot is about. */
    BLUE("#0969da", "#58a6ff"),
    /** Thresholds. */
    ORANGE("#c2570c", "#f0883e"),
    /** What was delivered, acknowledged, put right. */
    GREEN("#1a7f37", "#3fb950"),
    /** Round trips. */
    PURPLE("#8250df", "#bc8cff"),
    /** Losses and timeouts. */
    RED("#cf222e", "#ff7b72"),
    /** Marks. */
    AMBER("#9a6700", "#d4a72c"),
    /** Another one. */
    TEAL("#0f766e", "#39c5bb"),
    /** Another one. */
    PINK("#bf3989", "#f778ba"),
    /** What stands behind. */
    GRAY("#6e7781", "#8b949e");

    private final String light;
    private final String dark;

    Ink(String light, String dark) {
        this.light = light;
        this.dark = dark;
    }

    /** Class for lines and borders. */
    String stroke() {
        return "s" + ordinal();
    }

    /** Class for areas and texts. */
    String fill() {
        return "f" + ordinal();
    }

    /** The rules of all classes, for both grounds. */
    static String css() {
        StringBuilder out = new StringBuilder(
                "text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}");
        out.append(
                ".bg{fill:#fff}.t{font-size:15px;font-weight:600}.d{fill:#59636e}.g{stroke:#d1d9e0;stroke-width:1}.a"
                        + "x{stroke:#818b98;stroke-width:1}");
        out.append(
                ".l{fill:none;stroke-width:1.6;stroke-linejoin:round}.thin{stroke-width:1}.p{fill:none;stroke-lineca"
                        + "p:round;stroke-width:2.6}");
        for (Ink i : values()) {
            out.append('.').append(i.stroke()).append("{stroke:").append(i.light).append("}.").append(i.fill())
                    .append("{fill:").append(i.light).append('}');
        }
        out.append(
                "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.bg{fill:#0d1117}.d{fill:#9198a1}.g{stroke:#303"
                        + "63d}.ax{stroke:#656c76}");
        for (Ink i : values()) {
            out.append('.').append(i.stroke()).append("{stroke:").append(i.dark).append("}.").append(i.fill())
                    .append("{fill:").append(i.dark).append('}');
        }
        return out.append('}').toString();
    }
}
