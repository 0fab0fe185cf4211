package sluice.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import sluice.wire.IpAddress;

/** The other side of the demo: the kernel with its programs, or another host of ours. */
interface Other extends AutoCloseable {
    /** Where its server listens. */
    int SERVER_PORT = 8080;

    /** Its name as a client. */
    String client();

    /** Its name as a server. */
    String server();

    /** Pings us; a line that says how it went. */
    String ping(IpAddress us) throws IOException, InterruptedException;

    /** Downloads from our server, port 80. */
    void download(IpAddress us, String name, Path to) throws IOException, InterruptedException;

    /** Uploads to our server, port 80. */
    void upload(IpAddress us, String name, Path from) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
