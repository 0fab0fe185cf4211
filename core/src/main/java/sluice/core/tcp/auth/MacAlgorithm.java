package sluice.core.tcp.auth;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.base.Rfc;

/**
 * The algorithms of TCP-AO: each is a key derivation function and a MAC. The names are those of Linux's {@code
 * tcp_ao_add.alg_name}.
 */
@Rfc(value = 5926, section = "2.1")
public enum MacAlgorithm {
    /** KDF_HMAC_SHA1 and HMAC-SHA-1-96: mandatory. */
    HMAC_SHA1("hmac(sha1)", "SHA-1", 20),
    /** KDF_AES_128_CMAC and AES-128-CMAC-96: mandatory. */
    AES_128_CMAC("cmac(aes128)", null, 16),
    /** As the first with SHA-256: not in RFC 5926, on Linux and routers. */
    HMAC_SHA256("hmac(sha256)", "SHA-256", 32);

    private final String linuxName;
    private final @Nullable String digest;
    private final int keyBytes;

    MacAlgorithm(String linuxName, @Nullable String digest, int keyBytes) {
        this.linuxName = linuxName;
        this.digest = digest;
        this.keyBytes = keyBytes;
    }

    /** Its name on Linux. */
    public String linuxName() {
        return linuxName;
    }

    /** Bytes of a traffic key, and of the MAC before it is truncated. */
    public int keyBytes() {
        return keyBytes;
    }

    /** The algorithm of this name ("cmac(aes)" too, which Linux also takes), or null. */
    public static @Nullable MacAlgorithm find(String name) {
        String wanted = name.equals("cmac(aes)") ? AES_128_CMAC.linuxName : name;
        return Arrays.stream(values()).filter(a -> a.linuxName.equals(wanted)).findFirst().orElse(null);
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(MacAlgorithm::linuxName).collect(Collectors.joining(", "));
    }

    /** The MAC with a traffic key, or with a master key for deriving. */
    KeyedMac keyed(Digests digests, byte[] key) {
        String name = digest;
        return name != null ? new Hmac(digests.get(name), key) : new AesCmac(key);
    }

    /**
     * The pseudorandom function that makes traffic keys of a master key; AES brings one of another length to 16 bytes
     * first (RFC 5926 section 3.1.1.2).
     */
    @Rfc(value = 5926, section = "3.1.1.2")
    KeyedMac derivation(Digests digests, byte[] masterKey) {
        if (digest != null || masterKey.length == AesCmac.LENGTH) {
            return keyed(digests, masterKey);
        }
        AesCmac zero = new AesCmac(new byte[AesCmac.LENGTH]);
        zero.update(masterKey, 0, masterKey.length);
        byte[] key = new byte[AesCmac.LENGTH];
        zero.finish(key);
        return new AesCmac(key);
    }
}
