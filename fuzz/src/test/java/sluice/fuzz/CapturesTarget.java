package sluice.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import sluice.observe.capture.CapturedConnections;
import sluice.wire.CaptureReader;

/** Capture files, pcap and pcapng, and the connections in them. */
public final class CapturesTarget {
    private CapturesTarget() {}

    /** One run. */
    public static void fuzzerTestOneInput(byte[] data) {
        try (CaptureReader reader = CaptureReader.open(new ByteArrayInputStream(data))) {
            var _ = CapturedConnections.read(reader);
        } catch (IOException damaged) {
            // what it says
        }
    }
}
