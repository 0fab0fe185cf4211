// The one cursor that the parts of a page share: moved by buttons, a slider, keys, and clicks on the parts.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t} = Lab;

  // The cursor over a model's steps; parts have update(cursor). `moved` is told of the step that was chosen.
  Lab.stepper = (model, moved) => {
    const v = {model, cursor: null, parts: [], playing: null, stepable: Boolean(model && model.steps.length)};
    v.goTo = number => {
      if (v.stepable) {
        const step = model.steps[Math.max(0, Math.min(model.steps.length - 1, number))];
        v.show({ns: step.ns, step});
        moved(step);
      }
    };
    // A time, of a plot or a picture: the last step until then is chosen.
    v.at = ns => {
      if (v.stepable) {
        const step = model.steps[model.stepAt(ns)];
        moved(step);
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
    return v;
  };

  // Buttons, the slider of steps, and the step in words.
  Lab.stepBar = v => {
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
  };

  // The keys of a page, for the view that is shown when one is pressed.
  Lab.stepKeys = current => addEventListener('keydown', e => {
    const view = current();
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
})();
