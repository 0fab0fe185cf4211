package sluice.sockets.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import sluice.sockets.Addresses;
import sluice.wire.IpAddress;

/** A host's names in {@code java.net}'s form. */
final class StackResolver implements InetAddressResolver {
    private final Names names;

    StackResolver(Names names) {
        this.names = names;
    }

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
        int wanted = policy.characteristics();
        List<IpAddress> found = names.addresses(host, (wanted & LookupPolicy.IPV4) != 0,
                (wanted & LookupPolicy.IPV6) != 0);
        Comparator<IpAddress> v4First = Comparator.comparing(a -> !a.isV4());
        if ((wanted & LookupPolicy.IPV4_FIRST) != 0) {
            found = found.stream().sorted(v4First).toList();
        } else if ((wanted & LookupPolicy.IPV6_FIRST) != 0) {
            found = found.stream().sorted(v4First.reversed()).toList();
        }
        List<InetAddress> named = new ArrayList<>();
        for (IpAddress a : found) {
            named.add(InetAddress.getByAddress(host, Addresses.toInet(a).getAddress()));
        }
        return named.stream();
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        Objects.requireNonNull(address);
        InetAddress a;
        try {
            a = InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Invalid address length", e);
        }
        return names.nameOf(Addresses.of(a));
    }
}
