// Both ends' variables and timers at the cursor.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t} = Lab;
  const us = (m, name) => m[name] > 0 ? Lab.time(m[name] * 1000) : '–';
  const plain = name => m => String(m[name]);

  // Key of the explanation, the name by the RFC, what it is of a moment.
  const SENDING = [
    ['sndUna', 'SND.UNA', plain('sndUna')], ['sndNxt', 'SND.NXT', plain('sndNxt')],
    ['sndWnd', 'SND.WND', plain('sndWnd')], ['usable', 'usable', m => String(m.sndWnd - (m.sndNxt - m.sndUna))],
    ['unsent', 'unsent', plain('unsent')], ['cwnd', 'cwnd', plain('cwnd')],
    ['ssthresh', 'ssthresh', m => m.ssthresh === null ? '∞' : String(m.ssthresh)],
    ['inFlight', 'in flight', plain('inFlight')], ['srtt', 'SRTT', m => us(m, 'srttUs')], ['rto', 'RTO', m => us(m, 'rtoUs')]
  ];
  const RECEIVING = [
    ['rcvNxt', 'RCV.NXT', plain('rcvNxt')], ['rcvWnd', 'RCV.WND', plain('rcvWnd')],
    ['lastByteRead', 'LastByteRead', plain('lastByteRead')], ['maxRcvBuffer', 'MaxRcvBuffer', plain('maxRcvBuffer')]
  ];

  // Timers that run, by what is left of them at a time.
  function timers(m, ns) {
    if (!m) {
      return '–';
    }
    const passed = (ns - m.ns) / 1e6;
    const running = Object.entries(m.timersMs).filter(([, ms]) => ms > passed)
        .map(([name, ms]) => name.replaceAll('_', '-') + ' ' + Lab.time((ms - passed) * 1e6));
    return running.length ? running.join(', ') : t('none');
  }

  Lab.ends = model => {
    const body = h('tbody');
    let before = null;

    function row(name, explanation, values, old) {
      const cells = values.map((value, i) => {
        const changed = old && old[i] !== value;
        return h('td', {class: changed ? 'changed' : null}, value,
            changed ? h('span', {class: 'unseen'}, ' (' + t('changed') + ')') : null);
      });
      return h('tr', null, h('th', {scope: 'row'}, name, explanation ? h('small', null, explanation) : null), cells);
    }

    function update(cursor) {
      const m = {left: model.moment('left', cursor), right: model.moment('right', cursor)};
      const values = {};
      const rows = [];
      const add = (key, name, explanation, both) => {
        values[key] = both;
        rows.push(row(name, explanation, both, before && before[key]));
      };
      add('state', t('state'), '', ['left', 'right'].map(side => model.state(side, cursor.ns) || '–'));
      for (const [title, list] of [['sending', SENDING], ['receiving', RECEIVING]]) {
        rows.push(h('tr', {class: 'group'}, h('th', {colspan: 3, scope: 'rowgroup'}, t(title))));
        list.forEach(([key, name, of]) => add(key, name, t(key), [m.left ? of(m.left) : '–', m.right ? of(m.right) : '–']));
      }
      rows.push(row(t('timers'), '', [timers(m.left, cursor.ns), timers(m.right, cursor.ns)], null));
      before = values;
      Lab.clear(body).append(...rows);
      hint.hidden = Boolean(m.left && m.right);
    }

    const hint = h('p', {class: 'hint'}, '–: ' + t('noBlock'));
    return {element: h('section', {class: 'card', 'aria-labelledby': 'ends-title'}, h('h3', {id: 'ends-title'}, t('ends')),
        h('table', {class: 'ends'}, h('thead', null, h('tr', null, h('th', {scope: 'col'}, t('variable')),
            h('th', {scope: 'col', class: 'left'}, model.ladder.left),
            h('th', {scope: 'col', class: 'right'}, model.ladder.right))), body), hint), update};
  };
})();
