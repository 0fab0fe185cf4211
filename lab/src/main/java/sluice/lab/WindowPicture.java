package sluice.lab;

import sluice.core.tcp.user.TcpSocket;

/**
 * Both ends of one direction of a connection at a moment, by the documents' pointers. Numbers count bytes of the
 * stream: the first is 1.
 *
 * @param title what has just happened
 * @param ms when, milliseconds from the world's start
 * @param sndUna SND.UNA: the oldest byte not acknowledged
 * @param sndNxt SND.NXT: the next to be sent
 * @param sndWnd SND.WND: what the receiver last advertised
 * @param unsent bytes that wait behind SND.NXT
 * @param lastByteRead the last byte the application has taken
 * @param nextByteExpected RCV.NXT
 * @param rcvWnd RCV.WND: what is advertised from there on
 * @param maxRcvBuffer bytes that may wait for the application
 */
public record WindowPicture(Text title, double ms, long sndUna, long sndNxt, long sndWnd, long unsent,
        long lastByteRead, long nextByteExpected, long rcvWnd, long maxRcvBuffer) {
    static WindowPicture of(Text title, double ms, TcpSocket sender, TcpSocket receiver) {
        return new WindowPicture(title, ms, Integer.toUnsignedLong(sender.snd.una - sender.snd.iss),
                Integer.toUnsignedLong(sender.snd.nxt - sender.snd.iss), sender.snd.wnd, sender.unsentBytes(),
                receiver.receiveBuffer.readPosition(), Integer.toUnsignedLong(receiver.rcv.nxt - receiver.rcv.irs),
                receiver.rcv.wnd, receiver.window.limitBytes());
    }

    /** SND.WND − (SND.NXT − SND.UNA); negative after a receiver shrank its window. */
    public long usable() {
        return sndWnd - (sndNxt - sndUna);
    }
}
