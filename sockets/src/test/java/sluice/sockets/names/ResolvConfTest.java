package sluice.sockets.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.sockets.names.ResolvOptions.Flag;
import sluice.wire.IpAddress;

/** {@code resolv.conf} as glibc reads it. */
class ResolvConfTest {
    @Test
    void aWholeFile() {
        ResolvConf c = ResolvConf.parse("""
                # made by hand
                ; nameserver 192.0.2.9
                domain old.test
                search  one.test\ttwo.test  .
                 nameserver 192.0.2.8
                nameserver 192.0.2.1
                nameserver\t2001:db8::53
                nameserver not-an-address
                nameserver fe80::1%eth0
                nameserver
                sortlist 10.0.0.0
                options ndots:2 timeout:4 unknown unknown:3
                options attempts:3 rotate single-request-reopen
                options use-vc edns0 no-aaaa no_tld_query trust-ad
                """);
        assertThat(c.servers()).containsExactly(new ResolvConf.Server(IpAddress.parse("192.0.2.1"), 53),
                new ResolvConf.Server(IpAddress.parse("2001:db8::53"), 53));
        assertThat(c.search()).containsExactly("one.test", "two.test", ".");
        ResolvOptions o = c.options();
        assertThat(List.of(o.ndots(), o.timeoutSeconds(), o.attempts())).containsExactly(2, 4, 3);
        assertThat(o.flags()).containsExactlyInAnyOrder(Flag.ROTATE, Flag.SINGLE_REQUEST_REOPEN, Flag.USE_VC,
                Flag.EDNS0, Flag.NO_AAAA, Flag.NO_TLD_QUERY);
    }

    @Test
    void nothingAndTooMuch() {
        ResolvConf none = ResolvConf.parse("");
        assertThat(none.servers()).containsExactly(new ResolvConf.Server(IpAddress.LOOPBACK_V4));
        assertThat(none.options()).isEqualTo(new ResolvOptions(1, 5, 2, java.util.Set.of()));
        assertThat(none.search()).isEmpty();
        ResolvConf much = ResolvConf.parse("nameserver 10.0.0.1\n".repeat(5) + "search a\ndomain b\n"
                + "options ndots:99 timeout:99 attempts:99\r\n");
        assertThat(much.servers()).hasSize(3);
        assertThat(much.search()).containsExactly("b");
        assertThat(much.options()).isEqualTo(new ResolvOptions(15, 30, 5, java.util.Set.of()));
        assertThat(ResolvOptions.DEFAULT.with("ndots:x timeout: attempts:0 ndots:99999999999"))
                .isEqualTo(new ResolvOptions(15, 1, 1, java.util.Set.of()));
        assertThat(ResolvOptions.DEFAULT.with("ndots:0").ndots()).isZero();
        assertThat(ResolvConf.of(IpAddress.LOOPBACK_V6).servers()).hasSize(1);
    }
}
