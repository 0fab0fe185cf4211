package sluice.sockets.names;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/** What a hosts file says ({@code hosts(5)}): names without a server. Immutable. */
public final class HostsFile {
    /** The file of a host that knows only itself: localhost, 127.0.0.1 and ::1. */
    public static final HostsFile LOCALHOST = parse("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");

    private final Map<String, List<IpAddress>> byName = new HashMap<>();
    private final Map<IpAddress, String> byAddress = new HashMap<>();

    private HostsFile() {}

    /**
     * Reads the text of a hosts file: an address, its name, aliases; # begins a comment. Lines that are not understood
     * are passed over, addresses with a zone too.
     */
    public static HostsFile parse(String text) {
        HostsFile file = new HostsFile();
        for (String line : text.split("\n")) {
            int comment = line.indexOf('#');
            String[] words = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
            IpAddress address = words.length < 2 ? null : ResolvConf.address(words[0]);
            if (address == null) {
                continue;
            }
            file.byAddress.putIfAbsent(address, words[1]);
            for (int i = 1; i < words.length; i++) {
                List<IpAddress> all = file.byName.computeIfAbsent(key(words[i]), k -> new ArrayList<>());
                if (!all.contains(address)) {
                    all.add(address);
                }
            }
        }
        return file;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The addresses of a name or alias, whatever its case, in the order of the lines; empty when it is not there. */
    public List<IpAddress> addresses(String name) {
        return List.copyOf(byName.getOrDefault(key(name), List.of()));
    }

    /** The name on the first line of an address; null when there is none. */
    public @Nullable String name(IpAddress address) {
        return byAddress.get(address);
    }
}
