// Plots over time (uPlot): one linked cursor, one zoom, events and spans of the recording.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t} = Lab;
  const COLOURS = {cwnd: 'blue', ssthresh: 'vermillion', 'in flight': 'green', samples: 'sky', SRTT: 'purple',
    minimum: 'green', RTO: 'vermillion', goodput: 'green', pacing: 'blue', waiting: 'sky', 'peer\'s window': 'grey',
    'SND.WND': 'purple', usable: 'green', data: 'blue', acknowledged: 'green', retransmitted: 'vermillion',
    'out of order': 'orange', SACK: 'purple', window: 'grey', 'window\'s edge': 'grey', 'acknowledged, SACKed': 'green'};
  const OTHERS = ['blue', 'vermillion', 'green', 'purple', 'orange', 'sky', 'grey'];
  const SPANS = {'disorder': 'grey', 'CWR (marks)': 'orange', 'recovery': 'orange', 'loss (after RTO)': 'vermillion'};
  const SYNC = 'lab';

  // What the moments of the sender say, for experiments that recorded nothing of their own.
  function ofMoments(model) {
    const moments = model.sides[model.mainSender()].filter(m => m.known);
    const line = (name, style, of) => ({name, style, us: moments.map(m => m.ns / 1000), values: moments.map(of)});
    const panels = [
      {title: 'windows', unit: 'count', lines: [line('in flight', 'area', m => m.inFlight),
        line('ssthresh', 'dashes', m => m.ssthresh), line('cwnd', 'steps', m => m.cwnd)]},
      {title: 'usable window', unit: 'bytes', lines: [line('SND.WND', 'dashes', m => m.sndWnd),
        line('usable', 'area', m => Math.max(0, m.sndWnd - (m.sndNxt - m.sndUna)))]},
      {title: 'round trip', unit: 'seconds', lines: [line('RTO', 'dashes', m => m.rtoUs ? m.rtoUs / 1e6 : null),
        line('SRTT', 'steps', m => m.srttUs ? m.srttUs / 1e6 : null)]}
    ];
    const varies = l => new Set(l.values.filter(v => v !== null)).size > 1;
    return panels.filter(p => p.lines.some(varies)).map(p => ({...p, lines: p.lines.filter(
        l => l.values.some(v => v !== null))}));
  }

  // The lines of a panel over the same times: what holds until the next point is carried on.
  function aligned(panel) {
    const times = [...new Set(panel.lines.flatMap(l => l.us))].sort((a, b) => a - b);
    return [times.map(us => us / 1e6)].concat(panel.lines.map(l => {
      let i = -1;
      return times.map(us => {
        const before = i;
        while (i + 1 < l.us.length && l.us[i + 1] <= us) {
          i++;
        }
        if (l.style === 'dots' || l.style === 'line') {
          return i !== before ? l.values[i] : l.style === 'line' && i >= 0 ? undefined : null;
        }
        return i < 0 ? null : l.values[i];
      });
    }));
  }

  function series(line, i, unit) {
    const colour = Lab.colour(COLOURS[line.name] || OTHERS[i % OTHERS.length]);
    const one = {label: Lab.foreign(line.name), stroke: colour, width: line.style === 'area' ? 1 : 2,
      points: {show: false}, value: (u, v) => Lab.quantity(v, unit), spanGaps: line.style === 'line'};
    if (line.style === 'dots') {
      return {...one, paths: () => null, points: {show: true, size: 5, fill: colour}};
    }
    if (line.style !== 'line') {
      one.paths = uPlot.paths.stepped({align: 1});
    }
    if (line.style === 'area') {
      one.fill = colour + '38';
    }
    if (line.style === 'dashes') {
      one.dash = [7, 4];
    }
    return one;
  }

  Lab.plots = (stage, model, choose) => {
    const charts = stage.plots.map(p => ({...p.chart, title: Lab.say(p.title)}));
    if (!charts.length && model) {
      const panels = ofMoments(model);
      if (panels.length) {
        charts.push({title: t('sender') + ': ' + model.name(model.mainSender()), panels, lanes: [], spans: []});
      }
    }
    if (!charts.some(c => c.panels.length)) {
      return null;
    }
    const box = h('div', {class: 'plots'});
    let drawn = [];
    let nowNs = null;
    let width = 0;
    let busy = false;

    function follow(u, key) {
      if (key !== 'x' || busy) {
        return;
      }
      busy = true;
      const {min, max} = u.scales.x;
      drawn.filter(p => p !== u).forEach(p => p.setScale('x', {min, max}));
      busy = false;
    }

    function spans(u, chart) {
      const {ctx, bbox} = u;
      chart.spans.forEach(([name, from, to]) => {
        const a = Math.max(bbox.left, u.valToPos(from / 1e6, 'x', true));
        const b = Math.min(bbox.left + bbox.width, u.valToPos(to / 1e6, 'x', true));
        if (b > a) {
          ctx.fillStyle = Lab.colour(SPANS[name] || 'grey') + '2e';
          ctx.fillRect(a, bbox.top, b - a, bbox.height);
        }
      });
    }

    // Events as marks along the upper edge, a row for each kind.
    function lanes(u, chart) {
      const {ctx, bbox} = u;
      const scale = devicePixelRatio;
      chart.lanes.forEach((lane, row) => {
        ctx.fillStyle = Lab.colour(OTHERS[(row + 1) % OTHERS.length]);
        lane.events.forEach(([us]) => {
          const x = u.valToPos(us / 1e6, 'x', true);
          if (x >= bbox.left && x <= bbox.left + bbox.width) {
            ctx.fillRect(x - scale, bbox.top + (2 + row * 8) * scale, 2 * scale, 7 * scale);
          }
        });
      });
    }

    function cursorLine(u) {
      if (nowNs === null) {
        return;
      }
      const {ctx, bbox} = u;
      const x = u.valToPos(nowNs / 1e9, 'x', true);
      if (x >= bbox.left && x <= bbox.left + bbox.width) {
        ctx.save();
        ctx.strokeStyle = Lab.colour('ink');
        ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash([]);
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
        ctx.restore();
      }
    }

    function plot(chart, panel, first) {
      const ink = Lab.colour('ink');
      const grid = {stroke: Lab.colour('grid'), width: 1};
      const place = h('div', {class: 'plot', role: 'group', 'aria-label': summary(panel)});
      const u = new uPlot({
        width, height: 210,
        scales: {x: {time: false}, y: {range: (self, min, max) => [Math.min(0, min || 0), (max || 1) * 1.08]}},
        cursor: {sync: {key: SYNC, setSeries: false}, drag: {x: true, y: false}, y: false},
        axes: [{stroke: ink, grid, ticks: grid, size: 34, values: (self, all) => all.map(v => Lab.number(v, 6) + ' s'),
          space: 70},
        {stroke: ink, grid, ticks: grid, size: 78, values: (self, all) => all.map(v => Lab.quantity(v, panel.unit))}],
        series: [{label: t('seconds'), value: (self, v) => v === null ? '–' : Lab.number(v, 6)},
          ...panel.lines.map((l, i) => series(l, i, panel.unit))],
        hooks: {setScale: [follow], drawClear: [self => spans(self, chart)],
          draw: [self => first && lanes(self, chart), cursorLine]}
      }, aligned(panel), place);
      u.over.addEventListener('click', () => {
        if (u.select.width === 0 && u.cursor.left >= 0) {
          choose(u.posToVal(u.cursor.left, 'x') * 1e9);
        }
      });
      const canvas = place.querySelector('canvas');
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', summary(panel));
      drawn.push(u);
      return h('figure', null, h('figcaption', null, Lab.foreign(panel.title)), place);
    }

    // What the lines end at, for those who do not see them.
    const summary = panel => Lab.foreign(panel.title) + ': ' + panel.lines.map(l => {
      const values = l.values.filter(v => v !== null);
      return Lab.foreign(l.name) + ' ' + Lab.quantity(Math.min(...values), panel.unit) + '–'
        + Lab.quantity(Math.max(...values), panel.unit);
    }).join(', ');

    function marks(chart) {
      const names = [...new Set(chart.spans.map(([name]) => name))];
      if (!chart.lanes.length && !names.length) {
        return null;
      }
      return h('ul', {class: 'legend'}, chart.lanes.map((lane, row) => h('li', null,
          h('span', {class: 'swatch tick ' + OTHERS[(row + 1) % OTHERS.length]}),
          Lab.foreign(lane.name) + ' × ' + lane.events.length)),
      names.map(name => h('li', null, h('span', {class: 'swatch span ' + (SPANS[name] || 'grey')}), Lab.foreign(name))));
    }

    function build() {
      drawn.forEach(u => u.destroy());
      drawn = [];
      width = Math.max(280, box.clientWidth || 600);
      Lab.clear(box).append(...charts.map(chart => h('div', null, h('h4', null, chart.title), marks(chart),
          chart.panels.map((panel, i) => plot(chart, panel, i === 0)))));
    }

    // Zooms about the chosen moment, or the middle.
    function zoom(factor) {
      if (!drawn.length) {
        return;
      }
      const u = drawn[0];
      const xs = u.data[0];
      if (factor === 0) {
        u.setScale('x', {min: whole()[0], max: whole()[1]});
        return;
      }
      const {min, max} = u.scales.x;
      const at = nowNs !== null && nowNs / 1e9 >= min && nowNs / 1e9 <= max ? nowNs / 1e9 : (min + max) / 2;
      const next = {min: at - (at - min) * factor, max: at + (max - at) * factor};
      if (next.max - next.min > 1e-6 && xs.length) {
        const [from, to] = whole();
        u.setScale('x', {min: Math.max(from, next.min), max: Math.min(to, next.max)});
      }
    }
    const whole = () => [Math.min(...drawn.map(u => u.data[0][0])),
      Math.max(...drawn.map(u => u.data[0][u.data[0].length - 1]))];

    new ResizeObserver(() => {
      if (box.clientWidth && Math.abs(box.clientWidth - width) > 2) {
        build();
      }
    }).observe(box);
    const onTheme = () => box.isConnected && build();
    document.addEventListener('lab-theme', onTheme);

    const tools = h('div', {class: 'tools', role: 'group', 'aria-label': t('plots')},
        [['zoomIn', 0.5, '+'], ['zoomOut', 2, '−'], ['zoomAll', 0, '0']].map(([key, factor, letter]) =>
          h('button', {type: 'button', 'data-zoom': factor, 'aria-keyshortcuts': letter, onclick: () => zoom(factor)},
              t(key))));
    return {element: h('section', {class: 'card wide', 'aria-labelledby': 'plots-title'},
        h('h3', {id: 'plots-title'}, t('plots')), h('p', {class: 'hint'}, t('plotsSays')), tools, box),
    zoom, range: () => drawn.map(u => [u.scales.x.min, u.scales.x.max]),
    update: cursor => {
      nowNs = cursor.ns;
      if (!drawn.length && box.clientWidth) {
        build();
        return;
      }
      drawn.forEach(u => u.redraw(false, false));
    },
    gone: () => {
      document.removeEventListener('lab-theme', onTheme);
      drawn.forEach(u => u.destroy());
    }};
  };
})();
