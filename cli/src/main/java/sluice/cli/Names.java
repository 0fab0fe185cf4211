package sluice.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.Model.CommandSpec;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/** Hosts as users write them: addresses, or names, for which this machine's resolver is asked. */
final class Names {
    private Names() {}

    /**
     * The address of a host.
     *
     * @param spec the command whose parameter it is: what looks like an address and is none is a usage error
     * @param what the parameter's name
     */
    static IpAddress resolve(CommandSpec spec, String what, String host) {
        String text = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (text.indexOf(':') >= 0 || text.matches("[0-9.]+")) {
            return Limits.parse(spec, what, text, IpAddress::parse);
        }
        try {
            return Addresses.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            throw new Failure(what + " \"" + host + "\": this machine knows no host of that name");
        }
    }
}
