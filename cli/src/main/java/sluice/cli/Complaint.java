package sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import sluice.base.ErrnoException;
import sluice.engine.LinkGoneException;
import sluice.link.linux.SystemCallException;

/** How a command that cannot go on says so: one line on standard error, and the exit status. */
final class Complaint {
    private Complaint() {}

    /** A wrong command line: what is wrong, and where the right one is described; not the whole description. */
    static int usage(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String command = line.getCommandSpec().qualifiedName();
        PrintWriter err = line.getErr();
        if (line.getParent() == null && args.length == 0) {
            line.usage(err); // nothing was said, so nothing is buried
            err.println(e.getMessage());
            return Main.USAGE;
        }
        String suggestions = "";
        if (e instanceof UnmatchedArgumentException u) {
            List<String> alike = u.getSuggestions();
            suggestions = alike.isEmpty() ? "" : "; did you mean " + String.join(", ", alike) + "?";
        }
        err.println(command + ": " + oneLine(e.getMessage()) + suggestions + " (see " + command + " --help)");
        return Main.USAGE;
    }

    /** An error of the kind that happens is one line that says what was wrong; a defect of ours shows where. */
    static int failure(Exception e, CommandLine line, CommandLine.ParseResult result) {
        PrintWriter err = line.getErr();
        String command = line.getCommandSpec().qualifiedName();
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof LinkGoneException) { // under whatever calls it ended
                err.println(command + ": " + oneLine(t.getMessage()));
                return Main.FAILED;
            }
        }
        switch (e) {
            case IOException f -> err.println(command + ": " + oneLine(said(f)));
            case UncheckedIOException f -> {
                IOException cause = f.getCause();
                err.println(command + ": " + oneLine(cause == null ? f.getMessage() : said(cause)));
            }
            case SystemCallException f -> err.println(command + ": " + oneLine(f.getMessage()));
            case Failure f when f.isSaid() -> {
                // only the status is left
            }
            case Failure f -> err.println(command + ": " + f.getMessage());
            case ErrnoException f -> err.println(command + ": " + f.getMessage());
            case IllegalArgumentException f -> err.println(command + ": " + oneLine(f.getMessage()));
            default -> e.printStackTrace(err);
        }
        return Main.FAILED;
    }

    /** What an exception about a file says; the library's messages are often nothing but the file's name. */
    static String said(IOException e) {
        return switch (e) {
            case NoSuchFileException f -> f.getFile() + ": there is no such file or directory";
            case AccessDeniedException f -> f.getFile() + ": permission denied";
            case FileAlreadyExistsException f -> f.getFile() + ": there is a file of that name";
            case NotDirectoryException f -> f.getFile() + ": is no directory";
            case CharacterCodingException _ -> "what was read is no text in UTF-8";
            case FileSystemException f when f.getReason() == null -> f.getFile() + ": " + f.getClass().getSimpleName();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    private static String oneLine(@Nullable String text) {
        return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
