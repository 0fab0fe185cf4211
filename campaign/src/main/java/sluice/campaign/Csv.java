package sluice.campaign;

import java.util.ArrayList;
import java.util.List;

/** Lines of comma-separated values (RFC 4180); no field has a line end. */
public final class Csv {
    private Csv() {}

    /** A field, in quotes where it needs them. */
    public static String quoted(String field) {
        String line = field.replaceAll("[\\r\\n]+", " ");
        return line.contains(",") || line.contains("\"") ? "\"" + line.replace("\"", "\"\"") + "\"" : line;
    }

    /** The fields of a line. */
    public static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
