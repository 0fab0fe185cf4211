package sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sluice.sockets.JvmSelectorProvider;
import sluice.sockets.JvmSockets;
import sluice.sockets.SluiceAsynchronousProvider;

/**
 * The agent that {@code sluice exec} gives to a JVM, and {@code -javaagent:sluice-cli.jar="--address 10.99.0.2/24"} by
 * hand: before the program's main it starts a stack on a TUN device and makes it the JVM's default.
 */
public final class Agent {
    private Agent() {}

    /**
     * Called by the JVM.
     *
     * @param argument the flags of {@code serve} for the stack, with spaces between them, or "@" and a file with one in
     * each line
     */
    public static void premain(@Nullable String argument, Instrumentation jvm) throws IOException {
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        List<String> flags = argument == null || argument.isBlank() ? List.of()
                : argument.startsWith("@") ? Files.readAllLines(Path.of(argument.substring(1)))
                        : List.of(argument.trim().split("\\s+"));
        CommandLine line = new CommandLine(new Start(jvm)).setErr(err).setOut(err);
        Words.register(line);
        int status = line.setParameterExceptionHandler(Complaint::usage)
                .setExecutionExceptionHandler(Complaint::failure).execute(flags.toArray(String[]::new));
        if (status != Main.OK) {
            Runtime.getRuntime().halt(status); // it has been said; a program that reaches nothing is not begun
        }
    }

    @Command(name = "sluice exec")
    private static final class Start implements Callable<Integer> {
        private final Instrumentation jvm;

        @Mixin
        private StackOptions stackOptions = new StackOptions();

        @Mixin
        private NameOptions nameOptions = new NameOptions();

        Start(Instrumentation jvm) {
            this.jvm = jvm;
        }

        @Override
        public Integer call() throws IOException {
            jvm.redefineModule(Object.class.getModule(), Set.of(),
                    Map.of("sun.nio.ch", Set.of(JvmSelectorProvider.class.getModule())), Map.of(), Set.of(), Map.of());
            System.setProperty("java.nio.channels.spi.SelectorProvider", JvmSelectorProvider.class.getName());
            System.setProperty("java.nio.channels.spi.AsynchronousChannelProvider",
                    SluiceAsynchronousProvider.class.getName());
            RunningStack.Extras extras = new RunningStack.Extras();
            extras.title = "exec";
            extras.extensions = nameOptions.extensions();
            RunningStack running = RunningStack.start(stackOptions, extras);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "sluice-exec-close"));
            Thread.ofPlatform().daemon().name("sluice-exec-watch").start(() -> endWith(running));
            running.stack().makeDefault();
            JvmSockets.install();
            return Main.OK;
        }

        /** A program whose network is gone for good would wait for ever: it ends, and says why. */
        private static void endWith(RunningStack running) {
            try {
                running.awaitStop(new CountDownLatch(1));
            } catch (Failure e) {
                System.err.println("sluice exec: " + e.getMessage());
                System.exit(Main.FAILED);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
