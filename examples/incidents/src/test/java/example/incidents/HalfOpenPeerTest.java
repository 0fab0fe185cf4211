package example.incidents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;

/** The database's machine lost power, and a statement hangs for a quarter of an hour. PostgreSQL's JDBC driver. */
@Link(between = {"app", "db"}, netem = "delay 1ms")
class HalfOpenPeerTest extends Incident {
    @Override
    void holds(Network net, boolean cured) throws Exception {
        net.host("db").start(Servers::postgres);
        net.host("app").run(() -> {
            String url = "jdbc:postgresql://db/shop?user=app" + (cured ? "&socketTimeout=30" : "");
            Connection c = DriverManager.getConnection(url);
            c.createStatement().execute("SELECT 1");
            net.host("db").crash();
            double took = seconds(net, () -> statement(c));
            assertTrue(took < 60, "a statement on a dead database fails within a minute, not after " + took + " s");
        });
    }

    private static void statement(Connection c) throws SQLException {
        c.createStatement().execute("SELECT 1");
    }
}
