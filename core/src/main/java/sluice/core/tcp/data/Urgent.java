package sluice.core.tcp.data;

import sluice.base.Rfc;

/** Urgent data of both directions. */
@Rfc(value = 9293, section = "3.8.5")
public final class Urgent {
    /** Urgent data is to be sent: SND.UP is ahead of SND.UNA. */
    private boolean toSend;
    /** Urgent data is announced and not read yet. */
    private boolean received;
    /** Position of the urgent byte in the receive stream, once known; -1 before. */
    private long position = -1;
    /** The urgent byte, once arrived: -1 none. */
    private int octet = -1;

    /** Whether urgent data is to be sent: SND.UP is ahead of SND.UNA. */
    public boolean toSend() {
        return toSend;
    }

    /** Urgent data was queued, or all of it was acknowledged. */
    public void toSend(boolean value) {
        toSend = value;
    }

    /** Whether urgent data is announced and neither received out of band nor read past. */
    public boolean received() {
        return received;
    }

    /** Position of the urgent byte in the receive stream; -1 for none. */
    public long position() {
        return position;
    }

    /** The urgent byte, 0…255; -1 while it has not arrived. */
    public int octet() {
        return octet;
    }

    /** The peer's urgent pointer says that the byte at {@code position} is urgent. */
    public void announced(long position) {
        received = true;
        octet = -1;
        this.position = position;
    }

    /** The urgent byte is there. */
    public void arrived(int octet) {
        this.octet = octet;
    }

    /** The application took the urgent byte out of band; it stays in the stream, to be stepped over. */
    public void takenOutOfBand() {
        received = false;
    }

    /** Everything before {@code readPosition} was read: urgent mode is over when the urgent byte is among it. */
    @Rfc(value = 9293, section = "3.8.5", req = "MUST-32")
    public void readUpTo(long readPosition) {
        if (position >= 0 && readPosition > position) {
            received = false;
            octet = -1;
            position = -1;
        }
    }
}
