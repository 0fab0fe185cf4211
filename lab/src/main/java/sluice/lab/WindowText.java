package sluice.lab;

import java.util.List;
import java.util.Locale;
import sluice.sim.Decimals;

/** A {@link WindowPicture} in letters: the stream from left to right, the pointers below it. */
final class WindowText {
    private static final int WIDTH = 76;

    private WindowText() {}

    /** All of them, to the same scale. */
    static String of(List<WindowPicture> all, Language language) {
        long from = Long.MAX_VALUE;
        long to = 0;
        for (WindowPicture w : all) {
            from = Math.min(from, Math.min(w.lastByteRead() + 1, w.sndUna()));
            to = Math.max(to, Math.max(Math.max(w.sndUna() + w.sndWnd(), w.sndNxt() + w.unsent()),
                    w.lastByteRead() + 1 + w.maxRcvBuffer()) + 1);
        }
        StringBuilder out = new StringBuilder();
        for (WindowPicture w : all) {
            out.append('\n').append(of(w, from, to, language));
        }
        return out.toString();
    }

    private static String of(WindowPicture w, long from, long to, Language language) {
        String head = String.format(Locale.ROOT, "  %s  (%s ms)%n", w.title().in(language), Decimals.plain(w.ms()));
        boolean zh = language == Language.ZH;
        long right = w.sndUna() + w.sndWnd();
        String sender = bar(from, to, new long[]{w.sndUna(), w.sndNxt(), right},
                new char[]{'▓', '▒', '░', ' '});
        String receiver = bar(from, to,
                new long[]{w.lastByteRead() + 1, w.nextByteExpected(), w.nextByteExpected() + w.rcvWnd()},
                new char[]{'▓', '▒', '░', ' '});
        return head + "  " + Columns.pad(zh ? "发送方" : "sender", 8) + " ▕" + sender + "▏\n"
                + "     " + (zh ? "▓ 已确认  ▒ 已发送未确认  ░ 可用窗口" : "▓ acknowledged  ▒ sent  ░ usable")
                + String.format(Locale.ROOT, "   SND.UNA %d  SND.NXT %d  SND.WND %d  %s %d − (%d − %d) = %d%n",
                        w.sndUna(), w.sndNxt(), w.sndWnd(), zh ? "可用" : "usable", w.sndWnd(), w.sndNxt(), w.sndUna(),
                        w.usable())
                + "  " + Columns.pad(zh ? "接收方" : "receiver", 8) + " ▕" + receiver + "▏\n"
                + "     " + (zh ? "▓ 已读取  ▒ 等待应用读取  ░ 接收窗口" : "▓ read  ▒ waits for the application  ░ window")
                + String.format(Locale.ROOT,
                        "   LastByteRead %d  NextByteExpected %d  MaxRcvBuffer %d  RCV.WND %d%n", w.lastByteRead(),
                        w.nextByteExpected(), w.maxRcvBuffer(), w.rcvWnd());
    }

    /** Which part a place of the bar belongs to is said by the letter. */
    private static String bar(long from, long to, long[] edges, char[] letters) {
        StringBuilder out = new StringBuilder();
        for (int x = 0; x < WIDTH; x++) {
            long at = from + (to - from) * x / WIDTH;
            int part = 0;
            while (part < edges.length && at >= edges[part]) {
                part++;
            }
            out.append(letters[part]);
        }
        return out.toString();
    }
}
