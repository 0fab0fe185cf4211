// The page of a capture: the index of its connections, and one connection's story, ladder and pictures.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t} = Lab;
  const capture = window.CAPTURE;
  const SIGNS = {error: '✗', warning: '!', note: '·'};
  let view = null;
  let where = readPlace();

  // --- the address: #connection=3&packet=12&lang=zh ---

  function readPlace() {
    const q = new URLSearchParams(location.hash.slice(1));
    const only = capture.shown.length === 1 && capture.listed.length === 1 ? capture.shown[0].number : null;
    return {connection: Number(q.get('connection')) || only, packet: Number(q.get('packet')) || null};
  }

  function fragment(place) {
    const q = new URLSearchParams();
    if (place.connection) {
      q.set('connection', place.connection);
    }
    if (place.packet) {
      q.set('packet', place.packet);
    }
    if (Lab.lang !== 'en') {
      q.set('lang', Lab.lang);
    }
    return '#' + q;
  }

  Lab.home = () => h('a', {href: fragment({}), class: 'home'}, 'Sluice explain');

  const shown = number => capture.shown.find(c => c.number === number);
  const title = f => Lab.foreign(f.title);
  const ended = c => t('how-' + c.how);

  // --- the index ---

  const worst = c => c.severity ? h('span', {class: 'finding ' + c.severity}, SIGNS[c.severity] + ' ' + title(c))
    : h('span', {class: 'finding fine'}, '✓ ' + t('nothingWrong'));

  const verdict = c => [worst(c), c.findings > 1 ? h('small', null, t('moreFindings', c.findings - 1)) : null];

  function line(c) {
    const name = '#' + c.number + ' ' + c.client + ' → ' + c.server;
    return h('tr', {'data-connection': c.number},
        h('th', {scope: 'row'}, shown(c.number) ? h('a', {href: fragment({connection: c.number})}, name) : name),
        h('td', {'data-label': t('verdict')}, verdict(c)), h('td', {'data-label': t('ending')}, ended(c)),
        h('td', {'data-label': t('amount')}, Lab.quantity(c.bytes, 'bytes') + ', ' + t('packetCount', c.packets)),
        h('td', {'data-label': t('duration')}, Lab.time(c.ns)));
  }

  function index() {
    return [h('section', {class: 'card wide', 'aria-labelledby': 'health-title'},
        h('h2', {id: 'health-title'}, t('health')), h('ul', {class: 'health'}, capture.health.map(l => h('li', null, l)))),
    h('section', {class: 'card wide', 'aria-labelledby': 'index-title'},
        h('h2', {id: 'index-title'}, t('connections')),
        h('p', {class: 'hint'}, t('worstFirst'), ' ', capture.shown.length < capture.connectionsInAll
          ? t('leftOut', capture.shown.length, capture.connectionsInAll) : null, ' ',
        capture.listed.length < capture.connectionsInAll ? t('notListed', capture.listed.length) : null),
        h('table', {class: 'connections'}, h('thead', null, h('tr', null,
            ['connection', 'verdict', 'ending', 'amount', 'duration'].map(k => h('th', {scope: 'col'}, t(k))))),
        h('tbody', null, capture.listed.map(line))))];
  }

  // --- a connection ---

  function packetLinks(c, f, go) {
    const there = new Set(c.ladder.rows.map(row => row.packet));
    return f.packets.map(n => there.has(n) ? h('a', {href: fragment({connection: c.number, packet: n}), class: 'packet',
      onclick: e => {
        e.preventDefault();
        go(n);
      }}, '#' + n) : h('span', {class: 'packet'}, '#' + n)).flatMap(l => [l, ' ']);
  }

  function findings(c, go) {
    return h('section', {class: 'card', 'aria-labelledby': 'findings-title', id: 'findings'},
        h('h3', {id: 'findings-title'}, t('findings')), c.findings.length ? h('ul', {class: 'findings'},
            c.findings.map(f => h('li', {'data-kind': f.kind}, h('b', {class: 'finding ' + f.severity},
                SIGNS[f.severity] + ' ' + title(f)), h('p', null, Lab.findingWords(f)),
            f.packets.length ? h('p', null, t('packets') + ' ', packetLinks(c, f, go)) : null,
            h('p', {class: 'hint'}, '→ ' + Lab.findingAdvice(f))))) : h('p', {class: 'finding fine'}, '✓ ' + t('nothingWrong')));
  }

  function facts(c) {
    return h('section', {class: 'card', 'aria-labelledby': 'facts-title'}, h('h3', {id: 'facts-title'}, t('story')),
        h('dl', {class: 'facts'}, c.facts.map(f => [h('dt', null, t('fact-' + f.name)), h('dd', null, f.words)])));
  }

  function connection(c) {
    const model = Lab.model(c);
    const v = Lab.stepper(model, step => {
      where.packet = step.row.packet || null;
      history.replaceState(null, '', fragment(where));
    });
    const go = packet => {
      const step = model.steps.find(s => s.row.packet === packet);
      if (step) {
        v.goTo(step.number);
        document.getElementById('ladder-title').scrollIntoView({block: 'center'});
      }
    };
    const parts = [h('p', {class: 'network'}, c.heading)];
    const below = [];
    if (v.stepable) {
      const l = model.ladder;
      const ladder = Lab.ladder(model, v.goTo);
      const header = Lab.header(model);
      v.parts.push(Lab.stepBar(v), ladder, header);
      below.push(header.element);
      parts.push(v.parts[0].element, h('div', {class: 'columns findings-first'}, h('div', null,
          h('section', {class: 'card', 'aria-labelledby': 'ladder-title'}, h('h3', {id: 'ladder-title'}, t('ladder')),
              h('p', {class: 'hint'}, t('captureLadderSays', l.left, l.leftIsn, l.right, l.rightIsn)), ladder.element)),
      h('div', null, findings(c, go), facts(c))));
    } else {
      parts.push(findings(c, go), facts(c));
    }
    v.plots = Lab.plots(c, null, v.at);
    if (v.plots) {
      v.parts.push(v.plots);
      parts.push(v.plots.element);
    }
    v.begin = () => {
      const step = v.stepable && (model.steps.find(s => s.row.packet === where.packet) || model.steps[0]);
      v.show(step ? {ns: step.ns, step} : {ns: 0, step: null});
    };
    v.element = h('div', {class: 'stage'}, parts, below);
    return v;
  }

  // --- the page ---

  function draw() {
    if (view) {
      view.stop();
      if (view.plots) {
        view.plots.gone();
      }
    }
    const c = shown(where.connection);
    view = c ? connection(c) : null;
    const listed = capture.listed.find(l => l.number === where.connection);
    const back = c && capture.listed.length > 1 ? h('a', {href: fragment({})}, t('allConnections')) : '';
    Lab.clear(document.getElementById('page')).append(Lab.bar(() => {
      history.replaceState(null, '', fragment(where));
      draw();
    }, back), h('main', null, h('p', {class: 'chapter-name'}, capture.file),
        h('h1', null, c ? '#' + c.number + ' ' + listed.client + ' → ' + listed.server : t('explained', capture.file)),
        c ? h('p', {class: 'verdict-line'}, worst(listed), ' · ' + ended(listed)) : null,
        capture.ofFile.map(f => h('p', {class: 'finding ' + f.severity}, title(f) + ': ' + f.words)),
        c ? view.element : index(), c ? h('p', {class: 'hint keys'}, t('keys')) : null));
    if (view) {
      view.begin();
    }
    window.LAB_VIEW = view; // for those who look at the page from outside
  }

  addEventListener('hashchange', () => {
    where = readPlace();
    draw();
    scrollTo(0, 0);
  });
  Lab.stepKeys(() => view);
  draw();
})();
