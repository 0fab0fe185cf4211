package sluice.core.tcp.auth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Errno;
import sluice.base.ErrnoException;
import sluice.base.Rfc;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * The keys of one socket, for listeners, before connect, and on a live connection: what Linux's TCP_MD5SIG,
 * TCP_MD5SIG_EXT, TCP_AO_ADD_KEY, TCP_AO_DEL_KEY and TCP_AO_INFO set.
 *
 * <p>Of MD5 keys the longest matching prefix counts; TCP-AO keys may overlap as long as their KeyIDs differ, and newer
 * ones come first. At most {@link #MAX_KEYS} of each.
 */
@Rfc(value = 5925, section = "3.1")
@Rfc(value = 5925, section = "7.1")
public final class AuthenticationKeys {
    /** Bound for each kind of key on one socket. */
    public static final int MAX_KEYS = 1024;

    private final List<Md5Key> md5 = new ArrayList<>();
    private final List<AoKey> ao = new ArrayList<>();
    private @Nullable AoKey current;
    private @Nullable AoKey receiveNext;
    /** Unsigned segments are refused from everybody, also where no key matches (tcp_ao_info_opt.ao_required). */
    private boolean required;
    /** ICMP errors that RFC 5925 tells to ignore are believed (tcp_ao_info_opt.accept_icmps). */
    public boolean acceptIcmps;

    /** An independent copy. */
    public AuthenticationKeys copy() {
        AuthenticationKeys k = new AuthenticationKeys();
        k.md5.addAll(md5);
        k.ao.addAll(ao);
        k.current = current;
        k.receiveNext = receiveNext;
        k.required = required;
        k.acceptIcmps = acceptIcmps;
        return k;
    }

    /** A copy with the keys for one peer only: the MD5 key that counts, and all of TCP-AO. */
    AuthenticationKeys forPeer(IpAddress peer) {
        AuthenticationKeys k = copy();
        Md5Key best = md5For(peer.high(), peer.low());
        k.md5.clear();
        if (best != null) {
            k.md5.add(new Md5Key(Prefix.host(peer), best.key()));
        }
        k.ao.removeIf(a -> !a.peers().contains(peer));
        if (current != null && !k.ao.contains(current)) {
            k.current = null;
        }
        if (receiveNext != null && !k.ao.contains(receiveNext)) {
            k.receiveNext = null;
        }
        return k;
    }

    /** Takes over the TCP-AO keys of another set, and the choices it has made; EBUSY when a key in use is not there. */
    void become(AuthenticationKeys other) {
        AoKey sending = other.current != null ? other.current : current;
        AoKey asked = other.receiveNext != null ? other.receiveNext : receiveNext;
        if (!other.ao.contains(sending) || !other.ao.contains(asked)) {
            throw new ErrnoException(Errno.EBUSY, "the keys in use are not among the new ones");
        }
        ao.clear();
        ao.addAll(other.ao);
        current = sending;
        receiveNext = asked;
        required = other.required;
        acceptIcmps = other.acceptIcmps;
    }

    // --- MD5 ---

    /**
     * TCP_MD5SIG(_EXT): sets the key for these peers, or takes it away when {@code key} is empty.
     *
     * @throws ErrnoException EINVAL (key longer than 80 bytes), ENOENT (nothing to take away), EKEYREJECTED (they have
     * a TCP-AO key), ENOMEM
     */
    public void md5(Prefix peers, byte[] key) {
        if (key.length > Md5Key.MAX_KEY_BYTES) {
            throw new ErrnoException(Errno.EINVAL,
                    "an MD5 key has at most " + Md5Key.MAX_KEY_BYTES + " bytes, not " + key.length);
        }
        Prefix network = peers.network();
        if (key.length == 0) {
            if (!md5.removeIf(k -> k.peers().equals(network))) {
                throw new ErrnoException(Errno.ENOENT, "no MD5 key for " + network);
            }
            return;
        }
        if (required || aoFor(network.address(), -1, -1) != null) {
            throw new ErrnoException(Errno.EKEYREJECTED, network + " has a TCP-AO key");
        }
        md5.removeIf(k -> k.peers().equals(network));
        checkRoom(md5.size());
        md5.add(new Md5Key(network, key.clone()));
    }

    private static void checkRoom(int size) {
        if (size >= MAX_KEYS) {
            throw new ErrnoException(Errno.ENOMEM, "more than " + MAX_KEYS + " keys on one socket");
        }
    }

    /** The key for a peer, or null. */
    @Nullable Md5Key md5For(long high, long low) {
        Md5Key best = null;
        for (int i = 0; i < md5.size(); i++) {
            Md5Key k = md5.get(i);
            if (k.peers().contains(high, low) && (best == null || k.peers().length() > best.peers().length())) {
                best = k;
            }
        }
        return best;
    }

    // --- TCP-AO ---

    /**
     * TCP_AO_ADD_KEY.
     *
     * @throws ErrnoException EEXIST (one of the KeyIDs is in use for such peers), EKEYREJECTED (they have an MD5 key),
     * ENOMEM
     */
    @Rfc(value = 5925, section = "3.1")
    public void addAo(AoKey key) {
        if (md5For(key.peers().address().high(), key.peers().address().low()) != null) {
            throw new ErrnoException(Errno.EKEYREJECTED, key.peers() + " has an MD5 key");
        }
        for (AoKey k : ao) {
            if (overlap(k.peers(), key.peers()) && (k.sendId() == key.sendId() || k.receiveId() == key.receiveId())) {
                throw new ErrnoException(Errno.EEXIST, key + ": there is " + k);
            }
        }
        checkRoom(ao.size());
        ao.addFirst(key);
    }

    private static boolean overlap(Prefix a, Prefix b) {
        return a.length() <= b.length() ? a.contains(b.address()) : b.contains(a.address());
    }

    /**
     * TCP_AO_DEL_KEY.
     *
     * @throws ErrnoException ENOENT, or EBUSY when it is the current or the next key
     */
    public void deleteAo(Prefix peers, int sendId, int receiveId) {
        for (int i = 0; i < ao.size(); i++) {
            AoKey k = ao.get(i);
            if (k.sendId() == sendId && k.receiveId() == receiveId && k.peers().equals(peers)) {
                if (k == current || k == receiveNext) {
                    throw new ErrnoException(Errno.EBUSY, k + " is in use");
                }
                ao.remove(i);
                return;
            }
        }
        throw new ErrnoException(Errno.ENOENT,
                "no TCP-AO key for " + peers + " that sends " + sendId + " and receives " + receiveId);
    }

    /** The first key for a peer whose KeyIDs are these; -1 for any. */
    @Nullable AoKey aoFor(IpAddress peer, int sendId, int receiveId) {
        return aoFor(peer.high(), peer.low(), sendId, receiveId);
    }

    /** As above, with the address in halves. */
    @Nullable AoKey aoFor(long high, long low, int sendId, int receiveId) {
        for (int i = 0; i < ao.size(); i++) {
            AoKey k = ao.get(i);
            if ((sendId < 0 || k.sendId() == sendId) && (receiveId < 0 || k.receiveId() == receiveId)
                    && k.peers().contains(high, low)) {
                return k;
            }
        }
        return null;
    }

    /** The key of these KeyIDs whatever its peers; -1 for any. */
    private AoKey byId(int sendId, int receiveId) {
        for (AoKey k : ao) {
            if ((sendId < 0 || k.sendId() == sendId) && (receiveId < 0 || k.receiveId() == receiveId)) {
                return k;
            }
        }
        throw new ErrnoException(Errno.ENOENT,
                "no TCP-AO key that " + (sendId >= 0 ? "sends " + sendId : "receives " + receiveId));
    }

    /** The TCP-AO keys, newest first. */
    public List<AoKey> aoKeys() {
        return List.copyOf(ao);
    }

    /** The MD5 keys. */
    public List<Md5Key> md5Keys() {
        return List.copyOf(md5);
    }

    /** Whether there is no key at all and nothing is required. */
    public boolean isEmpty() {
        return md5.isEmpty() && ao.isEmpty() && !required;
    }

    /** Whether unsigned segments are refused from everybody. */
    public boolean required() {
        return required;
    }

    /** TCP_AO_INFO.ao_required; EKEYREJECTED while there are MD5 keys. */
    public void required(boolean on) {
        if (on && !md5.isEmpty()) {
            throw new ErrnoException(Errno.EKEYREJECTED, "TCP-AO cannot be required: there are MD5 keys");
        }
        required = on;
    }

    /** The key that signs what we send (current_key), once chosen. */
    public @Nullable AoKey current() {
        return current;
    }

    /** The key we ask the peer to use (rnext_key), once chosen. */
    public @Nullable AoKey receiveNext() {
        return receiveNext;
    }

    /** TCP_AO_INFO.set_current: from now on we sign with the key of this SendID; ENOENT. */
    @Rfc(value = 5925, section = "7.5.1")
    public void useToSend(int sendId) {
        current = byId(sendId, -1);
    }

    /** TCP_AO_INFO.set_rnext: asks the peer to sign with the key of this RecvID; ENOENT. */
    @Rfc(value = 5925, section = "7.5.1")
    public void askFor(int receiveId) {
        receiveNext = byId(-1, receiveId);
    }

    void choose(@Nullable AoKey sending, @Nullable AoKey asked) {
        AoKey first = ao.isEmpty() ? null : ao.getFirst();
        current = sending != null ? sending : first;
        receiveNext = asked != null ? asked : first;
    }

    void current(AoKey key) {
        current = key;
    }
}
