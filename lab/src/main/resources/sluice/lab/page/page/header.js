// The IP and TCP headers of the chosen segment: as the figure of RFC 9293 (32 bits a row), and as a table.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t} = Lab;
  const two = (en, zh) => Lab.lang === 'zh' ? zh : en;

  const FLAGS = [
    ['CWR', 7, 'the window was reduced (RFC 3168)', '拥塞窗口已减小（RFC 3168）'],
    ['ECE', 6, 'congestion was met (RFC 3168)', '遇到拥塞（RFC 3168）'],
    ['URG', 5, 'the urgent pointer counts', '紧急指针有效'],
    ['ACK', 4, 'the acknowledgment number counts', '确认号有效'],
    ['PSH', 3, 'hand it to the program', '尽快交给应用'],
    ['RST', 2, 'ends the connection at once', '立即终止连接'],
    ['SYN', 1, 'opens, and sets the sequence number', '建立连接，设定序号'],
    ['FIN', 0, 'no more data follows', '不再有数据']
  ];

  function reader(hex) {
    const bytes = new Uint8Array(hex.length / 2).map((_, i) => parseInt(hex.substr(2 * i, 2), 16));
    const u8 = at => bytes[at];
    const u16 = at => bytes[at] * 256 + bytes[at + 1];
    return {bytes, u8, u16, u32: at => u16(at) * 65536 + u16(at + 2)};
  }

  const hex = (value, digits) => '0x' + value.toString(16).padStart(digits, '0');

  function address6(r, at) {
    const groups = Array.from({length: 8}, (_, i) => r.u16(at + 2 * i).toString(16)).join(':');
    return groups.replace(/\b0(:0\b)+/, '').replace(/^:|:$/g, '::').replace(/:{3,}/, '::') || '::';
  }

  // A field: its name, its first bit and how many, its value, what it means.
  const field = (name, bit, bits, value, meaning) => ({name, bit, bits, value: String(value), meaning: meaning || ''});

  function ipv4(r) {
    const address = at => [0, 1, 2, 3].map(i => r.u8(at + i)).join('.');
    const flags = r.u8(6) >> 5;
    const ecn = r.u8(1) & 3;
    return [
      field('Version', 0, 4, r.u8(0) >> 4), field('IHL', 4, 4, r.u8(0) & 15,
          two('header length in words of 4 bytes', '首部长度，以 4 字节为单位')),
      field('DSCP', 8, 6, r.u8(1) >> 2), field('ECN', 14, 2, ecn, [two('not ECN-capable', '不支持 ECN'), 'ECT(1)', 'ECT(0)',
        two('congestion experienced', '经历拥塞')][ecn]),
      field('Total length', 16, 16, r.u16(2), two('bytes, header and data', '字节，首部与数据')),
      field('Identification', 32, 16, r.u16(4)),
      field('Flags', 48, 3, flags, flags & 2 ? two('DF: do not fragment', 'DF：不得分片') : ''),
      field('Fragment offset', 51, 13, r.u16(6) & 0x1fff),
      field('TTL', 64, 8, r.u8(8), two('routers it may still pass', '还可经过的路由器数')),
      field('Protocol', 72, 8, r.u8(9), r.u8(9) === 6 ? 'TCP' : ''), field('Header checksum', 80, 16, hex(r.u16(10), 4)),
      field('Source address', 96, 32, address(12)), field('Destination address', 128, 32, address(16))
    ];
  }

  function ipv6(r) {
    return [
      field('Version', 0, 4, r.u8(0) >> 4), field('Traffic class', 4, 8, (r.u16(0) >> 4) & 255),
      field('Flow label', 12, 20, hex(r.u32(0) % 0x100000, 5)), field('Payload length', 32, 16, r.u16(4)),
      field('Next header', 48, 8, r.u8(6), r.u8(6) === 6 ? 'TCP' : ''), field('Hop limit', 56, 8, r.u8(7)),
      field('Source address', 64, 128, address6(r, 8)), field('Destination address', 192, 128, address6(r, 24))
    ];
  }

  function tcp(r, at, isn, shift) {
    const flags = r.u8(at + 13);
    const has = bit => (flags >> bit & 1) === 1;
    const relative = (number, initial) => two('relative ', '相对值 ') + (number - initial + 0x100000000) % 0x100000000;
    const window = r.u16(at + 14);
    return [
      field('Source port', 0, 16, r.u16(at)), field('Destination port', 16, 16, r.u16(at + 2)),
      field('Sequence number', 32, 32, r.u32(at + 4), relative(r.u32(at + 4), isn.own)),
      field('Acknowledgment number', 64, 32, r.u32(at + 8), has(4) ? relative(r.u32(at + 8), isn.peer) + two(
          ': the byte expected next', '：期望的下一字节') : two('without meaning: no ACK', '无意义：未设 ACK')),
      field('Data offset', 96, 4, r.u8(at + 12) >> 4, two('header length in words of 4 bytes', '首部长度，以 4 字节为单位')),
      field('Reserved', 100, 4, r.u8(at + 12) & 15),
      ...FLAGS.map(([name, bit, en, zh], i) => field(name, 104 + i, 1, has(bit) ? 1 : 0, has(bit) ? two(en, zh) : '')),
      field('Window', 112, 16, window, has(1) ? two('bytes, never scaled in a SYN', '字节，SYN 中从不缩放')
        : shift > 0 ? '× 2^' + shift + ' = ' + window * 2 ** shift + two(' bytes', ' 字节') : two('bytes', '字节')),
      field('Checksum', 128, 16, hex(r.u16(at + 16), 4)), field('Urgent pointer', 144, 16, r.u16(at + 18)),
      ...options(r, at, isn)
    ];
  }

  function options(r, at, isn) {
    const end = at + (r.u8(at + 12) >> 4) * 4;
    const out = [];
    for (let o = at + 20; o < end && r.u8(o) !== 0;) {
      const kind = r.u8(o);
      const length = kind === 1 ? 1 : r.u8(o + 1);
      if (length < 1 || o + length > end) {
        break;
      }
      out.push(Object.assign(option(r, o, kind, length, isn), {bit: (o - at) * 8, bits: length * 8, option: true}));
      o += length;
    }
    return out;
  }

  function option(r, o, kind, length, isn) {
    const edge = at => (r.u32(at) - isn.peer + 0x100000000) % 0x100000000;
    switch (kind) {
      case 1: return field('NOP', 0, 0, '', two('padding', '填充'));
      case 2: return field('MSS', 0, 0, r.u16(o + 2), two('bytes of data in a segment at most', '一个报文段最多的数据字节'));
      case 3: return field('Window scale', 0, 0, r.u8(o + 2), two('windows count ', '窗口单位为 ') + 2 ** r.u8(o + 2)
          + two(' bytes', ' 字节'));
      case 4: return field('SACK permitted', 0, 0, '', two('may be told what arrived out of order', '可接收选择性确认'));
      case 5: return field('SACK', 0, 0, Array.from({length: (length - 2) / 8},
          (_, i) => edge(o + 2 + 8 * i) + '–' + edge(o + 6 + 8 * i)).join(', '), two('arrived out of order', '已乱序到达'));
      case 8: return field('Timestamps', 0, 0, r.u32(o + 2), two('echoes ', '回显 ') + r.u32(o + 6));
      default: return field(two('Option ', '选项 ') + kind, 0, 0, length, two('bytes', '字节'));
    }
  }

  // The window scale in the SYN of one side; 0 when a side had none, since then nobody scales.
  function shifts(ladder) {
    const found = {};
    ladder.rows.forEach(row => {
      const scale = row.segment && /^SYN/.test(row.segment) && row.segment.match(/wscale (\d+)/);
      if (scale) {
        found[row.fromLeft ? 'left' : 'right'] = Number(scale[1]);
      }
    });
    return found.left === undefined || found.right === undefined ? {left: 0, right: 0} : found;
  }

  function grid(fields, title) {
    return h('div', {class: 'bits', 'aria-hidden': 'true'}, fields.filter(f => !f.option).map(f =>
      h('div', {class: 'cell' + (f.bits === 1 ? ' flag' + (f.value === '1' ? ' set' : '') : ''),
        title: f.name + ' ' + f.value, 'data-bits': Math.min(32, f.bits)},
      h('span', null, f.name), h('b', null, f.value))), title);
  }

  function table(fields, caption) {
    return h('table', {class: 'fields'}, h('caption', null, caption), h('thead', null, h('tr', null,
        ['field', 'bits', 'value', 'meaning'].map(name => h('th', {scope: 'col'}, t(name))))),
    h('tbody', null, fields.map(f => h('tr', null, h('th', {scope: 'row'}, f.name),
        h('td', null, f.bits === 1 ? String(f.bit) : f.bit + '–' + (f.bit + f.bits - 1)), h('td', {class: 'mono'}, f.value),
        h('td', null, f.meaning)))));
  }

  // The fields of a row of the ladder; null for what is no segment.
  Lab.headerFields = (ladder, row) => {
    if (!row.headers) {
      return null;
    }
    const r = reader(row.headers);
    // A row of an earlier connection between the same ports brings its own.
    const {leftIsn, rightIsn} = row.leftIsn === undefined ? ladder : row;
    const isn = row.fromLeft ? {own: leftIsn, peer: rightIsn} : {own: rightIsn, peer: leftIsn};
    const four = r.u8(0) >> 4 === 4;
    const at = four ? (r.u8(0) & 15) * 4 : 40;
    return {ip: four ? ipv4(r) : ipv6(r), version: four ? 4 : 6,
      tcp: tcp(r, at, isn, shifts(ladder)[row.fromLeft ? 'left' : 'right'])};
  };

  Lab.header = model => {
    const body = h('div');
    let ipOpen = false;

    function update(cursor) {
      const {row} = cursor.step;
      const fields = Lab.headerFields(model.ladder, row);
      Lab.clear(body);
      if (!fields) {
        body.append(h('p', {class: 'hint'}, t('headerNone')));
        return;
      }
      const {left, right} = model.ladder;
      body.append(h('p', null, t('headerOf', row.fromLeft ? left : right, row.fromLeft ? right : left,
          Lab.time(row.sentNs), row.segment)),
      grid(fields.tcp), table(fields.tcp, 'TCP (RFC 9293)'), h('details', {open: ipOpen, ontoggle: e => {
        ipOpen = e.target.open;
      }}, h('summary', null, t('ipHeader')), table(fields.ip, fields.version === 4 ? 'IPv4 (RFC 791)' : 'IPv6 (RFC 8200)')));
    }

    return {element: h('section', {class: 'card wide', 'aria-labelledby': 'header-title'},
        h('h3', {id: 'header-title'}, t('header')), body), update};
  };
})();
