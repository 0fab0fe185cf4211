package sluice.core.icmp;

import org.jspecify.annotations.Nullable;
import sluice.wire.IpAddress;

/**
 * An answer to a ping.
 *
 * @param from who answered; for an error the destination that was asked
 * @param seq number of the request, 0…65535
 * @param bytes of the ICMP message, header included
 * @param rttNs time from request to answer, nanoseconds; -1 when the request is not remembered
 * @param ttl TTL or hop limit of the answer
 * @param duplicate whether that request was answered before
 * @param error what went wrong, in words; null for a good answer
 */
public record PingReply(IpAddress from, int seq, int bytes, long rttNs, int ttl, boolean duplicate,
        @Nullable String error) {}
