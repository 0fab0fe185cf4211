package sluice.sockets.names;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/**
 * What a {@code resolv.conf} says: whom to ask, and for what. Immutable.
 *
 * @param servers the servers in the order of asking, at most {@link #MAX_SERVERS}
 * @param search the domains that names are completed with
 * @param options how to ask
 */
public record ResolvConf(List<Server> servers, List<String> search, ResolvOptions options) {
    /** Servers that are asked; those behind them are passed over, as in glibc. */
    public static final int MAX_SERVERS = 3;
    /** Domains of the search list that are used. */
    public static final int MAX_SEARCH = 32;

    /**
     * A server.
     *
     * @param port 1…65535
     */
    public record Server(IpAddress address, int port) {
        /** DNS's port. */
        public static final int PORT = 53;

        /** The server at this address's port 53. */
        public Server(IpAddress address) {
            this(address, PORT);
        }
    }

    /** Copies the lists, up to their bounds. */
    public ResolvConf {
        servers = List.copyOf(servers.subList(0, Math.min(servers.size(), MAX_SERVERS)));
        search = List.copyOf(search.subList(0, Math.min(search.size(), MAX_SEARCH)));
    }

    /** No servers: only the hosts file has names. */
    public static ResolvConf none() {
        return new ResolvConf(List.of(), List.of(), ResolvOptions.DEFAULT);
    }

    /** These servers, with default options. */
    public static ResolvConf of(IpAddress... servers) {
        List<Server> list = new ArrayList<>();
        for (IpAddress a : servers) {
            list.add(new Server(a));
        }
        return new ResolvConf(list, List.of(), ResolvOptions.DEFAULT);
    }

    /**
     * Reads the text of a {@code resolv.conf} as glibc does: the last {@code search} or {@code domain} holds; options
     * of several lines add up; lines that are not understood are passed over, addresses with a zone too (the stack's
     * have none). Without a {@code nameserver} it is 127.0.0.1; unlike glibc, no search list is made of the host's own
     * name.
     */
    public static ResolvConf parse(String text) {
        List<Server> servers = new ArrayList<>();
        List<String> search = List.of();
        ResolvOptions options = ResolvOptions.DEFAULT;
        for (String line : text.split("\n")) {
            String[] words = line.strip().split("[ \t]+");
            if (line.isEmpty() || !Character.isLetter(line.charAt(0)) || words.length < 2) {
                continue; // comments, and keywords that do not begin the line
            }
            switch (words[0]) {
                case "nameserver" -> {
                    IpAddress address = address(words[1]);
                    if (address != null) {
                        servers.add(new Server(address));
                    }
                }
                case "domain" -> search = List.of(words[1]);
                case "search" -> search = List.of(words).subList(1, words.length);
                case "options" -> options = options.with(line.strip().substring("options".length()));
                default -> {
                    // sortlist and what is to come
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new Server(IpAddress.LOOPBACK_V4));
        }
        return new ResolvConf(servers, search, options);
    }

    /** An address as text; null when it is none. */
    static @Nullable IpAddress address(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException no) {
            return null;
        }
    }
}
