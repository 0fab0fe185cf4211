// What explain finds out, in Chinese: the sentences that ConnectionFindings and TransferFindings write, part by part, and
// the advice of each FindingKind. What has no words here stays English.
(function () {
  'use strict';
  const Lab = window.Lab;
  const ADVICE = {
    'refused': '服务是否在此地址和端口上运行？防火墙也可能发送 RST。',
    'no-answer': '主机是否开机、是否有返回的路由、防火墙是否丢弃此端口？',
    'mtu-black-hole': '放行 ICMP“需要分片”和“报文过大”，在路由器上限制 MSS（TCPMSS --clamp-mss-to-pmtu），或在发送方设置 tcp_mtu_probing=1。',
    'dead-peer': '主机是否宕机、线路或路由是否中断、防火墙或 NAT 是否丢失了状态？TCP_USER_TIMEOUT 可让发送方更早放弃。',
    'reset': '查看发送 RST 的一端的程序在这一刻做了什么。',
    'unreachable': '询问发出它的路由器：路由与过滤规则。',
    'syn-lost': '首次超时为一秒：查看路径丢包、SYN 队列和 accept 队列是否已满（ListenOverflows、ListenDrops、somaxconn）以及 SYN 过滤。',
    'zero-window': '接收程序没有读取：查看它当时在做什么（线程栈、垃圾回收、磁盘、锁）；增大 SO_RCVBUF 只能掩盖短暂停顿。',
    'receiver-slow': '接收程序读得太慢：分析它的性能；网络和发送方都帮不上忙。',
    'small-window': '在接收方增大 tcp_rmem（或不设置 SO_RCVBUF，它会关闭自动调节）；没有窗口扩大时最多 64 KB。',
    'nagle': '在发送方设置 TCP_NODELAY，或者更好：一次调用写出整个消息（writev、缓冲、TCP_CORK）。',
    'reordering': '查找长度不等的路径（按包 ECMP、链路聚合、多队列）；有 SACK 的接收方和有 RACK 的发送方受害很小。',
    'duplicated': '查找交换机环路、回流的镜像端口、同时走所有链路的聚合；也可能是抓包把每个报文看到了两次。',
    'loss': '在那一侧查找丢包：队列已满（速率下降处、限速器）、线缆或无线质量差、各接口的丢包计数。',
    'spurious': '迟到或丢失的是确认而不是数据：查看返回路径和突增的时延（缓冲膨胀、无线）；F-RTO 与 D-SACK 会恢复窗口。',
    'never-closed': '那一端的程序持有对端已关闭的套接字（CLOSE-WAIT）：必须由它关闭。',
    'sender-limited': '网络在等发送程序：查看那里（磁盘、数据库、计算、每次写得太少）。',
    'mtu-reduced': '路径 MTU 发现工作正常，无需处理。',
    'option-missing': '在未提供此选项的一端启用它，或找出去掉它的中间设备。',
    'capture-gaps': '抓包的机器丢了报文：用更大的缓冲（tcpdump -B）、更短的 snaplen 或过滤条件。此处关于丢包的说法可能有误。',
    'one-way': '在两个方向都经过的地方抓包：路由不对称，或过滤条件过窄。',
    'file-damaged': '损坏处之前的内容已作解释。'
  };
  const OPTIONS = {'SACK': 'SACK', 'window scaling': '窗口扩大'};
  const end = word => ({client: '客户端', server: '服务端'})[word] || word;

  // In this order: what stands first is part of what follows.
  const PARTS = [
    [/^(\S+) segments? from the (client|server) lost \((.*?)\)/, (all, n, who, part) => end(who) + '发出的 ' + n + ' 个报文段丢失（' + part + '）'],
    [/, on the way to the (client|server)/, (all, who) => '，在去往' + end(who) + '的途中'],
    [/, (before|behind) the point of capture/, (all, side) => '，抓包点之' + (side === 'before' ? '前' : '后')],
    [/: (\S+) before the point of capture, (\S+) behind it/, '：抓包点之前 $1 个，之后 $2 个'],
    [/, (\S+) in one burst \(packet (\d+)\)/, '，其中一次突发 $1 个（报文 $2）'],
    [/; sent again: /, '；重传：'],
    [/; nothing sent again$/, '；没有重传'],
    [/(\d+) after (\S+) timeouts?/, '超时（$2 次）后 $1 个'],
    [/(\d+) fast/, '快速重传 $1 个'],
    [/(\d+) as a tail loss probe/, '尾部丢失探测 $1 个'],
    [/(\d+) for a cause that is not seen/, '原因未见 $1 个'],
    [/^(\S+) segments? from the (client|server) sent again though the (client|server) had them \((\S+) D-SACKs?\)$/,
      (all, n, from, to, d) => end(from) + '重传的 ' + n + ' 个报文段' + end(to) + '已经收到（D-SACK ' + d + ' 个）'],
    [/^(\S+) segments? from the (client|server) overtaken on the way \((.*?)\)/,
      (all, n, who, part) => end(who) + '发出的 ' + n + ' 个报文段在途中被超越（' + part + '）'],
    [/; (\d+) of (\d+) retransmissions were for nothing$/, '；$2 次重传中 $1 次是不必要的'],
    [/^(\S+) packets? from the (client|server) came twice, to the byte \((.*?)\)$/,
      (all, n, who, part) => end(who) + '发出的 ' + n + ' 个报文到达两次，逐字节相同（' + part + '）'],
    [/^the (client|server) shut its window for (.*?)( and did not open it again)? \((\S+) probes?\): its program did not read$/,
      (all, who, time, never, n) => end(who) + '关闭窗口 ' + time + (never ? '且未再打开' : '') + '（探测 ' + n + ' 次）：其程序没有读取'],
    [/^the program at the (client|server) reads too slowly: (.*?) of the time was spent before a window that was shut or nearly so, it closed (\S+) times?$/,
      (all, who, part, n) => end(who) + '的程序读得太慢：' + part + ' 的时间在等已关闭或几乎关闭的窗口，窗口关闭 ' + n + ' 次'],
    [/^the (client|server)'s window of (.*?) was full for (.*?) of the time: with a round trip of (.*?) no more than (.*?) can pass/,
      (all, who, size, part, rtt, rate) => end(who) + '的窗口 ' + size + ' 在 ' + part + ' 的时间里是满的：往返时间 ' + rtt + ' 时最多只能通过 ' + rate],
    [/ \(windows are not scaled\)$/, '（窗口未扩大）'],
    [/^(\S+) times? a short segment was held back until a delayed acknowledgment came, (.*?) each: (.*?) of the time$/,
      '短报文段 $1 次被扣留到延迟确认到来，每次 $2：占时间的 $3'],
    [/^for (.*?) of the time everything waited for the program at the (client|server) to send$/,
      (all, part, who) => part + ' 的时间里一切都在等' + end(who) + '的程序发送'],
    [/^(\S+) answered the SYN with a reset: nothing listens there, or a firewall says so$/, '$1 以 RST 回应 SYN：那里没有监听者，或防火墙如此回应'],
    [/^(\S+) never answered (\S+) SYNs? in (.*)$/, '$1 在 $3 内从未回应 $2 个 SYN'],
    [/^the server's SYN,ACK was sent (\S+) times and never acknowledged: a half-open connection$/, '服务端的 SYN,ACK 发送了 $1 次，从未被确认：半连接'],
    [/^(\S+) SYNs? and (\S+) SYN,ACKs? until the connection stood, after (.*?): /, '用了 $1 个 SYN 和 $2 个 SYN,ACK，$3 后连接建立：'],
    [/its answer was lost, or the server's queues were full$/, '应答丢失，或服务端队列已满'],
    [/the last acknowledgment of the handshake was lost, or the server's accept queue was full$/, '握手的最后一个确认丢失，或服务端 accept 队列已满'],
    [/and yet the server was slow to answer$/, '而服务端应答迟缓'],
    [/the SYN \(or its answer\) was lost, or the server's queues were full$/, 'SYN（或其应答）丢失，或服务端队列已满'],
    [/^(?:the (client|server) does not offer|neither end offers) (.*?): /,
      (all, who, option) => (who ? end(who) + '未提供' : '双方都未提供') + (OPTIONS[option] || option) + '：'],
    [/one loss in a window costs a round trip each$/, '一个窗口内每丢一个就多花一个往返'],
    [/the window is 64 KB at the most$/, '窗口最多 64 KB'],
    [/^segments of (\d+) bytes from the (client|server) vanished without a word, those of (\d+) bytes passed; (.*?) were lost until it sent smaller ones$/,
      (all, n, who, small, time) => end(who) + '的 ' + n + ' 字节报文段无声消失，' + small + ' 字节的能通过；改发较小的之前损失 ' + time],
    [/^no segment of (\d+) bytes from the (client|server) was ever acknowledged, though it was sent (\d+) times in (.*?); smaller packets pass/,
      (all, n, who, times, time) => end(who) + '的 ' + n + ' 字节报文段从未被确认，虽在 ' + time + ' 内发送了 ' + times + ' 次；较小的报文能通过'],
    [/; a router asks for (\d+) bytes$/, '；路由器要求 $1 字节'],
    [/^the (client|server) fell silent: (.*?) from the (client|server) were sent again (\S+) times? in (.*?) and nothing came back$/,
      (all, who, bytes, from, n, time) => end(who) + '沉默了：' + end(from) + '的 ' + bytes + ' 在 ' + time + ' 内重传 ' + n + ' 次，毫无回应'],
    [/^router (\S+) asks for packets of (\d+) bytes$/, '路由器 $1 要求 $2 字节的报文'],
    [/^(\S+) says that (\S+) or (\S+) cannot be reached \(code (\d+)\)$/, '$1 称 $2 或 $3 不可达（代码 $4）'],
    [/^the (client|server) reset the connection/, (all, who) => end(who) + '重置了连接'],
    [/ with (.*?) on their way: /, '，途中尚有 $1：'],
    [/^the (client|server) closed, and (.*?) later the (client|server) had not$/,
      (all, one, time, other) => end(one) + '已关闭，' + time + ' 之后' + end(other) + '仍未关闭'],
    [/^(\S+) acknowledgments? of bytes that the capture does not have$/, '$1 个确认所确认的字节不在抓包中'],
    [/^only packets of the (client|server) were captured$/, (all, who) => '只抓到' + end(who) + '的报文']
  ];

  // A finding's sentence and its advice in the language of the page.
  Lab.findingWords = f => Lab.lang === 'zh' ? PARTS.reduce((text, [part, zh]) => text.replace(part, zh), f.words) : f.words;
  Lab.findingAdvice = f => Lab.lang === 'zh' && ADVICE[f.kind] || f.advice;
})();
