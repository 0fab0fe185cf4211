package sluice.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import sluice.link.linux.TunDevice;

/**
 * Looks at a command's device once a second and says, once, when it takes no packets, and when it does again: nothing
 * ends for that, since a device that is down comes back.
 */
final class DeviceWatch implements AutoCloseable {
    private static final long LOOK_MS = 1_000;

    private final TunDevice device;
    private final PrintWriter err;
    private final Thread thread;
    private @Nullable String refused;

    DeviceWatch(TunDevice device, PrintWriter err) {
        this.device = device;
        this.err = err;
        thread = Thread.ofPlatform().daemon().name("sluice-device-watch").unstarted(this::run);
    }

    static DeviceWatch start(TunDevice device, PrintWriter err) {
        DeviceWatch watch = new DeviceWatch(device, err);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!device.isGone()) {
                lookAndSurvive();
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void lookAndSurvive() {
        try {
            look();
        } catch (OutOfMemoryError e) {
            // the next look may find some
        }
    }

    private void look() {
        String refusal = device.isUp() ? device.refusal() : "it is down; ip link set " + device.name() + " up";
        if (refusal != null && refused == null && !device.isGone()) {
            err.println("sluice: " + device.name() + " takes no packets (" + refusal + "): they are dropped until it "
                    + "does");
        } else if (refusal == null && refused != null) {
            err.println("sluice: " + device.name() + " takes packets again");
        }
        err.flush();
        refused = refusal;
    }

    /** Ends; the device may be closed afterwards. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
