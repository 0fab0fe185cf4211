// The page of a campaign: a heat map over two axes, the others chosen; curves of the same numbers; a cell's commands.
(function () {
  'use strict';
  const data = window.CAMPAIGN;
  const axes = data.axes;
  const cells = new Map(data.cells.map(c => [c.at.join(','), c]));
  const failed = data.cells.reduce((sum, c) => sum + c.failed, 0);
  const state = { measure: 0, number: 'median', x: Math.max(0, axes.length - 1), y: Math.max(0, axes.length - 2), at: axes.map(() => 0), cell: null };
  const byId = id => document.getElementById(id);
  const colours = ['--blue', '--vermillion', '--green', '--purple', '--orange', '--sky', '--grey'];
  let plot = null;

  function make(name, text, attributes) {
    const e = document.createElement(name);
    if (text !== undefined) e.textContent = text;
    Object.entries(attributes || {}).forEach(([k, v]) => e.setAttribute(k, v));
    return e;
  }

  function shown(v) {
    if (v === null || v === undefined) return '–';
    const size = Math.abs(v);
    return v === 0 ? '0' : v.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  }

  function choice(label, options, value, set) {
    const l = make('label', label + ' ');
    const s = make('select');
    options.forEach(([v, text]) => s.append(make('option', text, { value: v })));
    s.value = value;
    s.onchange = () => { set(s.value); draw(); };
    l.append(s);
    byId('choices').append(l);
  }

  function at(x, y) {
    const place = state.at.slice();
    if (axes.length) place[state.x] = x;
    if (axes.length > 1) place[state.y] = y;
    return cells.get(place.join(','));
  }

  function value(cell) {
    return cell ? cell.of[state.measure][state.number] : null;
  }

  // From a light to a full blue: the better, the fuller. White on what is darker than the middle, black on the rest: 4.5 to 1 at the least.
  function ground(v, low, high) {
    if (v === null || v === undefined) return ['var(--card)', 'var(--dim)'];
    const share = high > low ? (v - low) / (high - low) : 0.5;
    const good = data.measures[state.measure].up ? share : 1 - share;
    return ['color-mix(in srgb, #005a94 ' + Math.round(8 + 84 * good) + '%, #fff6ea)', good > 0.84 ? '#fff' : '#000'];
  }

  function heat() {
    const table = byId('heat');
    table.replaceChildren();
    const m = data.measures[state.measure];
    const xs = axes.length ? axes[state.x].labels : [''];
    const ys = axes.length > 1 ? axes[state.y].labels : [''];
    byId('heat-title').textContent = m.name + ', ' + m.unit + ' (' + state.number + ')'
      + (axes.length > 1 ? ': ' + axes[state.x].name + ' across, ' + axes[state.y].name + ' down' : '');
    const all = data.cells.map(value).filter(v => v !== null && v !== undefined);
    const low = Math.min(...all), high = Math.max(...all);
    const head = make('tr');
    head.append(make('td'));
    xs.forEach(x => head.append(make('th', x, { scope: 'col' })));
    table.append(head);
    ys.forEach((y, j) => {
      const row = make('tr');
      row.append(make('th', y, { scope: 'row' }));
      xs.forEach((x, i) => {
        const cell = at(i, j);
        const td = make('td');
        const b = make('button', shown(value(cell)) + (cell && cell.failed ? ' ✗' + cell.failed : ''), { 'aria-pressed': String(cell !== undefined && cell === state.cell) });
        const [back, ink] = ground(value(cell), low, high);
        b.style.background = back;
        b.style.color = ink;
        b.disabled = !cell;
        b.onclick = () => { state.cell = cell; draw(); };
        td.append(b);
        row.append(td);
      });
      table.append(row);
    });
  }

  function details() {
    const c = state.cell;
    if (!c) return;
    const panel = byId('cell');
    const of = c.of[state.measure];
    panel.replaceChildren(make('h3', axes.map((a, i) => a.name + ' ' + a.labels[c.at[i]]).join(', ') || 'all'));
    panel.append(make('p', of.n + ' runs, ' + c.failed + ' failed. Median ' + shown(of.median) + ' (95 % interval ' + shown(of.low) + '–' + shown(of.high)
      + '), p10 ' + shown(of.p10) + ', p90 ' + shown(of.p90) + ', p99 ' + shown(of.p99) + ' ' + data.measures[state.measure].unit + '.'));
    [['The run in the middle again, drawn', of.again], ['The worst run again, drawn', of.worst]].forEach(([what, command]) => {
      const p = make('p', what + ': ');
      p.append(make('code', command), ' ');
      const copy = make('button', 'copy');
      copy.onclick = () => navigator.clipboard && navigator.clipboard.writeText(command);
      p.append(copy);
      panel.append(p);
    });
  }

  function curves() {
    const xs = axes.length ? axes[state.x].labels : [''];
    const ys = axes.length > 1 ? axes[state.y].labels : [''];
    const m = data.measures[state.measure];
    byId('curve-title').textContent = m.name + ' over ' + (axes.length ? axes[state.x].name : '') + (axes.length > 1 ? ', a curve for each value of ' + axes[state.y].name : '');
    const style = getComputedStyle(document.documentElement);
    const colour = i => style.getPropertyValue(colours[i % colours.length]).trim();
    const ink = style.getPropertyValue('--ink').trim();
    const grid = { stroke: style.getPropertyValue('--grid').trim(), width: 1 };
    if (plot) plot.destroy();
    plot = new uPlot({
      width: Math.min(1180, byId('curve').clientWidth || 800), height: 320,
      scales: { x: { time: false, range: [-0.3, xs.length - 0.7] } },
      axes: [{ stroke: ink, grid, ticks: grid, splits: () => xs.map((x, i) => i), values: (u, at) => at.map(i => xs[i]) }, { stroke: ink, grid, ticks: grid, label: m.unit, size: 70 }],
      series: [{ label: axes.length ? axes[state.x].name : '', value: (u, i) => i === null ? '' : xs[i] }]
        .concat(ys.map((y, j) => ({ label: y || m.name, stroke: colour(j), width: 2, points: { size: 6, fill: colour(j) }, dash: j >= colours.length ? [6, 4] : undefined })))
    }, [xs.map((x, i) => i)].concat(ys.map((y, j) => xs.map((x, i) => value(at(i, j)) ?? null))), byId('curve'));
  }

  function draw() {
    byId('choices').replaceChildren();
    choice('measure', data.measures.map((m, i) => [i, m.name]), state.measure, v => { state.measure = +v; });
    choice('number', ['median', 'p10', 'p90', 'p99'].map(n => [n, n]), state.number, v => { state.number = v; });
    if (axes.length > 1) {
      const names = axes.map((a, i) => [i, a.name]);
      choice('across', names, state.x, v => { if (+v === state.y) state.y = state.x; state.x = +v; });
      choice('down', names, state.y, v => { if (+v === state.x) state.x = state.y; state.y = +v; });
    }
    axes.forEach((a, i) => {
      if (i !== state.x && i !== state.y) choice(a.name, a.labels.map((l, k) => [k, l]), state.at[i], v => { state.at[i] = +v; });
    });
    heat();
    details();
    curves();
  }

  const dark = matchMedia('(prefers-color-scheme: dark)');
  function themed() {
    document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
  }
  themed();
  if (data.measures.length) {
    dark.addEventListener('change', () => { themed(); draw(); });
    addEventListener('resize', curves);
  }
  byId('summary').textContent = data.runs + ' runs in ' + data.cells.length + ' cells, ' + failed + ' failed';
  if (data.measures.length) draw();
})();
