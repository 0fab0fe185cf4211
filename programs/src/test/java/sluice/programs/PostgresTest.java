package sluice.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import sluice.link.linux.NetworkNamespace;
import sluice.sockets.ThreadSocketFactory;

/** PostgreSQL's JDBC driver over a TUN device, with a PostgreSQL on the kernel's sockets. */
class PostgresTest {
    private static final int ROWS = 2000;
    private static final int WORKERS = 8;
    private static NetworkNamespace namespace;
    private static Postgres server;

    @BeforeAll
    static void start() throws Exception {
        Machine.requireDevices();
        Postgres.require();
        namespace = NetworkNamespace.createPrivate();
        server = new Postgres(namespace);
    }

    @AfterAll
    static void end() throws Exception {
        if (server != null) {
            server.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private static Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", Postgres.USER);
        properties.setProperty("socketFactory", ThreadSocketFactory.class.getName());
        return DriverManager.getConnection(Postgres.url(OverTun.KERNEL), properties);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "delay 1ms loss 2%"})
    void whatADatabaseIsFor(String path) throws Exception {
        try (OverTun over = new OverTun(namespace, path)) {
            over.stack.call(() -> {
                try (Connection c = connect()) {
                    batchesAndCursors(c);
                    copies(c);
                    aQueryIsCancelled(c);
                }
                manyAtATime();
                return null;
            });
        }
    }

    private static void batchesAndCursors(Connection c) throws SQLException {
        try (Statement s = c.createStatement()) {
            try (ResultSet r = s.executeQuery("select host(inet_client_addr())")) {
                assertThat(r.next()).isTrue();
                assertThat(r.getString(1)).isEqualTo(OverTun.OURS);
            }
            s.execute("drop table if exists rows");
            s.execute("create table rows (id int primary key, words text)");
        }
        c.setAutoCommit(false);
        try (PreparedStatement p = c.prepareStatement("insert into rows values (?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                p.setInt(1, i);
                p.setString(2, words(i));
                p.addBatch();
            }
            assertThat(p.executeBatch()).hasSize(ROWS);
        }
        try (Statement s = c.createStatement()) {
            s.setFetchSize(100);
            try (ResultSet r = s.executeQuery("select id, words from rows order by id")) {
                for (int i = 0; i < ROWS; i++) {
                    assertThat(r.next()).isTrue();
                    assertThat(r.getString(2)).isEqualTo(words(i));
                }
                assertThat(r.next()).isFalse();
            }
        }
        c.commit();
        c.setAutoCommit(true);
    }

    private static String words(int row) {
        return ("row " + row + " ").repeat(row % 50);
    }

    private static void copies(Connection c) throws Exception {
        CopyManager copy = c.unwrap(PGConnection.class).getCopyAPI();
        StringBuilder in = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            in.append(ROWS + i).append('\t').append("copied ".repeat(10)).append('\n');
        }
        assertThat(copy.copyIn("copy rows from stdin", new StringReader(in.toString()))).isEqualTo(10_000);
        StringWriter out = new StringWriter();
        copy.copyOut("copy (select * from rows where id >= " + ROWS + " order by id) to stdout", out);
        assertThat(out.toString().equals(in.toString())).as("what was copied in comes out").isTrue();
    }

    /** By a connection of its own, which the driver makes on a thread of its own. */
    private static void aQueryIsCancelled(Connection c) throws SQLException {
        try (Statement s = c.createStatement()) {
            s.setQueryTimeout(1);
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> s.execute("select pg_sleep(50)"))
                    .withMessageContaining("canceling statement due to user request");
        }
    }

    /** Each on a virtual thread with a connection of its own. */
    private static void manyAtATime() throws Exception {
        List<Future<Integer>> sums = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < WORKERS; w++) {
                int first = w;
                sums.add(workers.submit(() -> sum(first)));
            }
            for (int w = 0; w < WORKERS; w++) {
                assertThat(sums.get(w).get()).isEqualTo(100 * w + 99 * 100 / 2);
            }
        }
    }

    private static int sum(int first) throws SQLException {
        int sum = 0;
        try (Connection c = connect(); PreparedStatement p = c.prepareStatement("select ?::int")) {
            for (int i = 0; i < 100; i++) {
                p.setInt(1, first + i);
                try (ResultSet r = p.executeQuery()) {
                    assertThat(r.next()).isTrue();
                    sum += r.getInt(1);
                }
            }
        }
        return sum;
    }
}
