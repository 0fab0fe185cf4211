package sluice.virtual.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import sluice.virtual.Network;
import sluice.virtual.junit.Link;
import sluice.virtual.junit.VirtualNetwork;

/** PostgreSQL's JDBC driver and a server that speaks its protocol, over a path that loses. */
@VirtualNetwork(stallLimitMs = 30_000) // classes are loaded meanwhile
@Link(between = {"app", "db"}, netem = "delay 25ms loss 2%")
class JdbcTest {
    private static final int STATEMENTS = 100;

    private static String ask(Connection c, String text) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select ?")) {
            s.setString(1, text);
            try (ResultSet r = s.executeQuery()) {
                assertThat(r.next()).isTrue();
                return r.getString(1);
            }
        }
    }

    @Test
    void aHundredStatements(Network net) throws Exception {
        net.host("db").start(PostgresServer::serve);
        Duration took = RealTime.underASecond("JDBC", net, "app", () -> {
            try (Connection c = DriverManager.getConnection("jdbc:postgresql://db/shop?user=app")) {
                for (int i = 0; i < STATEMENTS; i++) {
                    assertThat(ask(c, "row " + i)).isEqualTo("row " + i);
                }
            }
        });
        assertThat(took).isBetween(Duration.ofMillis(50 * STATEMENTS), Duration.ofMinutes(1));
        assertThat(net.host("app").retransmissions()).isNotEmpty();
    }

    @Test
    void aStatementHasATimeLimit(Network net) throws Exception {
        net.host("db").start(PostgresServer::serve);
        net.host("app").run(() -> {
            Connection c = DriverManager.getConnection("jdbc:postgresql://db/shop?user=app&socketTimeout=600");
            ask(c, "once");
            net.link("app", "db").cut();
            Duration before = net.elapsed();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ask(c, "lost"))
                    .withRootCauseInstanceOf(SocketTimeoutException.class);
            assertThat(net.elapsed().minus(before).toMillis() / 1e3).isCloseTo(600, within(0.1));
        });
    }
}
