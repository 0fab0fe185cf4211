package sluice.cli.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command as a tool.
 *
 * @param name of the tool
 * @param title for people
 * @param says what it is good for and what comes back, for whoever chooses
 * @param command the words that every call begins with
 * @param writes whether it leaves files (never over others' files)
 * @param parameters its arguments, those without option last
 */
record Tool(String name, String title, String says, List<String> command, boolean writes,
        List<Parameter> parameters) {

    /** As {@code tools/list} shows it. */
    Map<String, Object> description() {
        Map<String, Object> properties = new LinkedHashMap<>();
        parameters.forEach(p -> properties.put(p.name(), p.schema()));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (!properties.isEmpty()) {
            schema.put("properties", properties);
        }
        List<String> required = parameters.stream().filter(Parameter::required).map(Parameter::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        Map<String, Object> d = new LinkedHashMap<>();
        d.put("name", name);
        d.put("title", title);
        d.put("description", says);
        d.put("inputSchema", schema);
        Map<String, Object> hints = new LinkedHashMap<>();
        hints.put("readOnlyHint", !writes);
        if (writes) {
            hints.put("destructiveHint", false);
        }
        hints.put("openWorldHint", false);
        d.put("annotations", hints);
        return d;
    }

    /**
     * The command line of a call.
     *
     * @throws IllegalArgumentException when arguments are missing, unknown or not what the schema says
     */
    String[] commandLine(Map<?, ?> arguments) {
        for (Object given : arguments.keySet()) {
            if (parameters.stream().noneMatch(p -> p.name().equals(given))) {
                throw new IllegalArgumentException("there is no argument \"" + given + "\"; " + name + " takes "
                        + (parameters.isEmpty() ? "none"
                                : String.join(", ", parameters.stream().map(Parameter::name).toList())));
            }
        }
        List<String> words = new ArrayList<>(command);
        for (Parameter p : parameters) {
            if (arguments.get(p.name()) != null) {
                words.addAll(p.words(arguments.get(p.name())));
            } else if (p.required()) {
                throw new IllegalArgumentException(name + " needs the argument \"" + p.name() + "\": " + p.says());
            }
        }
        return words.toArray(String[]::new);
    }
}
