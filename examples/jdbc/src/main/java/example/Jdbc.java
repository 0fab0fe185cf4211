package example;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import sluice.core.HostConfig;
import sluice.engine.Stack;
import sluice.engine.SystemEntropy;
import sluice.link.linux.InterfaceSetup;
import sluice.link.linux.LinuxWaiter;
import sluice.link.linux.NetworkNamespace;
import sluice.link.linux.TunDevice;
import sluice.link.linux.TunOptions;
import sluice.sockets.ThreadSocketFactory;
import sluice.wire.IpAddress;

/**
 * Asks a PostgreSQL of the kernel's side a question: {@code Jdbc jdbc:postgresql://10.99.0.1/postgres USER}. The driver
 * gets its sockets by the name of a class; which stack they are of is said by the thread.
 */
public final class Jdbc {
    private Jdbc() {}

    public static void main(String[] args) throws Exception {
        TunDevice tun = TunDevice.open(TunOptions.tun("sluice0"));
        InterfaceSetup.of("sluice0").address("10.99.0.1/24").apply(NetworkNamespace.current());
        try (Stack stack = Stack.builder(HostConfig.builder(new SystemEntropy()).build()).link("tun0", tun)
                .waiter(new LinuxWaiter(tun)).address("tun0", IpAddress.parse("10.99.0.2"), 24).start()) {
            Properties properties = new Properties();
            properties.setProperty("user", args[1]);
            properties.setProperty("socketFactory", ThreadSocketFactory.class.getName());
            System.out.println("the server sees " + stack.call(() -> clientAddress(args[0], properties)));
        }
    }

    private static String clientAddress(String url, Properties properties) throws Exception {
        try (Connection c = DriverManager.getConnection(url, properties);
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select host(inet_client_addr())")) {
            r.next();
            return r.getString(1);
        }
    }
}
