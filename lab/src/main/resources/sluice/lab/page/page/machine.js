// The state machine of RFC 9293 (figure 5), with the states of both ends lit.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, s, t} = Lab;
  const WIDE = 108;
  const HIGH = 26;

  const PLACES = {
    'CLOSED': [200, 20], 'LISTEN': [200, 84], 'SYN-RECEIVED': [70, 150], 'SYN-SENT': [330, 150],
    'ESTABLISHED': [200, 216], 'FIN-WAIT-1': [70, 284], 'CLOSE-WAIT': [330, 284], 'FIN-WAIT-2': [70, 352],
    'CLOSING': [200, 352], 'LAST-ACK': [330, 352], 'TIME-WAIT': [135, 418]
  };

  // From, to, what happens, where its words stand.
  const ARROWS = [
    ['CLOSED', 'LISTEN', 'passive open', [194, 56, 'end']],
    ['CLOSED', 'SYN-SENT', 'active open / SYN', [258, 60, 'start']],
    ['LISTEN', 'SYN-RECEIVED', 'SYN / SYN,ACK', [78, 112, 'middle']],
    ['LISTEN', 'SYN-SENT', 'send / SYN', [310, 112, 'middle']],
    ['SYN-SENT', 'SYN-RECEIVED', 'SYN / SYN,ACK', [200, 145, 'middle']],
    ['SYN-RECEIVED', 'ESTABLISHED', 'ACK', [112, 188, 'middle']],
    ['SYN-SENT', 'ESTABLISHED', 'SYN,ACK / ACK', [324, 190, 'middle']],
    ['SYN-RECEIVED', 'FIN-WAIT-1', 'close / FIN', [34, 222, 'start']],
    ['ESTABLISHED', 'FIN-WAIT-1', 'close / FIN', [168, 256, 'start']],
    ['ESTABLISHED', 'CLOSE-WAIT', 'FIN / ACK', [300, 254, 'start']],
    ['FIN-WAIT-1', 'FIN-WAIT-2', 'ACK', [64, 323, 'end']],
    ['FIN-WAIT-1', 'CLOSING', 'FIN / ACK', [166, 318, 'start']],
    ['CLOSE-WAIT', 'LAST-ACK', 'close / FIN', [336, 323, 'start']],
    ['FIN-WAIT-2', 'TIME-WAIT', 'FIN / ACK', [70, 392, 'middle']],
    ['CLOSING', 'TIME-WAIT', 'ACK', [186, 392, 'start']],
    ['LAST-ACK', 'CLOSED', 'ACK', [330, 392, 'middle']],
    ['TIME-WAIT', 'CLOSED', '2·MSL', [212, 412, 'start']]
  ];

  // Where the border of a box is met on the way from its middle to another point.
  function border([x, y], [toX, toY]) {
    const dx = toX - x;
    const dy = toY - y;
    const scale = Math.min(dx ? WIDE / 2 / Math.abs(dx) : Infinity, dy ? HIGH / 2 / Math.abs(dy) : Infinity);
    return [x + dx * scale, y + dy * scale];
  }

  function line(from, to) {
    // Both ways out of a connection lead to CLOSED, drawn a second time at the bottom.
    const target = to === 'CLOSED' ? [330, 418] : PLACES[to];
    const [x1, y1] = border(PLACES[from], target);
    const [x2, y2] = border(target, PLACES[from]);
    return s('line', {x1, y1, x2, y2, 'marker-end': 'url(#arrowhead)', class: 'way'});
  }

  function box(name, [x, y], more) {
    return s('g', {class: 'box', 'data-state': name},
        s('rect', {x: x - WIDE / 2, y: y - HIGH / 2, width: WIDE, height: HIGH, rx: 6, class: 'outer'}),
        s('rect', {x: x - WIDE / 2 + 3.5, y: y - HIGH / 2 + 3.5, width: WIDE - 7, height: HIGH - 7, rx: 4,
          class: 'inner'}),
        s('text', {x, y: y + 4, 'text-anchor': 'middle'}, name), more);
  }

  Lab.machine = model => {
    const boxes = Object.entries(PLACES).map(([name, place]) => box(name, place));
    const again = box('CLOSED', [330, 418]);
    const tags = s('g', {class: 'tags'});
    const svg = s('svg', {viewBox: '0 0 400 440', role: 'img', class: 'machine'},
        s('defs', null, s('marker', {id: 'arrowhead', markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: 'auto'},
            s('path', {d: 'M0,0 L8,4 L0,8 z'}))),
        ARROWS.map(([from, to]) => line(from, to)),
        ARROWS.map(([, , words, [x, y, anchor]]) => s('text', {x, y, 'text-anchor': anchor, class: 'why'}, words)),
        boxes, again, tags);
    const now = h('p', {class: 'machine-now'});

    function update(cursor) {
      const states = {};
      Lab.clear(tags);
      Lab.clear(now);
      [...boxes, again].forEach(b => b.setAttribute('class', 'box'));
      for (const side of ['left', 'right']) {
        const state = model.state(side, cursor.ns);
        states[side] = state;
        const passed = model.passed(side, cursor.ns);
        const closedAgain = state === 'CLOSED' && passed.length > 1;
        const found = closedAgain ? again : boxes.find(b => b.dataset.state === state);
        boxes.filter(b => passed.includes(b.dataset.state)).forEach(b => b.classList.add('passed'));
        if (found) {
          found.classList.add('lit-' + side);
          const [x, y] = closedAgain ? [330, 418] : PLACES[state];
          tags.append(s('text', {x: x + (side === 'left' ? -1 : 1) * (WIDE / 2 - 2), y: y - HIGH / 2 - 3,
            'text-anchor': side === 'left' ? 'start' : 'end', class: 'tag ' + side}, model.name(side)));
        }
        now.append(h('span', {class: 'chip ' + side}, t('machineNow', model.name(side), state || t('unknown'))));
      }
      svg.setAttribute('aria-label', t('machine') + '. ' + t('machineNow', model.ladder.left,
          states.left || t('unknown')) + '; ' + t('machineNow', model.ladder.right, states.right || t('unknown')));
    }

    return {element: h('section', {class: 'card', 'aria-labelledby': 'machine-title'},
        h('h3', {id: 'machine-title'}, t('machine')), now, svg), update};
  };
})();
