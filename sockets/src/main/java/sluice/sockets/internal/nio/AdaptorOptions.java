package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Objects;

/** Options of an adaptor ({@code channel.socket()}), which are its channel's, and throw as a socket's do. */
final class AdaptorOptions {
    private AdaptorOptions() {}

    static <T> void set(NetworkChannel channel, SocketOption<T> name, T value) throws SocketException {
        try {
            channel.setOption(name, value);
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }

    static <T> T get(NetworkChannel channel, SocketOption<T> name) throws SocketException {
        try {
            return Objects.requireNonNull(channel.getOption(name));
        } catch (IOException e) {
            throw Failures.ofSocket(e);
        }
    }
}
