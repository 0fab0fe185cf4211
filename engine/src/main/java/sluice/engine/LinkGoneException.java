package sluice.engine;

/**
 * Why a shard stopped: each of its links has ended by itself ({@link sluice.link.Link#isGone}), as a device does that
 * was deleted. The cause of a {@link ShardStoppedException}.
 */
public final class LinkGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LinkGoneException(String links) {
        super(links + " is gone (the device was deleted)");
    }
}
