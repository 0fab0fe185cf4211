package example.incidents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import sluice.virtual.Network;
import sluice.virtual.junit.Host;
import sluice.virtual.junit.Link;

/** "Cannot assign requested address": a connection for each statement, and every port waits in TIME_WAIT. JDBC. */
@Host(value = "app", sysctl = "net.ipv4.ip_local_port_range=32768 32867") // 100, where Linux has 28,232
@Link(between = {"app", "db"}, netem = "delay 1ms")
class PortExhaustionTest extends Incident {
    private static final int STATEMENTS = 300;

    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("db").start(Servers::postgres);
        net.host("app").run(() -> {
            int done = 0;
            Connection kept = connect();
            for (int i = 0; i < STATEMENTS; i++) {
                try {
                    Connection c = cured ? kept : connect();
                    c.createStatement().execute("SELECT 1");
                    if (!cured) {
                        c.close();
                    }
                    done++;
                } catch (SQLException e) {
                    System.out.print(i == done ? "  " + e.getMessage() + ": " + e.getCause() + "\n" : "");
                }
            }
            assertEquals(STATEMENTS, done, "statements that were done");
        });
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://db/shop?user=app");
    }
}
