package sluice.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.SystemCallException;
import sluice.link.linux.TunOptions;
import sluice.observe.print.SysctlPrinter;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** The options of every command that runs a stack on a TUN device. */
final class StackOptions {
    private static final int MIN_MTU = 576;
    private static final int MAX_MTU = 65_535;
    private static final int MIN_MTU_V6 = 1280;
    private static final String DEFAULT_TUN = "sluice%d";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Option(names = "--tun", paramLabel = "NAME",
            description = "Name of the TUN device (default: sluice and a number).")
    String tun = DEFAULT_TUN;

    @Option(names = "--tap", description = "Make it a TAP device: Ethernet frames, ARP and neighbour discovery.")
    boolean tap;

    @Option(names = "--tun-existing",
            description = "The device exists and has its addresses: open it and leave its configuration alone.")
    boolean existing;

    @Option(names = "--address", paramLabel = "A/LEN",
            description = "Our address; repeatable (default: 10.99.0.2/24 and fd99::2/64).")
    List<Prefix> addresses = new ArrayList<>();

    @Option(names = "--peer-address", paramLabel = "A/LEN",
            description = "The kernel's address at the other end of the device; repeatable (default: 10.99.0.1/24 and "
                    + "fd99::1/64).")
    List<Prefix> peers = new ArrayList<>();

    @Option(names = "--gateway", paramLabel = "A",
            description = "Our default router; repeatable (default: the kernel's addresses).")
    List<IpAddress> gateways = new ArrayList<>();

    @Option(names = "--mtu", paramLabel = "N",
            description = "Largest IP packet, 576 to 65535 bytes (default: 1500; below 1280 there is no IPv6).")
    int mtu = 1500;

    @Option(names = "--netns", paramLabel = "NAME",
            description = "Open the device inside this network namespace (a name, or a process id).")
    @Nullable String netns;

    @Option(names = "--no-offload",
            description = "No super-segments and no checksum offload: one packet of the MTU for each system call (and "
                    + "sluice.tcp_push_all=1).")
    boolean noOffload;

    @Option(names = "--queues", paramLabel = "N", description = "Queues of the device (this version: 1).")
    int queues = 1;

    @Option(names = "--set", paramLabel = "NAME=VALUE",
            description = "Change a setting; repeatable. \"sluice sysctl -a\" lists those of a running stack.")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--capture", paramLabel = "FILE", description = "Write every packet to this pcapng file.")
    @Nullable Path capture;

    @Option(names = "--qlog", paramLabel = "FILE",
            description = "Write what the stack decides about its connections to this qlog file (JSON text sequences).")
    @Nullable Path qlog;

    @Option(names = "--control", paramLabel = "PATH",
            description = "Path of the control socket (default: by process id, where ss and the others look).")
    @Nullable Path control;

    /** Our addresses after defaults. */
    List<Prefix> effectiveAddresses() {
        return addresses.isEmpty() ? defaults("10.99.0.2/24", "fd99::2/64") : addresses;
    }

    /** The kernel's addresses after defaults. */
    List<Prefix> effectivePeers() {
        return existing || !peers.isEmpty() ? peers : defaults("10.99.0.1/24", "fd99::1/64");
    }

    /** Our routers after defaults. */
    List<IpAddress> effectiveGateways() {
        return gateways.isEmpty() ? effectivePeers().stream().map(Prefix::address).toList() : gateways;
    }

    private List<Prefix> defaults(String v4, String v6) {
        return mtu < MIN_MTU_V6 ? List.of(Prefix.parse(v4)) : List.of(Prefix.parse(v4), Prefix.parse(v6));
    }

    /** The settings; a wrong one is a usage error. */
    Settings settings() {
        Settings settings = new Settings();
        if (noOffload) {
            settings.set(Setting.TCP_PUSH_ALL, 1);
        }
        set.forEach((name, value) -> {
            try {
                settings.set(name, value);
                if (!Settings.find(name).hasEffect()) {
                    spec.commandLine().getErr().println("sluice: --set: " + SysctlPrinter.warning(Settings.find(name)));
                }
            } catch (IllegalArgumentException e) {
                throw usage("--set: " + e.getMessage());
            }
        });
        return settings;
    }

    /** Complains about what does not fit together. */
    void check() {
        Limits.within(spec, "--mtu", mtu, MIN_MTU, MAX_MTU);
        Limits.parse(spec, "--tun", tun, TunOptions::tun);
        if (existing && tun.equals(DEFAULT_TUN)) {
            throw usage("--tun-existing wants the name of the device: --tun NAME");
        }
        if (queues != 1) {
            throw usage("--queues " + queues + ": this version runs one shard, so there is one queue");
        }
        if (mtu < MIN_MTU_V6 && effectiveAddresses().stream().anyMatch(a -> !a.address().isV4())) {
            throw usage("--mtu " + mtu + " is too small for IPv6, which needs 1280: leave the IPv6 addresses out");
        }
        addresses.forEach(a -> checkHost("--address", a));
        peers.forEach(a -> checkHost("--peer-address", a));
        for (Prefix peer : effectivePeers()) {
            for (Prefix ours : effectiveAddresses()) {
                if (ours.address().equals(peer.address())) {
                    throw usage("--address and --peer-address are both " + ours.address()
                            + ": the two ends need addresses of their own");
                }
            }
        }
        Limits.output(spec, "--capture", capture);
        Limits.output(spec, "--control", control);
        settings();
        namespace();
    }

    private void checkHost(String option, Prefix given) {
        IpAddress a = given.address();
        String kind = a.isAny() ? "no address" : a.isMulticast() ? "a group" : a.isLoopback() ? "a loopback address"
                : a.isLimitedBroadcast() || a.equals(given.broadcast()) ? "a broadcast address" : "";
        if (!kind.isEmpty()) {
            throw usage(option + " " + given + " is " + kind + ", and one of a host is wanted, such as 10.99.0.2/24");
        }
    }

    /** Where the device is to be; one that does not exist is a usage error. */
    NetworkNamespace namespace() {
        String name = netns;
        if (name == null) {
            return NetworkNamespace.current();
        }
        try {
            return NetworkNamespace.of(name);
        } catch (SystemCallException | IllegalArgumentException e) {
            throw usage("--netns: " + e.getMessage());
        }
    }

    /**
     * Looks whether what is asked for fits beside what the kernel has: a {@link Failure} names the interface that is in
     * the way, or that is missing.
     */
    void checkKernel(NetworkNamespace namespace) {
        if (existing) {
            if (!KernelInterfaces.exists(namespace, tun)) {
                throw new Failure("--tun-existing --tun " + tun + ": there is no interface " + tun + ": make it (ip "
                        + "tuntap add " + tun + " mode " + (tap ? "tap" : "tun") + ") or leave --tun-existing out");
            }
            return;
        }
        List<KernelInterfaces.Route> routes = KernelInterfaces.routes(namespace);
        for (Prefix peer : effectivePeers()) {
            for (Prefix ours : effectiveAddresses()) {
                KernelInterfaces.Route other = KernelInterfaces.taken(routes, ours.address(), peer.length());
                if (other != null && peer.contains(ours.address()) && !other.device().equals(tun)) {
                    throw new Failure(other.to() + " is already on " + other.device()
                            + ", so the kernel would not find " + ours.address()
                            + " here: choose others with --address and --peer-address");
                }
            }
        }
    }

    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
