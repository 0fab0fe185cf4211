package sluice.link;

/**
 * What a {@link Netem} did so far, in wire packets.
 *
 * @param received packets given to it
 * @param passed packets it gave on, duplicates included
 * @param passedBytes their bytes
 * @param lost packets dropped by the loss model
 * @param marked packets marked by ECN instead
 * @param duplicated copies made
 * @param corrupted packets with a bit flipped
 * @param reordered packets sent at once before delayed ones
 * @param overlimit packets dropped because the queue was full
 * @param queued packets held now
 */
public record NetemStatistics(long received, long passed, long passedBytes, long lost, long marked, long duplicated,
        long corrupted, long reordered,
        long overlimit,
        long queued) {}
