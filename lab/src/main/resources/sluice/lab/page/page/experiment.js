// The page of an experiment: puts the parts together, and moves the one cursor that they share.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t, say} = Lab;
  const id = document.documentElement.dataset.id;
  const experiments = window.LAB_LIST.experiments;
  let run = window.LAB_RUN && window.LAB_RUN.experiments ? window.LAB_RUN.experiments[0] : null;
  let link = Lab.readLink();
  let view = null; // of the stage that is shown
  let controls = null;
  let asked = 0;
  const answered = {status: '', error: ''};

  // --- the cursor ---

  // One stage: its parts, and where the cursor is.
  function stageView(stage) {
    const model = Lab.model(stage);
    const v = {model, cursor: null, parts: [], playing: null};
    const stepable = model && model.steps.length > 0;

    v.goTo = number => {
      if (stepable) {
        const step = model.steps[Math.max(0, Math.min(model.steps.length - 1, number))];
        v.show({ns: step.ns, step});
        link.step = step.number;
        Lab.writeLink(link);
      }
    };
    // A time, of a plot or a picture: the last step until then is chosen.
    v.at = ns => {
      if (stepable) {
        const step = model.steps[model.stepAt(ns)];
        link.step = step.number;
        Lab.writeLink(link);
        v.show({ns, step});
      } else {
        v.show({ns, step: null});
      }
    };
    v.show = cursor => {
      v.cursor = cursor;
      v.parts.forEach(part => part.update(cursor));
    };
    v.stop = () => {
      clearInterval(v.playing);
      v.playing = null;
    };
    v.play = () => {
      if (v.playing) {
        v.stop();
      } else {
        v.playing = setInterval(() => {
          if (v.cursor.step.number + 1 < model.steps.length) {
            v.goTo(v.cursor.step.number + 1);
          } else {
            v.stop();
            v.show(v.cursor);
          }
        }, 900);
      }
      v.show(v.cursor);
    };
    v.element = h('div', {class: 'stage'});
    fill(v, stage, stepable);
    return v;
  }

  function fill(v, stage, stepable) {
    const {model} = v;
    const plots = Lab.plots(stage, model, v.at);
    v.plots = plots;
    v.element.append(network(stage));
    if (stepable) {
      const ladder = Lab.ladder(model, v.goTo);
      const machine = Lab.machine(model);
      const ends = Lab.ends(model);
      const header = Lab.header(model);
      const windows = model.steps.some(s => s.moment && s.moment.known) || stage.windows.length
        ? Lab.windows(stage, model, v.at) : null;
      v.parts.push(...[stepBar(v), ladder, machine, ends, windows, header].filter(Boolean));
      const {ladder: l} = model;
      v.element.append(v.parts[0].element, h('div', {class: 'columns'},
          h('div', null, ladderCard(l, ladder), windows ? windows.element : null, header.element),
          h('div', null, machine.element, ends.element)));
    } else if (stage.windows.length) {
      v.element.append(Lab.windows(stage, null, v.at).element);
    }
    if (plots) {
      v.parts.push(plots);
      v.element.append(plots.element);
    }
    v.element.append(Lab.counters(stage) || '');
    if (stepable) {
      const step = link.step === null ? 0 : Math.min(link.step, model.steps.length - 1);
      v.show({ns: model.steps[step].ns, step: model.steps[step]});
    }
  }

  function ladderCard(l, ladder) {
    return h('section', {class: 'card', 'aria-labelledby': 'ladder-title'}, h('h3', {id: 'ladder-title'}, t('ladder')),
        h('p', {class: 'hint'}, t('ladderSays', l.left, l.leftIsn, l.right, l.rightIsn)), ladder.element,
        l.total > l.rows.length ? h('p', {class: 'hint'}, t('ladderMore', l.rows.length, l.total)) : null);
  }

  function network(stage) {
    const settings = Object.entries(stage.settings).filter(([, all]) => all.length)
        .map(([host, all]) => host + ': ' + all.join(', '));
    const links = stage.network.slice(0, 4);
    if (stage.network.length > 4) {
      links.push('… ' + stage.network.length);
    }
    return h('p', {class: 'network'}, h('b', null, t('network') + ': '), links.join(' · '),
        settings.length ? ' · ' + settings.join(' · ') : null);
  }

  // Buttons, the slider of steps, and the step in words.
  function stepBar(v) {
    const last = v.model.steps.length - 1;
    const button = (key, sign, shortcut, action) => h('button', {type: 'button', id: 'step-' + key, 'aria-label': t(key),
      title: t(key) + ' (' + shortcut + ')', onclick: action}, sign);
    const by = n => () => v.goTo(v.cursor.step.number + n);
    const position = h('input', {type: 'range', id: 'position', min: 1, max: last + 1, step: 1, 'aria-label': t('position'),
      oninput: () => v.goTo(Number(position.value) - 1)});
    const count = h('span', {class: 'count', id: 'count'});
    const words = h('p', {class: 'words', 'aria-live': 'polite', id: 'words'});
    const play = button('play', t('play'), 'space', v.play);
    return {element: h('div', {class: 'stepbar', role: 'group', 'aria-label': t('steps')},
        h('div', {class: 'buttons'}, button('first', '|◀', 'Home', () => v.goTo(0)), button('back', '◀', '←', by(-1)), play,
            button('forth', '▶', '→', by(1)), button('last', '▶|', 'End', () => v.goTo(last)), count), position, words),
    update: cursor => {
      position.value = cursor.step.number + 1;
      count.textContent = t('stepOf', cursor.step.number + 1, last + 1);
      words.textContent = Lab.time(cursor.ns - v.model.ladder.originNs) + ' — ' + Lab.describe(v.model, cursor.step);
      play.textContent = t(v.playing ? 'pause' : 'play');
      play.setAttribute('aria-label', play.textContent);
    }};
  }

  // --- the page ---

  function showStage(place) {
    if (view) {
      view.stop();
      if (view.plots) {
        view.plots.gone();
      }
    }
    link.stage = Math.min(link.stage, run.stages.length - 1);
    view = stageView(run.stages[link.stage]);
    Lab.clear(place).append(view.element);
    if (view.cursor) {
      view.show(view.cursor); // now that all have their widths
    }
  }

  function stageTabs(place) {
    if (run.stages.length < 2) {
      return null;
    }
    const tabs = run.stages.map((stage, i) => h('button', {type: 'button', 'aria-pressed': String(i === link.stage),
      onclick: () => {
        link.stage = i;
        link.step = null;
        tabs.forEach((tab, k) => tab.setAttribute('aria-pressed', String(k === i)));
        showStage(place);
        Lab.writeLink(link);
        downloads();
      }}, (i + 1) + '. ' + (say(stage.title) || t('stage'))));
    return h('div', {class: 'tabs', role: 'group', 'aria-label': t('parts')}, tabs);
  }

  function downloads() {
    const place = document.getElementById('files');
    const file = (run.files || [])[link.stage];
    Lab.clear(place).append(
        file ? h('a', {href: file, download: file.replace(/\?.*$/, '').replace(/^.*\//, ''), class: 'button'}, t('download'))
          : '', ' ', permalink(), h('p', {class: 'hint'}, t('inTerminal'), ' ', h('code', null, Lab.command(id, link))));
  }

  function permalink() {
    const a = h('a', {href: location.href, class: 'button', id: 'permalink', onclick: e => {
      e.preventDefault();
      a.href = location.href;
      if (navigator.clipboard) {
        navigator.clipboard.writeText(location.href).then(() => {
          a.textContent = t('permalink') + ' – ' + t('copied');
        }, () => undefined);
      }
    }}, t('permalink'));
    return a;
  }

  function drawRun() {
    const place = h('div');
    Lab.clear(document.getElementById('run')).append(Lab.verdict(run), stageTabs(place) || '', place, Lab.checks(run));
    showStage(place);
    downloads();
    window.LAB_VIEW = view; // for those who look at the page from outside
  }

  function draw() {
    const e = experiments.find(x => x.id === id);
    const at = experiments.indexOf(e);
    const neighbour = (n, key) => experiments[n] ? h('a', {href: Lab.page(experiments[n].id)}, t(key)) : '';
    const chapter = window.LAB_LIST.chapters.find(c => c.letter === e.chapter);
    document.title = say(e.title) + ' · ' + t('lab');
    controls = Lab.controls(id, link, ask);
    controls.status.textContent = answered.status;
    controls.error.textContent = answered.error;
    Lab.clear(document.getElementById('page')).append(
        Lab.bar(() => {
          draw();
          Lab.writeLink(link);
        }, neighbour(at - 1, 'previous'), neighbour(at + 1, 'next')),
        h('main', null, h('p', {class: 'chapter-name'}, chapter.letter + ' · ' + say(chapter.title) + ' · ',
            h('code', null, id)), h('h1', null, say(e.title)), h('p', {class: 'says'}, say(e.says)),
            controls.element, h('div', {id: 'run'}), h('p', {class: 'hint keys'}, t('keys')), h('div', {id: 'files'})));
    if (run) {
      drawRun();
    }
  }

  // --- asking the server ---

  async function ask(wanted) {
    const number = ++asked;
    Object.assign(link, wanted);
    Lab.writeLink(link);
    controls.status.textContent = t('running');
    let answer;
    try {
      const got = await fetch('run/' + id + '.json?' + Lab.runQuery(link));
      answer = await got.json();
    } catch (e) {
      answer = {error: t('noAnswer')};
    }
    if (number !== asked) {
      return; // a later one is on its way
    }
    if (answer.error) {
      answered.status = '';
      answered.error = answer.error;
    } else {
      run = answer.experiments[0];
      const command = Lab.command(id, link).replace('./sluice lab ' + id, '').trim();
      answered.status = t('ran', command || t('ranAsWritten'), Lab.number(Math.max(...run.stages.map(s => s.virtualMs), 0), 1));
      answered.error = '';
      drawRun();
    }
    controls.status.textContent = answered.status;
    controls.error.textContent = answered.error;
  }

  addEventListener('hashchange', () => {
    const before = Lab.runQuery(link);
    link = Lab.readLink();
    if (Lab.live && Lab.runQuery(link) !== before) {
      controls.set(link);
      ask(link);
    } else {
      draw();
    }
  });

  addEventListener('keydown', e => {
    if (e.ctrlKey || e.altKey || e.metaKey || !view || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) {
      return;
    }
    const step = view.cursor && view.cursor.step;
    const zoom = {'+': 0.5, '=': 0.5, '-': 2, '−': 2, '0': 0}[e.key];
    if (zoom !== undefined && view.plots) {
      view.plots.zoom(zoom);
    } else if (step && e.key === 'ArrowRight') {
      view.goTo(step.number + 1);
    } else if (step && e.key === 'ArrowLeft') {
      view.goTo(step.number - 1);
    } else if (step && e.key === 'Home') {
      view.goTo(0);
    } else if (step && e.key === 'End') {
      view.goTo(Infinity);
    } else if (step && e.key === ' ' && !/^(BUTTON|SUMMARY|A)$/.test(e.target.tagName)) {
      view.play();
    } else {
      return;
    }
    e.preventDefault();
  });

  draw();
  if (Lab.live && (Lab.isChanged(link) || !run)) {
    ask(link);
  }
})();
