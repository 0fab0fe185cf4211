// Everything the pages say, in English and Chinese.
(function () {
  'use strict';
  const Lab = window.Lab;

  const WORDS = {
    lab: ['Sluice lab', 'Sluice 实验室'],
    labTitle: ['The TCP lab', 'TCP 实验室'],
    labSays: ['What articles on TCP describe, run on a real TCP stack in virtual time: every packet can be stepped to, '
      + 'and each number of the articles stands beside the one that was measured.',
      '把讲解 TCP 的文章所描述的内容在真实的协议栈上（虚拟时间中）运行：可以逐个报文单步查看，文章中的每个数字旁边都有实测值。'],
    liveSite: ['The controls on each page are alive: change loss, delay, buffers or settings, and it runs again.',
      '每页上的控件都可用：修改丢包、时延、缓冲区或设置，实验会重新运行。'],
    staticSite: ['These pages show each experiment as it is written. With controls to change the conditions:',
      '这些页面按原样展示每个实验。要使用可以改变条件的控件，请运行：'],
    find: ['Find', '查找'],
    experiments: ['Experiments', '实验'],
    previous: ['← previous', '← 上一个'],
    next: ['next →', '下一个 →'],
    dark: ['Dark', '深色'],
    light: ['Light', '浅色'],

    holds: ['{0} of {1} assertions hold', '{1} 条断言中 {0} 条成立'],
    off: ['assertions are off: the conditions were changed', '条件被改动，断言已关闭'],
    failed: ['{0} of {1} assertions do not hold', '{1} 条断言中 {0} 条不成立'],
    ended: ['The script did not come to its end:', '脚本没有走完：'],
    checks: ['What the document says, and what was measured', '文档所述与实测'],
    checksSays: ['Each row is asserted by a test. ≠ marks where a document and the standard (RFC) disagree: then the '
      + 'standard counts.', '每一行都由测试断言。≠ 表示文档与标准（RFC）不一致，此时以标准为准。'],
    asserted: ['asserted', '断言'],
    document: ['document says', '文档'],
    measured: ['measured', '实测'],
    standard: ['standard', '标准'],
    yes: ['yes', '是'],
    no: ['no', '否'],
    verdictHolds: ['holds', '成立'],
    verdictDiffers: ['holds; the document says otherwise', '成立；文档说法不同'],
    verdictFails: ['does not hold', '不成立'],
    verdictOff: ['not asserted under these conditions', '此条件下不作断言'],

    stage: ['Part', '部分'],
    parts: ['Parts of this experiment', '实验的各部分'],
    network: ['Network', '网络'],
    steps: ['Step through the packets', '逐个报文单步查看'],
    first: ['First step', '第一步'],
    back: ['Back', '后退'],
    forth: ['Forth', '前进'],
    last: ['Last step', '最后一步'],
    play: ['Play', '播放'],
    pause: ['Pause', '暂停'],
    stepOf: ['step {0} of {1}', '第 {0} 步，共 {1} 步'],
    position: ['Position', '位置'],
    keys: ['Keys: ← → step, Home End, space plays, + − 0 zoom the plots.', '按键：← → 单步，Home End，空格播放，+ − 0 缩放曲线图。'],

    ladder: ['Sequence diagram', '时序图'],
    ladderSays: ['Time runs downwards. An arrow is a segment (TCP\'s word for packet), from its sender to where it '
      + 'arrives; × is one that was lost. Boxes are new states of an end. Sequence numbers count from the initial ones: '
      + '{0} ISN = {1}, {2} ISN = {3}.',
      '时间自上而下。箭头是一个报文段，从发送方指向到达处；× 表示丢失。方框是一端的新状态。序号相对于初始序号：{0} ISN = {1}，{2} ISN = {3}。'],
    ladderMore: ['The first {0} of {1} rows; all packets are in the capture.', '共 {1} 行，此处为前 {0} 行；全部报文在抓包文件中。'],
    sends: ['{0} sends {1}', '{0} 发送 {1}'],
    receives: ['{0} receives {1}', '{0} 收到 {1}'],
    lost: ['lost', '丢失'],
    isLost: ['{0} sends {1}: it will be lost', '{0} 发送 {1}：将会丢失'],
    onTheWay: ['on the way when the recording ends', '记录结束时仍在途中'],
    at: ['at', '在'],
    later: ['⋮ {0} later', '⋮ {0} 之后'],

    machine: ['States (RFC 9293, figure 5)', '状态机（RFC 9293 图 5）'],
    machineNow: ['{0}: {1}', '{0}：{1}'],
    unknown: ['not known', '未知'],
    ends: ['Both ends at this moment', '此刻的两端'],
    variable: ['variable', '变量'],
    noBlock: ['This end keeps no variables now: closed, listening, half open, or in TIME-WAIT.',
      '此端当前没有变量：已关闭、监听、半连接或 TIME-WAIT。'],
    state: ['state', '状态'],
    sending: ['as a sender', '作为发送方'],
    receiving: ['as a receiver', '作为接收方'],
    timers: ['timers that run', '运行中的定时器'],
    none: ['none', '无'],
    changed: ['changed by this step', '此步改变'],
    sndUna: ['oldest byte not acknowledged', '最早的未确认字节'],
    sndNxt: ['next byte to be sent', '下一个要发送的字节'],
    sndWnd: ['window that the peer advertised', '对端通告的窗口'],
    usable: ['may be sent now: SND.WND − (SND.NXT − SND.UNA)', '当前可发送：SND.WND − (SND.NXT − SND.UNA)'],
    unsent: ['written by the application, not sent yet', '应用已写入、尚未发送'],
    cwnd: ['congestion window, segments', '拥塞窗口，报文段'],
    ssthresh: ['slow start threshold, segments', '慢启动阈值，报文段'],
    inFlight: ['sent and not known to have left the network, segments', '已发出、尚未知离开网络的报文段'],
    srtt: ['smoothed round-trip time', '平滑往返时间'],
    rto: ['retransmission timeout', '重传超时'],
    rcvNxt: ['NextByteExpected: next byte in order', 'NextByteExpected：期望的下一字节'],
    rcvWnd: ['window that is advertised', '通告的窗口'],
    lastByteRead: ['last byte the application has taken', '应用读取的最后一个字节'],
    maxRcvBuffer: ['bytes that may wait for the application', '可等待应用读取的字节数'],

    header: ['The segment, field by field', '报文段逐字段解析'],
    headerOf: ['{0} → {1}, sent at {2}: {3}', '{0} → {1}，发送于 {2}：{3}'],
    headerNone: ['Step to a packet to see its header.', '单步到某个报文以查看其首部。'],
    ipHeader: ['The IP header', 'IP 首部'],
    field: ['field', '字段'],
    bits: ['bits', '比特'],
    value: ['value', '值'],
    meaning: ['meaning', '含义'],

    windows: ['Sliding window', '滑动窗口'],
    windowsSays: ['The stream of bytes from {0} to {1}, first byte on the left.', '从 {0} 到 {1} 的字节流，第一个字节在左。'],
    direction: ['Direction', '方向'],
    sender: ['sender', '发送方'],
    receiver: ['receiver', '接收方'],
    acknowledged: ['acknowledged', '已确认'],
    sent: ['sent, not acknowledged', '已发送未确认'],
    usableWindow: ['usable window: may be sent', '可用窗口：可以发送'],
    waits: ['written, outside the window', '已写入，窗口之外'],
    read: ['read', '已读取'],
    buffered: ['waits for the application', '等待应用读取'],
    window: ['window', '窗口'],
    pictures: ['Moments of the document', '文档中的时刻'],
    windowNone: ['At this moment one of the ends keeps no variables (closed, listening, half open, TIME-WAIT): step on to see the windows.',
      '此刻有一端没有变量（已关闭、监听、半连接或 TIME-WAIT）：继续单步即可看到窗口。'],

    plots: ['Over time', '随时间变化'],
    plotsSays: ['One cursor for all: move over a plot to read values, click to step there. Drag to zoom in.',
      '所有图共用一个光标：在图上移动可读数，点击可跳转到该时刻，拖动可放大。'],
    zoomIn: ['Zoom in', '放大'],
    zoomOut: ['Zoom out', '缩小'],
    zoomAll: ['Whole', '全部'],
    seconds: ['time, s', '时间，秒'],
    events: ['events', '事件'],

    counters: ['Counters', '计数器'],
    countersSays: ['Linux\'s names; those that are 0 are left out.', 'Linux 的名称；为 0 的不列出。'],
    notes: ['Notes', '说明'],
    gap: ['What it cannot show:', '无法展示的：'],
    download: ['download pcapng', '下载 pcapng'],
    permalink: ['Permalink', '永久链接'],
    copied: ['copied', '已复制'],
    inTerminal: ['In a terminal:', '在终端中：'],

    health: ['In short', '概要'],
    explained: ['{0}, explained', '{0} 的解读'],
    connections: ['Connections', '连接'],
    connection: ['connection', '连接'],
    allConnections: ['← all connections', '← 全部连接'],
    verdict: ['verdict', '结论'],
    ending: ['how it ended', '如何结束'],
    amount: ['amount', '数据量'],
    duration: ['duration', '时长'],
    packetCount: ['{0} packets', '{0} 个报文'],
    packets: ['packets', '报文'],
    worstFirst: ['The worst first.', '最严重的在前。'],
    leftOut: ['{0} of {1} can be opened here; any other by --connection N.', '共 {1} 个连接，此处可打开 {0} 个；其余用 --connection N。'],
    notListed: ['The first {0} are listed.', '仅列出前 {0} 个。'],
    nothingWrong: ['nothing wrong was found', '未发现问题'],
    moreFindings: ['and {0} more', '另有 {0} 项'],
    findings: ['What was found out', '发现'],
    story: ['The story', '经过'],
    captureLadderSays: ['Time runs downwards. An arrow is a segment as it passed the point of capture; behind it its number '
      + 'in the file and what was found out about it. Sequence numbers count from the initial ones: {0} ISN = {1}, '
      + '{2} ISN = {3}.', '时间自上而下。箭头是经过抓包点的报文段，其后是它在文件中的编号以及对它的判断。序号相对于初始序号：{0} ISN = {1}，{2} ISN = {3}。'],
    'how-open': ['open when the capture ends', '抓包结束时仍打开'],
    'how-closed': ['closed', '已关闭'],
    'how-closed-by-client': ['closed by the client only', '仅客户端关闭'],
    'how-closed-by-server': ['closed by the server only', '仅服务器关闭'],
    'how-reset': ['reset', '被重置'],
    'how-refused': ['refused', '被拒绝'],
    'how-no-answer': ['no answer', '无应答'],
    'fact-handshake': ['handshake', '握手'],
    'fact-data': ['data', '数据'],
    'fact-round trip': ['round trip', '往返时间'],
    'fact-windows': ['windows', '窗口'],
    'fact-sent again': ['sent again', '重传'],
    'fact-signs': ['signs', '迹象'],
    'fact-time': ['time', '时间去向'],
    'fact-end': ['end', '结束'],

    controls: ['Change the conditions', '改变条件'],
    notLive: ['This page shows the experiment as it is written. To change the conditions, start',
      '此页按原样展示实验。要改变条件，请启动'],
    notLiveLink: ['The address asks for other conditions, which this page cannot run. In a terminal:',
      '地址中要求了其他条件，此页无法运行。在终端中：'],
    netemWords: ['on every link, both ways, added to the experiment\'s own', '作用于每条链路的两个方向，叠加在实验自身之上'],
    loss: ['Loss, %', '丢包，%'],
    delay: ['Delay, ms', '时延，ms'],
    jitter: ['Jitter, ms', '抖动，ms'],
    rate: ['Rate, Mbit/s (0: no limit)', '速率，Mbit/s（0：不限）'],
    buffers: ['Buffers', '缓冲区'],
    rmem: ['Receive buffer, KB (0: as it is)', '接收缓冲区，KB（0：不变）'],
    wmem: ['Send buffer, KB (0: as it is)', '发送缓冲区，KB（0：不变）'],
    algorithm: ['Congestion control', '拥塞控制算法'],
    asIs: ['as it is', '不变'],
    seed: ['Seed', '种子'],
    settings: ['Settings, one a line (tcp_sack=0, server:tcp_timestamps=0)', '设置，每行一个（tcp_sack=0、server:tcp_timestamps=0）'],
    run: ['Run', '运行'],
    reset: ['As written', '恢复原样'],
    ran: ['Ran with {0}: {1} ms of virtual time.', '已运行（{0}）：虚拟时间 {1} ms。'],
    ranAsWritten: ['the conditions as written', '原始条件'],
    running: ['running …', '运行中…'],
    noAnswer: ['The server does not answer.', '服务器没有响应。']
  };

  // Names in plots, and notes of the ladder: only Chinese needs a table.
  const ZH = {
    'in flight': '在途', 'peer\'s window': '对端窗口', 'samples': '样本', 'minimum': '最小值', 'goodput': '有效吞吐',
    'pacing': '发送节奏', 'waiting': '排队', 'round trip': '往返时间', 'rate': '速率', 'queue at the bottleneck': '瓶颈队列', 'retransmission timeout': '重传超时',
    'retransmit': '重传', 'undo': '撤销', 'probe': '探测', 'data lost': '数据丢失', 'ACK lost': 'ACK 丢失', 'delayed': '延迟',
    'duplicated': '重复', 'path MTU': '路径 MTU', 'note': '说明', 'disorder': '乱序', 'recovery': '恢复',
    'loss (after RTO)': '丢失（RTO 之后）', 'timer RTO': 'RTO 定时器到期', 'timer PERSIST': '坚持定时器到期',
    'timer KEEPALIVE': '保活定时器到期', 'timer DELAYED_ACK': '延迟确认定时器到期', 'timer TLP': 'TLP 定时器到期',
    'time wait bucket table overflow: closed at once': 'TIME-WAIT 表已满：立即关闭',
    'urgent data announced': '通告了紧急数据', 'no answer: the route is asked for again': '没有应答：重新查询路由',
    'D-SACK reported each retransmission as a duplicate': 'D-SACK 报告每次重传都是重复',
    'the original arrived, only late (timestamps)': '原报文其实到达，只是晚了（时间戳）',
    'the timeout was spurious (F-RTO)': '超时是虚假的（F-RTO）',
    'what was marked lost arrived without being retransmitted': '被标为丢失的数据未经重传就到达',
    '(seen only here)': '（只在此处见到）', 'was lost': '已丢失', 'was only delayed': '只是延迟',
    'had arrived, its acknowledgment was lost': '已到达，其确认丢失', 'was duplicated by the network': '被网络复制',
    'timer RACK_REORDER': 'RACK 乱序定时器到期', 'timer PACING': '发送节奏定时器到期', 'timer CORK': 'CORK 定时器到期',
    'timer FIN_WAIT_2': 'FIN-WAIT-2 定时器到期', '(late: overtaken)': '（迟到：被超越）',
    '(a copy: the network doubled it)': '（副本：网络复制）', 'closes; the FIN goes behind the data': '关闭；FIN 排在数据之后',
    'connection refused': '连接被拒绝', 'no answer to the SYN': 'SYN 无应答', 'MTU black hole': 'MTU 黑洞',
    'peer fell silent': '对端沉默', 'connection reset': '连接被重置', 'ICMP unreachable': 'ICMP 不可达',
    'SYN lost': 'SYN 丢失', 'zero window': '零窗口', 'receiver slow': '接收方慢',
    'receive window small for the path': '接收窗口对此路径过小', 'Nagle against delayed ACKs': 'Nagle 与延迟确认相互等待',
    'packets reordered': '报文乱序', 'packets doubled by the network': '报文被网络复制', 'packets lost': '丢包',
    'needless retransmissions': '不必要的重传', 'one end never closed': '一端始终未关闭',
    'sending application slow': '发送方应用慢', 'path MTU reduced': '路径 MTU 减小', 'option missing': '缺少选项',
    'capture incomplete': '抓包不完整', 'one direction only': '只有一个方向', 'capture file damaged': '抓包文件损坏',
    'sequence number': '序号', 'data': '数据', 'acknowledged': '已确认', 'retransmitted': '重传的', 'out of order': '乱序的',
    'in flight and window': '在途与窗口', 'window': '窗口', 'window\'s edge': '窗口右沿', 'round trip from here': '从抓包点测得的往返时间',
    'acknowledged, SACKed': '已确认（含 SACK）', 'dup ACK': '重复 ACK', 'window 0': '零窗口',
    'application reads no more': '应用不再读取', 'windows': '窗口', 'usable window': '可用窗口'
  };
  // What a connection fails with, in the words of errno.
  const ERRORS = {
    'Connection reset by peer': '连接被对端重置', 'Connection timed out': '连接超时', 'Connection refused': '连接被拒绝',
    'No route to host': '没有到主机的路由', 'Host is unreachable': '主机不可达', 'Network is unreachable': '网络不可达',
    'Broken pipe': '管道破裂', 'Software caused connection abort': '连接被本机中止'
  };
  const part = (table, words) => table[words] || words;
  const PATTERNS = [
    [/^retransmits \((.*)\), (\d+) bytes(?: from (\d+))?$/, '重传（$1），$2 字节 $3'],
    [/^windows, segments of (\d+) bytes$/, '窗口（每报文段 $1 字节）'],
    [/^\(its window is (\d+) when it arrives\)$/, '（到达时窗口被改为 $1）'],
    [/^failed: (.*)$/, all => '失败：' + part(ERRORS, all.replace(/^failed: /, ''))],
    [/^diagnosis: (\d+)\.\.(\d+) (.*)$/, (all, from, to, fault) => '诊断：' + from + '..' + to + ' ' + part(ZH, fault)],
    [/^path MTU is (\d+)$/, '路径 MTU 为 $1'],
    [/^path MTU probe of (\d+)$/, '路径 MTU 探测，$1 字节'],
    [/^path MTU is at least (\d+)$/, '路径 MTU 至少为 $1'],
    [/^path MTU is at most (\d+)$/, '路径 MTU 至多为 $1'],
    [/^black hole\? segments of (\d+)$/, '黑洞？改用 $1 字节的报文段'],
    [/^undone: (.*)$/, (all, proof) => '撤销：' + part(ZH, proof)]
  ];

  Lab.t = (key, ...values) => (WORDS[key] || [key, key])[Lab.lang === 'zh' ? 1 : 0]
      .replace(/\{(\d)\}/g, (all, i) => values[i]);

  // One of {en, zh}.
  Lab.say = text => text[Lab.lang === 'zh' ? 'zh' : 'en'];

  // What the stack itself says in English.
  Lab.foreign = text => {
    if (Lab.lang !== 'zh') {
      return text;
    }
    const found = PATTERNS.find(([pattern]) => pattern.test(text));
    return ZH[text] || (found ? text.replace(found[0], found[1]).trim() : text);
  };
})();
