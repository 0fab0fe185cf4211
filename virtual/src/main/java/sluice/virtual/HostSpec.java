package sluice.virtual;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.core.Settings;
import sluice.wire.IpAddress;

/** What a host shall be. */
public final class HostSpec {
    private static final Duration NAME_CACHE = Duration.ofSeconds(30);
    private static final Duration NEGATIVE_NAME_CACHE = Duration.ofSeconds(10);

    private final String name;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable IpAddress v4;
    private @Nullable IpAddress v6;
    private boolean ipv6;
    private boolean router;
    private volatile Duration nameCache = NAME_CACHE;
    private Duration negativeNameCache = NEGATIVE_NAME_CACHE;

    HostSpec(String name) {
        this.name = name;
    }

    /** An IPv4 or IPv6 address of its own choice; one of each may be given. Otherwise 10.0.0.n and fd00::n. */
    public HostSpec address(String address) {
        IpAddress a = IpAddress.parse(address);
        if (a.isV4()) {
            v4 = a;
        } else {
            v6 = a;
        }
        return this;
    }

    /** Its name has its IPv6 address too, after the IPv4 one; both addresses work in any case. */
    public HostSpec ipv6() {
        ipv6 = true;
        return this;
    }

    /** Forwards packets between its links. */
    public HostSpec router() {
        router = true;
        return this;
    }

    /** A setting of its stack, as {@code sysctl -w} has it: "net.ipv4.tcp_retries2", "8". */
    public HostSpec sysctl(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /**
     * How long its program's JVM keeps what a name was found to be: {@code networkaddress.cache.ttl}, 30 s when not
     * given, as the JDK's default.
     */
    public HostSpec nameCache(Duration ttl) {
        nameCache = ttl;
        return this;
    }

    /** The same for names that were not found: {@code networkaddress.cache.negative.ttl}, 10 s when not given. */
    public HostSpec negativeNameCache(Duration ttl) {
        negativeNameCache = ttl;
        return this;
    }

    String name() {
        return name;
    }

    @Nullable IpAddress v4() {
        return v4;
    }

    @Nullable IpAddress v6() {
        return v6;
    }

    boolean hasIpv6Name() {
        return ipv6;
    }

    boolean isRouter() {
        return router;
    }

    Duration nameCacheTtl() {
        return nameCache;
    }

    Duration negativeNameCacheTtl() {
        return negativeNameCache;
    }

    void applyTo(Settings to) {
        settings.forEach(to::set);
    }
}
