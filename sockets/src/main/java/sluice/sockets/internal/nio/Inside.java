package sluice.sockets.internal.nio;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.base.ErrnoException;

/** Calls that go inside the host for one step, and whose errors become those of the JDK. */
final class Inside {
    private Inside() {}

    /** A step with a result. */
    interface Call<T> {
        T run() throws IOException;
    }

    /** A step with a result, or none. */
    interface Question<T> {
        @Nullable T run() throws IOException;
    }

    /** A step without one. */
    interface Step {
        void run() throws IOException;
    }

    static <T> @Nullable T ask(ChannelEnd end, Question<T> question) throws IOException {
        end.enter();
        try {
            return question.run();
        } catch (ErrnoException e) {
            throw Failures.call(e);
        } catch (RuntimeException e) {
            throw Failures.unexpected(end.access, e);
        } finally {
            end.access.exit();
        }
    }

    static <T> T call(ChannelEnd end, Call<T> call) throws IOException {
        return Objects.requireNonNull(ask(end, call::run));
    }

    static void run(ChannelEnd end, Step step) throws IOException {
        ask(end, () -> {
            step.run();
            return null;
        });
    }
}
