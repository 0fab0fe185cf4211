package sluice.core.tcp.auth;

/**
 * A message authentication code with its key: any number of updates, then finish, and it is ready for the next message.
 * Allocates nothing per message.
 */
abstract class KeyedMac {
    /** Bytes of the whole code, before truncation. */
    abstract int length();

    /** Takes in {@code length} bytes. */
    abstract void update(byte[] bytes, int offset, int length);

    /** Writes the code of all that was taken in to {@code out[0, length())}. */
    abstract void finish(byte[] out);
}
