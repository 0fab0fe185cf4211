// The sequence diagram: an arrow for each segment, from where and when it left to where and when it arrived.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, s, t} = Lab;
  const LINE = 15; // pixels of a line of text
  const LETTER = 6.7; // of a letter, about

  // A text in lines of at most so many pixels, broken where a number ends.
  function lines(text, width) {
    const most = Math.max(12, Math.floor(width / LETTER));
    const out = [''];
    text.split(/(?<= )/).forEach(word => {
      if (out[out.length - 1] && (out[out.length - 1] + word.trimEnd()).length > most) {
        out.push('');
      }
      out[out.length - 1] += word;
    });
    return out.map(line => line.trimEnd());
  }

  // Everything that has a place of its own on the way down: state changes are added to the steps.
  function places(model) {
    const all = model.steps.map(step => ({ns: step.ns, order: step.order, index: step.index, step}));
    model.ladder.rows.forEach((row, index) => {
      if (!row.segment && !row.note) {
        all.push({ns: model.ladder.originNs + row.sentNs, order: 2 * index, index, row});
      }
    });
    return all.sort((a, b) => a.ns - b.ns || a.order - b.order || a.index - b.index);
  }

  // How much longer than usual a pause has to be to be worth a line.
  function longPause(all) {
    const gaps = all.map((p, i) => i ? p.ns - all[i - 1].ns : 0).filter(gap => gap > 0).sort((a, b) => a - b);
    return gaps.length < 3 ? Infinity : gaps[gaps.length >> 1] * 5;
  }

  function text(x, y, anchor, css, words) {
    return s('text', {x, y, 'text-anchor': anchor, class: css}, words);
  }

  Lab.ladder = (model, choose) => {
    const scroll = h('div', {class: 'ladder-scroll'});
    const figure = h('div', {class: 'ladder'}, scroll);
    let marks = [];
    let tops = [];
    let chosen = null;
    let width = 0;

    function arrow(step, from, to, y, end) {
      const {row} = step;
      const side = step.left ? 'left' : 'right';
      if (row.arrivedNs === undefined) {
        const middle = (from + to) / 2;
        const sign = Math.sign(to - from);
        const lost = row.fate === 'lost';
        return [s('line', {x1: from, y1: y, x2: middle, y2: y + 10, class: 'arrow lost ' + side}),
          text(middle + sign * 4, y + 15, sign > 0 ? 'start' : 'end', 'lost-mark', lost ? '✕ ' + t('lost') : '…')];
      }
      return [s('line', {x1: from, y1: y, x2: to, y2: end, class: 'arrow ' + side}),
        s('path', {d: head(from, y, to, end), class: 'head ' + side})];
    }

    function head(x1, y1, x2, y2) {
      const angle = Math.atan2(y2 - y1, x2 - x1);
      const point = turn => (x2 - 9 * Math.cos(angle + turn)) + ',' + (y2 - 9 * Math.sin(angle + turn));
      return 'M' + x2 + ',' + y2 + ' L' + point(0.42) + ' L' + point(-0.42) + ' z';
    }

    function build() {
      width = Math.max(300, scroll.clientWidth || 600);
      const gutter = width < 500 ? 70 : 84;
      const left = gutter + 6;
      const right = width - 12;
      const all = places(model);
      const pause = longPause(all);
      const svg = s('svg', {width, role: 'listbox', 'aria-label': t('ladder'), class: 'ladder-svg'});
      const arrows = s('g', {'aria-hidden': 'true'});
      const texts = s('g', {'aria-hidden': 'true'});
      const hits = s('g', {role: 'presentation'});
      const sent = new Map();
      const jobs = [];
      marks = [];
      tops = [];
      let y = 34;
      let before = null;
      texts.append(text(left, 16, 'start', 'who left', model.ladder.left),
          text(right, 16, 'end', 'who right', model.ladder.right));

      all.forEach(place => {
        if (before !== null && place.ns - before > pause) {
          texts.append(text((left + right) / 2, y + 12, 'middle', 'pause', t('later', Lab.time(place.ns - before))));
          y += 22;
        }
        const top = y;
        if (before === null || place.ns !== before) {
          texts.append(text(gutter - 4, y + 12, 'end', 'time', Lab.time(place.ns - model.ladder.originNs)));
        }
        before = place.ns;
        y += place.step ? ofStep(place.step, y) : ofState(place.row, y);
        if (place.step) {
          const number = place.step.number;
          tops[number] = top;
          const mark = s('g', {role: 'option', id: 'step-' + number, 'aria-selected': 'false',
            'aria-label': Lab.time(place.ns - model.ladder.originNs) + ' ' + Lab.describe(model, place.step),
            class: 'step', onclick: () => choose(number)},
          s('rect', {x: 1, y: top, width: width - 2, height: y - top, rx: 4}));
          hits.append(mark);
          marks[number] = mark;
        }
      });
      jobs.forEach(job => arrows.append(...job()));

      function ofStep(step, at) {
        const own = step.left ? left : right;
        const other = step.left ? right : left;
        if (step.kind === 'note') {
          const words = lines(Lab.foreign(step.row.note), right - left - 20);
          words.forEach((line, i) => texts.append(text(own + (step.left ? 9 : -9), at + 12 + i * LINE,
              step.left ? 'start' : 'end', 'note', line)));
          return words.length * LINE + 5;
        }
        if (step.kind === 'receives') {
          const end = at + 8;
          const start = sent.get(step.index);
          jobs.push(() => arrow({row: step.row, left: step.row.fromLeft}, other, own, start === undefined ? end : start,
              end));
          return 18;
        }
        const remark = step.row.note ? ' ' + Lab.foreign(step.row.note) : '';
        const words = lines(step.row.segment + remark, right - left - 16);
        words.forEach((line, i) => texts.append(text(own + (step.left ? 9 : -9), at + 12 + i * LINE,
            step.left ? 'start' : 'end', 'segment ' + (step.left ? 'left' : 'right'), line)));
        const base = at + words.length * LINE + 3;
        sent.set(step.index, base);
        if (step.row.arrivedNs === undefined) {
          jobs.push(() => arrow(step, own, other, base, base));
        } else if (step.row.arrivedNs === step.row.sentNs && step.row.note) {
          jobs.push(() => arrow(step, own, other, base, base + 6)); // a copy, seen only where it arrived
        }
        return base - at + (step.row.arrivedNs === undefined ? 20 : 6);
      }

      function ofState(row, at) {
        for (const [side, x] of [['left', left], ['right', right]]) {
          const state = row[side + 'State'];
          if (state) {
            const wide = state.length * 7.9 + 14;
            texts.append(s('rect', {x: side === 'left' ? x + 5 : x - 5 - wide, y: at + 1, width: wide, height: 17, rx: 4,
              class: 'state ' + side}), text(side === 'left' ? x + 5 + wide / 2 : x - 5 - wide / 2, at + 13.5, 'middle', 'state-name ' + side, state));
          }
        }
        return 23;
      }

      svg.setAttribute('height', y + 10);
      svg.setAttribute('viewBox', '0 0 ' + width + ' ' + (y + 10));
      svg.append(hits, s('line', {x1: left, y1: 24, x2: left, y2: y + 8, class: 'life'}),
          s('line', {x1: right, y1: 24, x2: right, y2: y + 8, class: 'life'}), arrows, texts);
      svg.tabIndex = 0;
      Lab.clear(scroll).append(svg);
      if (chosen) {
        update(chosen);
      }
    }

    function update(cursor) {
      chosen = cursor;
      const svg = scroll.firstChild;
      if (!svg) {
        if (scroll.clientWidth) {
          build(); // which comes back here
        }
        return;
      }
      marks.forEach((mark, i) => mark.setAttribute('aria-selected', String(i === cursor.step.number)));
      svg.setAttribute('aria-activedescendant', 'step-' + cursor.step.number);
      const top = tops[cursor.step.number];
      if (top < scroll.scrollTop + 30 || top > scroll.scrollTop + scroll.clientHeight - 60) {
        scroll.scrollTop = Math.max(0, top - scroll.clientHeight / 3);
      }
    }

    new ResizeObserver(() => {
      if (Math.abs(scroll.clientWidth - width) > 2) {
        build();
      }
    }).observe(scroll);
    return {element: figure, update};
  };
})();
