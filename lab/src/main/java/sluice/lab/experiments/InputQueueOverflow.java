package sluice.lab.experiments;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sluice.base.Counter;
import sluice.core.udp.UdpSocket;
import sluice.lab.About;
import sluice.lab.Chapter;
import sluice.lab.Experiment;
import sluice.lab.Lab;
import sluice.lab.Stage;
import sluice.lab.Text;
import sluice.sim.SimHost;
import sluice.wire.IpAddress;

/** Packets faster than they are handled. */
final class InputQueueOverflow implements Experiment {
    @Override
    public About about() {
        return About.of("input-queue-overflow", Chapter.CONNECTING, "The input queue is full", "输入队列溢出").says(
                "25 datagrams come at once to a host whose netdev_max_backlog is 10: the rest is dropped and "
                        + "counted. From links a host is handed packet by packet here; the one input queue it has is "
                        + "that of its loopback.",
                "主机的 netdev_max_backlog 为 10，同时到来 25 个数据报：超出的被丢弃并计数。本协议栈从链路逐包接收，唯一的输入队列在环回接口上。");
    }

    @Override
    public Text gap() {
        return new Text("Links hand packets to a host one by one, so the queue that overflows is the loopback's; "
                + "what a device drops before is the device's count.",
                "链路把报文逐个交给主机，因此溢出的是环回接口的队列；设备在此之前的丢包由设备计数。");
    }

    @Override
    public void run(Lab x) {
        Stage s = x.stage().noLadder();
        SimHost host = s.host("host", "netdev_max_backlog=10");
        s.link(host, s.host("other"));
        UdpSocket receiver = host.host().udp().open();
        receiver.bind(IpAddress.LOOPBACK_V4, 53);
        UdpSocket sender = host.host().udp().open();
        MemorySegment buffer = Arena.ofAuto().allocate(200, 64);
        for (int i = 0; i < 25; i++) {
            sender.send(buffer, 0, 100, IpAddress.LOOPBACK_V4, 53, s.world().nowNs());
        }
        s.world().advance(1);
        x.equal("datagrams that came through: netdev_max_backlog", "通过的数据报：netdev_max_backlog", 10,
                receiver.queuedDatagrams());
        x.equal("dropped and counted", "丢弃并计数", 15, host.count(Counter.IpOutDiscards));
    }
}
