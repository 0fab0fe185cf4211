package sluice.engine;

/**
 * What a shard's engine has counted since its start.
 *
 * @param backgroundTenures times the background thread took the lead
 * @param applicationTenures times an application thread took the lead
 * @param steals times an application thread asked the background thread for the lead
 * @param summons times the background thread was called to lead
 * @param sleeps times a leader found nothing to do and waited
 * @param listenerFailures exceptions out of readiness listeners
 * @param droppedAtFullLink packets lost because their link stayed full while others worked
 */
public record ShardStatistics(long backgroundTenures, long applicationTenures, long steals, long summons, long sleeps,
        long listenerFailures,
        long droppedAtFullLink) {}
