package sluice.cli.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Requests to the HTTP server, one behind the other as they come in one connection. */
public final class HttpTarget {
    private static final int MOST_REQUESTS = 100;

    private HttpTarget() {}

    private static final class Bytes implements ByteConnection {
        private final ByteBuffer data;

        Bytes(byte[] data) {
            this.data = ByteBuffer.wrap(data);
        }

        @Override
        public int read(ByteBuffer into) {
            int n = Math.min(into.remaining(), data.remaining());
            if (n == 0) {
                return -1;
            }
            into.put(data.slice(data.position(), n));
            data.position(data.position() + n);
            return n;
        }

        @Override
        public void write(ByteBuffer from) {
            from.position(from.limit());
        }

        @Override
        public void shutdownOutput() {
            // there is no peer
        }

        @Override
        public void setReadTimeout(int milliseconds) {
            // it never waits
        }

        @Override
        public String peer() {
            return "nobody";
        }

        @Override
        public void abort() {
            // there is no peer
        }

        @Override
        public void close() {
            // there is no peer
        }
    }

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        HttpInput in = new HttpInput(new Bytes(data));
        try {
            for (int i = 0; i < MOST_REQUESTS && HttpRequest.read(in) != null; i++) {
                // the next one
            }
        } catch (IOException | HttpException refused) {
            // what they say
        }
    }
}
