package sluice.lab;

/** Chapters of the documents, in order. */
public enum Chapter {
    /** What a segment is. */
    SEGMENTS("A", "Segments, connections, UDP", "报文段、连接与 UDP"),
    /** How a connection begins. */
    CONNECTING("B", "Connecting", "建立连接"),
    /** How it ends. */
    CLOSING("C", "Closing", "断开连接"),
    /** What happens when nothing happens. */
    KEEPALIVE("D", "Keepalive", "保活"),
    /** What is lost is sent again. */
    RETRANSMISSION("E", "Retransmission", "重传"),
    /** What may be sent. */
    WINDOW("F", "Sliding window", "滑动窗口"),
    /** Who is slow is not overrun. */
    FLOW("G", "Flow control", "流量控制"),
    /** Nor is the network. */
    CONGESTION("H", "Congestion control", "拥塞控制"),
    /** What to set and where to look. */
    TOOLS("I", "Settings and tools", "设置与工具"),
    /** What readers ask, and what went wrong elsewhere. */
    QUESTIONS("Q", "Incidents and readers' questions", "故障与读者的疑问");

    private final String letter;
    private final Text title;

    Chapter(String letter, String en, String zh) {
        this.letter = letter;
        title = new Text(en, zh);
    }

    /** The letter of the table of experiments. */
    public String letter() {
        return letter;
    }

    /** Its title. */
    public Text title() {
        return title;
    }
}
