package sluice.sockets.names;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.net.UnknownHostException;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import sluice.base.Entropy;
import sluice.engine.HostAccess;
import sluice.sim.SimHost;
import sluice.sim.SimLink;
import sluice.sim.World;
import sluice.sockets.VirtualHosts;
import sluice.wire.IpAddress;

/** A host in virtual time and two servers that a test scripts, 50 ms away each. */
abstract class ScriptedNames {
    static final Offset<Double> SOON = within(1.0);

    final World world = new World(53);
    final SimHost client = world.host("client");
    final SimLink link;
    final ScriptedServer first;
    final ScriptedServer second;
    final HostAccess access = new VirtualHosts(world).access(client);
    Names names;

    ScriptedNames() {
        SimHost a = world.host("first");
        SimHost b = world.host("second");
        link = world.link(client, a).delayMs(50);
        world.link(client, b).delayMs(50);
        first = new ScriptedServer(a).zone("host.test", "192.0.2.1", "fd00::1:1").zone("four.test", "192.0.2.4");
        second = new ScriptedServer(b).zone("host.test", "192.0.2.2").zone("only.second.test", "192.0.2.9");
    }

    @AfterEach
    void close() {
        if (names != null) {
            names.close();
        }
    }

    Names names(String conf) {
        return names(conf, HostsFile.LOCALHOST);
    }

    Names names(String conf, HostsFile hosts) {
        String text = conf.replace("FIRST", "nameserver " + first.host.address() + "\n").replace("SECOND",
                "nameserver " + second.host.address() + "\n");
        names = Names.start(access, ResolvConf.parse(text), hosts, Entropy.seeded(7));
        return names;
    }

    List<String> lookup(String host) throws UnknownHostException {
        return names.addresses(host).stream().map(IpAddress::toString).toList();
    }

    void fails(String host, String text) {
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> lookup(host))
                .withMessage(host + ": " + text);
    }

    void notThere(String host) {
        fails(host, "Name or service not known");
    }

    void later(String host) {
        fails(host, "Temporary failure in name resolution");
    }
}
