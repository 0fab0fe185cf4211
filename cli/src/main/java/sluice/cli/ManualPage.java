package sluice.cli;

import java.util.Locale;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What a command says of itself, as a manual page in roff's man macros. */
final class ManualPage {
    private static final int WIDE = 10_000;

    private final CommandSpec spec;
    private final StringBuilder out = new StringBuilder();

    private ManualPage(CommandSpec spec) {
        this.spec = spec;
    }

    static String of(CommandSpec spec) {
        return new ManualPage(spec).page();
    }

    private String page() {
        String title = spec.qualifiedName("-");
        String[] description = spec.usageMessage().description();
        out.append(".TH \"").append(title.toUpperCase(Locale.ROOT)).append("\" 1\n.SH NAME\n");
        text(title + " - " + (description.length == 0 ? "" : description[0].replaceFirst("\\.$", "")));
        out.append(".SH SYNOPSIS\n");
        spec.usageMessage().autoWidth(false).width(WIDE); // roff breaks lines
        text(new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0).strip().replaceAll("\\s+", " "));
        out.append(".SH DESCRIPTION\n");
        for (String line : description) {
            text(line);
        }
        options();
        if (!spec.subcommands().isEmpty()) {
            out.append(".SH COMMANDS\n");
            spec.subcommands().forEach((name, command) -> {
                CommandSpec s = command.getCommandSpec();
                if (!s.usageMessage().hidden()) {
                    entry(name, s.usageMessage().description());
                }
            });
        }
        if (spec.usageMessage().footer().length > 0) {
            out.append(".SH NOTES\n.nf\n");
            for (String line : spec.usageMessage().footer()) {
                text(line);
            }
            out.append(".fi\n");
        }
        return out.toString();
    }

    private void options() {
        out.append(".SH OPTIONS\n");
        for (PositionalParamSpec p : spec.positionalParameters()) {
            entry(p.paramLabel(), description(p));
        }
        for (OptionSpec o : spec.options()) {
            if (!o.hidden()) {
                String value = o.arity().max() == 0 ? "" : o.arity().min() == 0 ? "[=" + o.paramLabel() + "]"
                        : " " + o.paramLabel();
                entry(String.join(", ", o.names()) + value, description(o));
            }
        }
    }

    private static String[] description(ArgSpec arg) {
        return arg.description();
    }

    private void entry(String term, String[] description) {
        out.append(".TP\n");
        text(term);
        for (String line : description) {
            text(line);
        }
    }

    /** A line of text: nothing in it is a request or an escape. */
    private void text(String line) {
        String safe = line.replace("%%", "%").replace("%n", " ").replace("\\", "\\e").replace("-", "\\-");
        out.append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" : "").append(safe).append('\n');
    }
}
