package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpSocket;
import sluice.observe.plot.SequenceDiagramSvg;

/**
 * The README's picture of a connection with one lost segment shows what the stack does now: {@code mvn -q -o -B -Dquick
 * -pl sim -am test -Dtest=HandshakePictureTest -Dsurefire.failIfNoSpecifiedTests=false -Dsluice.draw=true} draws
 * docs/handshake.svg anew.
 */
@ExtendWith(Worlds.class)
class HandshakePictureTest {
    @Test
    void aConnectionWithOneLostSegment(World w) throws IOException {
        SimHost client = w.host("client");
        SimHost server = w.host("server");
        w.link(client, server).delayMs(10).from(client).drop(Match.data().nth(3));
        server.serve(80, t -> new VerifyingSink(server, t).thenClose());
        TcpSocket c = client.connect(new SocketOptions(), server.address(), 80);
        client.on(c, () -> {
            if (c.state() == TcpState.ESTABLISHED) {
                client.write(c, 9000);
                c.close(w.nowNs());
            }
        });
        w.advance(1000);
        String svg = SequenceDiagramSvg.draw(w.log().diagram(client, server, 0, 0));
        Path picture = Path.of(System.getProperty("sluice.root", "..")).resolve("docs/handshake.svg");
        if (Boolean.getBoolean("sluice.draw")) {
            Files.writeString(picture, svg);
        }
        assertThat(Files.readString(picture)).isEqualTo(svg);
    }
}
