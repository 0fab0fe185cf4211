package sluice.link.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code ip} and other tools in the calling thread's namespace (a child inherits it from the thread that starts
 * it).
 */
final class IpTool {
    private static final long TIMEOUT_SECONDS = 30;

    private IpTool() {}

    static String run(List<String> arguments) {
        List<String> command = new ArrayList<>(arguments.size() + 1);
        command.add("ip");
        command.addAll(arguments);
        return execute(command, null);
    }

    /** Several {@code ip} commands in one process; stops at the first that fails. */
    static String batch(List<String> lines) {
        return execute(List.of("ip", "-batch", "-"), String.join("\n", lines) + "\n");
    }

    static String execute(List<String> command, @Nullable String input) {
        String shown = String.join(" ", command);
        try {
            Process process = new ProcessBuilder(command).start();
            try (OutputStream stdin = process.getOutputStream()) {
                if (input != null) {
                    stdin.write(input.getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // The tool ended before reading everything: its exit status and text tell why.
            }
            StringBuilder errors = new StringBuilder();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    errors.append(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    errors.append(e);
                }
            });
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new SystemCallException(shown, "did not end within " + TIMEOUT_SECONDS + " s");
            }
            reader.join();
            if (process.exitValue() != 0) {
                String said = (errors + (errors.isEmpty() ? output : "")).strip();
                throw new SystemCallException(
                        shown + (input == null ? "" : " (" + input.strip().replace("\n", "; ") + ")"),
                        "exit status " + process.exitValue() + ": " + said);
            }
            return output;
        } catch (IOException e) {
            throw new SystemCallException(shown,
                    e.getMessage() + (command.getFirst().equals("ip")
                            ? ". The tool \"ip\" is needed: install the package iproute2" : ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + shown, e);
        }
    }
}
