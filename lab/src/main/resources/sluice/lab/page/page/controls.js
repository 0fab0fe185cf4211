// The controls: conditions of a run. Alive where a server runs experiments; elsewhere they say how to get one.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t} = Lab;
  const ALGORITHMS = ['reno', 'cubic', 'bbr', 'dctcp'];
  const NETEM = /^(?:delay (\d+(?:\.\d+)?)ms(?: (\d+(?:\.\d+)?)ms)? ?)?(?:loss (\d+(?:\.\d+)?)% ?)?(?:rate (\d+(?:\.\d+)?)mbit)?$/;
  const MIN_BUFFER = 4096;

  // What the fields show of an address: what they have no place for goes to the fields of words.
  function fieldsOf(link) {
    const f = {loss: '0', delay: '0', jitter: '0', rate: '0', rmem: '0', wmem: '0', algorithm: '', seed: link.seed,
      netem: '', settings: []};
    const found = link.netem.match(NETEM);
    if (found) {
      [f.delay, f.jitter, f.loss, f.rate] = found.slice(1).map(v => v || '0');
    } else {
      f.netem = link.netem;
    }
    link.settings.forEach(([name, value]) => {
      const buffer = name.match(/^tcp_([rw])mem$/) && value.match(/^4096 (\d+) \1$/);
      if (name === 'tcp_congestion_control' && ALGORITHMS.includes(value)) {
        f.algorithm = value;
      } else if (buffer && buffer[1] % 1024 === 0) {
        f[name.slice(4)] = String(buffer[1] / 1024);
      } else {
        f.settings.push(name + '=' + value);
      }
    });
    return f;
  }

  // The words of tc netem for the fields.
  function netemOf(f) {
    if (f.netem.trim()) {
      return f.netem.trim();
    }
    const some = v => Number(v) > 0;
    return [some(f.delay) || some(f.jitter) ? 'delay ' + f.delay + 'ms' + (some(f.jitter) ? ' ' + f.jitter + 'ms' : '') : '',
      some(f.loss) ? 'loss ' + f.loss + '%' : '', some(f.rate) ? 'rate ' + f.rate + 'mbit' : ''].filter(Boolean).join(' ');
  }

  function settingsOf(f) {
    const all = f.settings.map(s => s.trim()).filter(Boolean).map(s => {
      const at = s.indexOf('=');
      return at < 0 ? [s, ''] : [s.slice(0, at).trim(), s.slice(at + 1).trim()];
    });
    for (const name of ['rmem', 'wmem']) {
      if (Number(f[name]) > 0) {
        const bytes = Math.max(MIN_BUFFER, Math.round(Number(f[name]) * 1024));
        all.push(['tcp_' + name, '4096 ' + bytes + ' ' + bytes]);
      }
    }
    return f.algorithm ? all.concat([['tcp_congestion_control', f.algorithm]]) : all;
  }

  // A slider with the field beside it.
  function slider(name, key, most, step, changed) {
    const range = h('input', {type: 'range', id: name, name, min: 0, max: most, step, oninput: () => {
      number.value = range.value;
      changed();
    }});
    const number = h('input', {type: 'number', name: name + '-number', min: 0, step: 'any', 'aria-label': t(key), oninput: () => {
      range.value = number.value;
      changed();
    }});
    return {element: h('div', {class: 'control'}, h('label', {for: name}, t(key)), range, number),
      get: () => number.value === '' ? '0' : number.value,
      set: value => {
        number.value = value;
        range.value = value;
      }};
  }

  function plain(name, key, input) {
    input.id = name;
    input.name = name;
    return {element: h('div', {class: 'control'}, h('label', {for: name}, t(key)), input), get: () => input.value,
      set: value => {
        input.value = value;
      }};
  }

  // `run` is called with {seed, netem, settings} when something changed, at most every quarter of a second.
  Lab.controls = (id, link, run) => {
    const status = h('p', {role: 'status', class: 'status'});
    const error = h('p', {role: 'alert', class: 'error'});
    if (!Lab.live) {
      const asked = Lab.isChanged(link);
      return {status, error, set: () => undefined, element: h('section', {class: 'card wide controls static'},
          h('p', null, t(asked ? 'notLiveLink' : 'notLive'), ' ',
              h('code', null, asked ? Lab.command(id, link) : './sluice lab --serve')))};
    }
    let timer = null;
    const read = () => {
      const f = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.get()]));
      f.settings = f.settings.split('\n');
      return {seed: f.seed.trim() || '1', netem: netemOf(f), settings: settingsOf(f)};
    };
    const now = () => {
      clearTimeout(timer);
      run(read());
    };
    const changed = () => {
      clearTimeout(timer);
      timer = setTimeout(now, 250);
    };
    const fields = {
      loss: slider('loss', 'loss', 20, 0.1, changed), delay: slider('delay', 'delay', 500, 1, changed),
      jitter: slider('jitter', 'jitter', 100, 1, changed), rate: slider('rate', 'rate', 100, 0.5, changed),
      rmem: slider('rmem', 'rmem', 1024, 4, changed), wmem: slider('wmem', 'wmem', 1024, 4, changed),
      algorithm: plain('algorithm', 'algorithm', h('select', {onchange: now}, h('option', {value: ''}, t('asIs')),
          ALGORITHMS.map(a => h('option', {value: a}, a)))),
      seed: plain('seed', 'seed', h('input', {type: 'number', step: 1, oninput: changed})),
      netem: plain('netem', 'netem', h('input', {type: 'text', spellcheck: 'false', onchange: now,
        placeholder: 'delay 20ms 5ms loss 1% reorder 25%'})),
      settings: plain('settings', 'settings', h('textarea', {rows: 2, spellcheck: 'false', onchange: now}))
    };
    fields.netem.element.querySelector('label').textContent = 'tc netem';

    function set(next) {
      const f = fieldsOf(next);
      f.settings = f.settings.join('\n');
      Object.entries(fields).forEach(([name, field]) => field.set(f[name]));
    }
    set(link);
    const form = h('form', {onsubmit: e => {
      e.preventDefault();
      now();
    }}, h('p', {class: 'hint'}, t('netemWords')), h('div', {class: 'grid'}, Object.values(fields).map(f => f.element)),
    h('div', {class: 'tools'}, h('button', {type: 'submit'}, t('run')), h('button', {type: 'button', id: 'reset', onclick: () => {
      set({seed: '1', netem: '', settings: []});
      now();
    }}, t('reset'))));
    return {status, error, set, element: h('section', {class: 'card wide controls'},
        h('details', {open: Lab.isChanged(link) || matchMedia('(min-width: 700px)').matches},
            h('summary', null, t('controls')), form), status, error)};
  };
})();
