package sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What options may be. A wrong one is a usage error of one line: the option, its value and what would be right. */
final class Limits {
    private static final int MAX_PORT = 65_535;

    private Limits() {}

    /** The value, when it lies between the two, these included. */
    static long within(CommandSpec spec, String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw wrong(spec, option, value, "is outside " + range(least, most));
        }
        return value;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static String range(long least, long most) {
        return most >= Integer.MAX_VALUE ? least + " and more" : least + "…" + most;
    }

    /** The seconds, when they are a number from the least to the most, these included. */
    static double seconds(CommandSpec spec, String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw wrong(spec, option, value, "is outside " + plain(least) + "…" + plain(most) + " seconds");
        }
        return value;
    }

    /** A port. */
    static int port(CommandSpec spec, String option, long value) {
        return (int) within(spec, option, value, 1, MAX_PORT);
    }

    /** What the parser makes of the text; its {@link IllegalArgumentException} becomes the usage error. */
    static <T> T parse(CommandSpec spec, String option, String text, Function<String, T> parser) {
        try {
            return named(option, text, parser);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The same where no command is at hand: an {@link IllegalArgumentException} that names the option. */
    static <T> T named(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage()).replaceFirst("^netem: ", "");
            throw new IllegalArgumentException(
                    option + (why.contains("\"" + text + "\"") ? " " : " \"" + text + "\": ") + why, e);
        }
    }

    /** A file to be written: its directory has to exist, and no directory may have its name. */
    static void output(CommandSpec spec, String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        named(spec, option, file, "file");
        if (Files.isDirectory(file)) {
            throw wrong(spec, option, file, "is a directory, and a file is to be written");
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw wrong(spec, option, file, "cannot be written: there is no directory " + directory);
        }
        if (!Files.isWritable(Files.exists(file) ? file : directory)) {
            throw new Failure(option + " " + file + " cannot be written: "
                    + (Files.exists(file) ? "the file" : "directory " + directory) + " is read-only for this user");
        }
    }

    /** The same, where what is read must not be written over. */
    static void output(CommandSpec spec, String option, @Nullable Path file, Path read) {
        output(spec, option, file);
        try {
            if (file != null && Files.exists(file) && Files.isSameFile(file, read)) {
                throw wrong(spec, option, file, "is the file that is read: name another one");
            }
        } catch (IOException e) {
            throw new Failure(option + " " + file + ": " + Complaint.said(e));
        }
    }

    /** A directory to be written into; it is made when there is none. */
    static void directory(CommandSpec spec, String option, @Nullable Path directory) {
        if (directory == null) {
            return;
        }
        named(spec, option, directory, "directory");
        Path there = directory.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw wrong(spec, option, directory, "is no directory: " + there + " is a file");
        }
        if (!Files.isWritable(there)) {
            throw new Failure(option + " " + directory + " cannot be written: directory " + there
                    + " is read-only for this user");
        }
    }

    /** Options that say the same thing in different ways, or what the other one leaves no room for. */
    static void notTogether(CommandSpec spec, String option, String... others) {
        CommandLine.ParseResult given = spec.commandLine().getParseResult();
        for (String other : others) {
            if (given.hasMatchedOption(option) && given.hasMatchedOption(other)) {
                throw new ParameterException(spec.commandLine(), option + " and " + other + " do not go together");
            }
        }
    }

    private static void named(CommandSpec spec, String option, Path path, String what) {
        if (path.toString().isEmpty()) {
            throw wrong(spec, option, "\"\"", "names no " + what);
        }
    }

    /** A file to be read. */
    static void input(CommandSpec spec, String option, @Nullable Path file) {
        if (file != null && (!Files.isReadable(file) || Files.isDirectory(file))) {
            throw wrong(spec, option, file, Files.isDirectory(file) ? "is a directory, and a file is to be read"
                    : Files.exists(file) ? "is a file that this user may not read" : "names no file: there is none");
        }
    }

    private static ParameterException wrong(CommandSpec spec, String option, Object value, String why) {
        return new ParameterException(spec.commandLine(), option + " " + value + " " + why);
    }
}
