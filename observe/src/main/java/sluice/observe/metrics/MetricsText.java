package sluice.observe.metrics;

/** Writes OpenMetrics text: families, and the samples of each behind it. */
final class MetricsText {
    private final StringBuilder out = new StringBuilder();

    /** Begins a family: {@code # TYPE} and {@code # HELP}. */
    MetricsText family(String name, String type, String help) {
        out.append("# TYPE ").append(name).append(' ').append(type).append("\n# HELP ").append(name).append(' ')
                .append(escaped(help)).append('\n');
        return this;
    }

    MetricsText sample(String name, long value) {
        out.append(name).append(' ').append(value).append('\n');
        return this;
    }

    MetricsText sample(String name, double value) {
        out.append(name).append(' ').append(value).append('\n');
        return this;
    }

    MetricsText sample(String name, long value, String label, String labelValue) {
        out.append(name).append('{').append(label).append("=\"").append(escaped(labelValue)).append("\"} ")
                .append(value).append('\n');
        return this;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }

    /** The whole text. */
    String end() {
        return out.append("# EOF\n").toString();
    }
}
