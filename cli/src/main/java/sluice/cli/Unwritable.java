package sluice.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What is said of a file that cannot be written: the option, the file, the reason. */
public final class Unwritable {
    private Unwritable() {}

    /** One line. A full disk's exception does not name its file. */
    public static String text(String option, Path file, IOException e) {
        return option + " " + file + " cannot be written: " + reason(e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
