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

  // --- a part of a run ---

  // One stage: its parts, and where the cursor is.
  function stageView(stage) {
    const v = Lab.stepper(Lab.model(stage), step => {
      link.step = step.number;
      Lab.writeLink(link);
    });
    v.element = h('div', {class: 'stage'});
    fill(v, stage, v.stepable);
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
      v.parts.push(...[Lab.stepBar(v), ladder, machine, ends, windows, header].filter(Boolean));
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

  Lab.stepKeys(() => view);

  draw();
  if (Lab.live && (Lab.isChanged(link) || !run)) {
    ask(link);
  }
})();
