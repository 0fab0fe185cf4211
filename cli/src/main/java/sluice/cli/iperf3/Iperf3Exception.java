package sluice.cli.iperf3;

import java.io.IOException;

/** The test cannot go on: the other side broke the protocol, refused, or asked for what we cannot do. */
public final class Iperf3Exception extends IOException {
    private static final long serialVersionUID = 1L;
    private final int code;

    Iperf3Exception(String message) {
        this(message, 0);
    }

    /**
     * With a number of iperf3's own list of errors, for the peer.
     *
     * @param code as in iperf_api.h
     */
    Iperf3Exception(String message, int code) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
