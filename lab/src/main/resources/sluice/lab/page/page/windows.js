// The sliding window of one direction: the stream of bytes as a bar at each end, with the documents' pointers.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, s, t} = Lab;
  const HIGH = 26;

  // The two ends' moments as one picture.
  const picture = (sender, receiver) => ({
    sndUna: sender.sndUna, sndNxt: sender.sndNxt, sndWnd: sender.sndWnd, unsent: sender.unsent,
    lastByteRead: receiver.lastByteRead, nextByteExpected: receiver.rcvNxt, rcvWnd: receiver.rcvWnd,
    maxRcvBuffer: receiver.maxRcvBuffer
  });
  const left = p => Math.min(p.sndUna, p.lastByteRead + 1);
  const dataEnd = p => Math.max(p.sndNxt + p.unsent, p.nextByteExpected);
  const right = p => Math.max(dataEnd(p), p.sndUna + p.sndWnd, p.lastByteRead + 1 + p.maxRcvBuffer);

  // Which bytes the axis shows: all of a short stream; of a long one a stretch in which the window moves.
  function scale(all) {
    const most = Math.max(...all.map(dataEnd));
    const end = Math.max(...all.map(right));
    const span = Math.max(...all.map(p => right(p) - left(p)));
    const cut = Math.max(20, most * 1.6); // a window far beyond all data is cut off
    const from = Math.min(...all.map(left));
    if (cut < end && most < end / 3) {
      return () => [from, cut];
    }
    if (end - from <= span * 2.5) {
      return () => [from, end];
    }
    const step = span;
    return p => {
      const at = Math.floor((left(p) - from) / step) * step + from;
      return [at, at + 2 * span];
    };
  }

  Lab.windows = (stage, model, choose) => {
    const drawing = h('div', {class: 'windows'});
    const legend = h('ul', {class: 'legend'});
    const says = h('p');
    let sender = model ? model.mainSender() : 'left';
    let shown = null;
    const other = side => side === 'left' ? 'right' : 'left';
    const name = side => model ? model.name(side) : t(side === 'left' ? 'sender' : 'receiver');

    function known(from) {
      if (!model) {
        return stage.windows;
      }
      const all = model.sides[from].filter(m => m.known).map(m => {
        const peer = model.moment(other(from), {ns: m.ns});
        return peer && picture(m, peer);
      });
      return all.filter(Boolean).concat(from === 'left' ? stage.windows : []);
    }
    let axis = null;
    const who = (part, side) => t(part) + (name(side) === t(part) ? '' : ': ' + name(side));

    function bar(x, y, parts, limits) {
      return parts.map(([from, to, css]) => {
        const a = x(Math.max(limits[0], Math.min(limits[1], from)));
        const b = x(Math.max(limits[0], Math.min(limits[1], to)));
        return b > a ? s('rect', {x: a, y, width: b - a, height: HIGH, class: 'part ' + css}) : null;
      });
    }

    function pointers(x, y, width, list, limits) {
      return list.map(([label, at], i) => {
        const beyond = at > limits[1];
        const px = x(Math.max(limits[0], Math.min(limits[1], at)));
        const start = px < width / 2;
        const ty = y + HIGH + 14 + i * 15;
        return [s('line', {x1: px, y1: y - 4, x2: px, y2: ty - 9, class: 'pointer'}),
          s('text', {x: px + (start ? 4 : -4), y: ty, 'text-anchor': start ? 'start' : 'end'},
              label + ' ' + at + (beyond ? ' →' : ''))];
      });
    }

    function draw(p) {
      if (!drawing.clientWidth) {
        return; // not on the page yet: drawn when it is
      }
      const width = Math.max(300, drawing.clientWidth);
      const limits = axis(p);
      const x = value => 6 + (value - limits[0]) / Math.max(1, limits[1] - limits[0]) * (width - 12);
      const usable = p.sndUna + p.sndWnd;
      const ys = [24, 24 + HIGH + 74];
      Lab.clear(drawing).append(s('svg', {width, height: ys[1] + HIGH + 70, role: 'img', 'aria-label': words(p)},
          s('text', {x: 6, y: ys[0] - 9, class: 'who ' + sender}, who('sender', sender)),
          bar(x, ys[0], [[limits[0], p.sndUna, 'done'], [p.sndUna, p.sndNxt, 'sent'],
            [p.sndNxt, Math.max(p.sndNxt, usable), 'usable'],
            [Math.max(p.sndNxt, usable), p.sndNxt + p.unsent, 'unsent']], limits),
          s('rect', {x: x(limits[0]), y: ys[0], width: width - 12, height: HIGH, class: 'frame'}),
          pointers(x, ys[0], width, [['SND.UNA', p.sndUna], ['SND.NXT', p.sndNxt], ['SND.UNA + SND.WND', usable]], limits),
          s('text', {x: 6, y: ys[1] - 9, class: 'who ' + other(sender)}, who('receiver', other(sender))),
          bar(x, ys[1], [[limits[0], p.lastByteRead + 1, 'done'], [p.lastByteRead + 1, p.nextByteExpected, 'sent'],
            [p.nextByteExpected, p.nextByteExpected + p.rcvWnd, 'usable']], limits),
          s('rect', {x: x(limits[0]), y: ys[1], width: width - 12, height: HIGH, class: 'frame'}),
          pointers(x, ys[1], width, [['LastByteRead', p.lastByteRead], ['NextByteExpected', p.nextByteExpected],
            ['LastByteRead + MaxRcvBuffer', p.lastByteRead + p.maxRcvBuffer]], limits)));
      Lab.clear(legend).append(...[['done', 'acknowledged', 'read'], ['sent', 'sent', 'buffered'],
        ['usable', 'usableWindow', 'window'], ['unsent', 'waits', null]].map(([css, a, b]) => h('li', null,
          h('span', {class: 'swatch ' + css}), t(a) + (b ? ' / ' + t(b) : ''))));
    }

    function words(p) {
      return t('windowsSays', name(sender), name(other(sender))) + ' SND.UNA ' + p.sndUna + ', SND.NXT ' + p.sndNxt
        + ', SND.WND ' + p.sndWnd + ', ' + t('usableWindow') + ' ' + (p.sndWnd - (p.sndNxt - p.sndUna)) + '; LastByteRead '
        + p.lastByteRead + ', NextByteExpected ' + p.nextByteExpected + ', MaxRcvBuffer ' + p.maxRcvBuffer;
    }

    function show(p) {
      shown = p;
      if (p && axis) {
        draw(p);
      } else {
        Lab.clear(legend);
        Lab.clear(drawing).append(h('p', {class: 'hint'}, t('windowNone')));
      }
    }

    function update(cursor) {
      const from = model.moment(sender, cursor);
      const to = model.moment(other(sender), cursor);
      show(from && to ? picture(from, to) : null);
    }

    function turn(side) {
      sender = side;
      const all = known(side);
      axis = all.length ? scale(all) : null;
      says.textContent = t('windowsSays', name(sender), name(other(sender)));
    }
    turn(sender);

    let latest = null;
    const direction = model ? h('fieldset', {class: 'choice'}, h('legend', null, t('direction')), ['left', 'right'].map(side =>
      h('label', null, h('input', {type: 'radio', name: 'direction', value: side, checked: side === sender, onchange: () => {
        turn(side);
        update(latest);
      }}), name(side) + ' → ' + name(other(side))))) : null;
    const pictures = stage.windows.length ? h('div', {class: 'pictures', role: 'group', 'aria-label': t('pictures')},
        h('span', null, t('pictures') + ':'), stage.windows.map(p => h('button', {type: 'button', onclick: () => {
          if (model) {
            choose(p.ms * 1e6);
          }
          turn('left');
          show(p);
        }}, Lab.say(p.title)))) : null;

    new ResizeObserver(() => shown && axis && draw(shown)).observe(drawing);
    if (!model) {
      setTimeout(() => show(stage.windows[0]));
    }
    return {element: h('section', {class: 'card wide', 'aria-labelledby': 'windows-title'},
        h('h3', {id: 'windows-title'}, t('windows')), says, direction, drawing, legend, pictures),
    update: cursor => {
      latest = cursor;
      update(cursor);
    }};
  };
})();
