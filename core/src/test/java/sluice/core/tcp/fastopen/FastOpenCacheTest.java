package sluice.core.tcp.fastopen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sluice.wire.IpAddress;

/** What a client remembers of servers is bounded. */
class FastOpenCacheTest {
    private static final IpAddress OWN = IpAddress.parse("10.0.0.2");

    @Test
    void theServerUsedLongestAgoIsForgottenFirst() {
        FastOpenCache cache = new FastOpenCache();
        for (int i = 0; i < 5000; i++) {
            cache.store(OWN, IpAddress.ofV4(0x0b000000 + i), 1000 + i, null);
            assertThat(cache.find(OWN, IpAddress.ofV4(0x0b000000))).as("used each time").isNotNull();
        }
        assertThat(cache.size()).isEqualTo(FastOpenCache.MAX_ENTRIES);
        assertThat(cache.find(OWN, IpAddress.ofV4(0x0b000001))).isNull();
        assertThat(cache.find(OWN, IpAddress.ofV4(0x0b000000 + 4999))).isNotNull();
    }
}
