package sluice.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/** Hosts as users write them: addresses, or names, for which this machine's resolver is asked. */
final class Names {
    private Names() {}

    static IpAddress resolve(String host) {
        String text = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (text.indexOf(':') >= 0 || text.matches("[0-9.]+")) {
            try {
                return IpAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new Failure("\"" + host + "\" is not an address: " + e.getMessage());
            }
        }
        try {
            return Addresses.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            throw new Failure("this machine knows no host \"" + host + "\"");
        }
    }
}
