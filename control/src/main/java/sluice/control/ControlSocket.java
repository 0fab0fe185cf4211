package sluice.control;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.engine.Stack;
import sluice.engine.StackExtension;

/**
 * Lets {@code sluice ss}, {@code netstat}, {@code nstat} and {@code sysctl} look into a program's stack:
 *
 * <pre>{@code
 * Stack.builder(config).link("tun0", tun).with(new ControlSocket("my proxy")).start()
 * }</pre>
 *
 * <p>Only this user can open the socket (directory 0700, socket 0600); it is there while the stack runs. One object
 * serves one stack.
 */
public final class ControlSocket implements StackExtension {
    private static final System.Logger LOG = System.getLogger(ControlSocket.class.getName());
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(10);

    private final String title;
    private @Nullable Path path;
    private ControlPaths paths = ControlPaths.ofUser();
    private @Nullable Consumer<String> onFailure;
    private Duration idleLimit = IDLE_LIMIT;
    private volatile @Nullable ControlServer server;

    /** A socket where the commands look; {@code title} is what the program calls itself there. */
    public ControlSocket(String title) {
        this.title = title;
    }

    /** Puts the socket there instead; the commands find it with {@code --control}. Null: where they look. */
    public ControlSocket at(@Nullable Path socket) {
        path = socket;
        return this;
    }

    /**
     * Who is told, in words, that there can be no socket; what it throws keeps the stack from starting. When not given,
     * a path that was asked for must work ({@link IllegalArgumentException}), and that the usual place cannot be used
     * is logged: the program goes on without.
     */
    public ControlSocket onFailure(Consumer<String> told) {
        onFailure = told;
        return this;
    }

    /** Looks for the usual place there. */
    ControlSocket in(ControlPaths places) {
        paths = places;
        return this;
    }

    /** How long a client may take for its next request. */
    ControlSocket idleLimit(Duration limit) {
        idleLimit = limit;
        return this;
    }

    @Override
    public void start(Stack stack) {
        if (server != null) {
            throw new IllegalStateException("a control socket serves one stack");
        }
        Path asked = path;
        try {
            server = ControlServer.open(asked == null ? paths.free() : asked, new ControlCommands(stack, title),
                    idleLimit);
        } catch (IOException | UnsupportedOperationException e) {
            fail(asked, String.valueOf(e.getMessage()));
        }
    }

    private void fail(@Nullable Path asked, String reason) {
        Consumer<String> told = onFailure;
        if (told != null) {
            told.accept(reason);
        } else if (asked != null) {
            throw new IllegalArgumentException("control socket " + asked + ": " + reason);
        } else {
            LOG.log(Level.WARNING, "no control socket, so ss and the others will not find this process: " + reason);
        }
    }

    /** Where it listens; null before the stack runs, and when there can be no socket. */
    public @Nullable Path path() {
        ControlServer s = server;
        return s == null ? null : s.path();
    }

    /** Stops answering and removes the socket; the stack does this when it is closed. */
    @Override
    public void close() {
        ControlServer s = server;
        if (s != null) {
            s.close();
        }
    }
}
