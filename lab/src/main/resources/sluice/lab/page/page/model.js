// What a stage of a run was at any moment: the steps of its ladder, the states of both ends, and their variables.
// Times are nanoseconds of the world. See docs/lab-json.md for what is read.
(function () {
  'use strict';
  const Lab = window.Lab;
  const FULL = {'ESTAB': 'ESTABLISHED', 'SYN-RECV': 'SYN-RECEIVED'};

  // Moments as objects, each side's in order; `e` is null while an end keeps no variables.
  function readMoments(stage) {
    const sides = {left: [], right: []};
    const {columns, rows} = stage.moments;
    rows.forEach(row => {
      const m = {};
      columns.forEach((name, i) => {
        m[name] = row[i];
      });
      m.known = row.length > 3;
      sides[m.left ? 'left' : 'right'].push(m);
    });
    return sides;
  }

  // The steps: what was sent, what arrived, and notes, in order of time. An arrival comes before what it caused.
  function readSteps(ladder) {
    const steps = [];
    ladder.rows.forEach((row, index) => {
      const ns = ladder.originNs + row.sentNs;
      if (!row.segment && !row.note) {
        return; // a change of state: seen at the steps around it
      }
      steps.push({kind: row.segment ? 'sends' : 'note', ns, row, index, left: row.fromLeft, order: 2 * index});
      if (row.segment && row.arrivedNs !== undefined && !(row.arrivedNs === row.sentNs && row.note)) {
        const at = ladder.originNs + row.arrivedNs;
        // What arrives at once comes after it was sent, everything else before what is sent then.
        const order = row.arrivedNs === row.sentNs ? 2 * index + 1 : -1;
        steps.push({kind: 'receives', ns: at, row, index, left: !row.fromLeft, order});
      }
    });
    steps.sort((a, b) => a.ns - b.ns || a.order - b.order || a.index - b.index);
    steps.forEach((step, i) => {
      step.number = i;
    });
    return steps;
  }

  // The moment that belongs to each step of the side where it happens: several packets may leave in one instant.
  function match(steps, sides) {
    const used = {};
    steps.forEach(step => {
      if (step.kind === 'note') {
        return;
      }
      const arrived = step.kind === 'receives' ? 1 : 0;
      const side = step.left ? 'left' : 'right';
      const same = sides[side].filter(m => m.ns === step.ns && m.arrived === arrived);
      const key = side + step.ns + '/' + arrived;
      const n = used[key] = (used[key] === undefined ? -1 : used[key]) + 1;
      step.moment = same[Math.min(n, same.length - 1)];
    });
  }

  // The last item whose time is not after ns; undefined before the first.
  function lastAt(items, ns) {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (items[middle].ns <= ns) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return items[low - 1];
  }

  Lab.model = stage => {
    const ladder = stage.ladder;
    if (!ladder) {
      return null;
    }
    const sides = readMoments(stage);
    const steps = readSteps(ladder);
    match(steps, sides);
    const changes = {left: [], right: []};
    ladder.rows.forEach(row => {
      for (const side of ['left', 'right']) {
        const state = row[side + 'State'];
        if (state) {
          changes[side].push({ns: ladder.originNs + row.sentNs, state: FULL[state] || state});
        }
      }
    });
    const known = state => state ? FULL[state] || state : null;

    return {
      ladder, steps, sides,
      name: side => side === 'left' ? ladder.left : ladder.right,
      startNs: steps.length ? steps[0].ns : ladder.originNs,
      // The last step that is not after a time.
      stepAt: ns => (lastAt(steps, ns) || steps[0] || {number: 0}).number,
      state(side, ns) {
        const change = lastAt(changes[side], ns);
        const moment = lastAt(sides[side], ns);
        return change ? change.state : known(ladder[side + 'State']) || (moment && known(moment.state)) || null;
      },
      // All states an end has been in until then.
      passed: (side, ns) => [known(ladder[side + 'State'])].concat(
          changes[side].filter(c => c.ns <= ns).map(c => c.state)).filter(Boolean),
      moment(side, cursor) {
        const own = cursor.step && (cursor.step.left ? 'left' : 'right') === side && cursor.step.moment;
        const m = own || lastAt(sides[side], cursor.ns);
        return m && m.known ? m : null;
      },
      // Who sends more data: what plots and windows begin with.
      mainSender() {
        const most = side => Math.max(0, ...sides[side].filter(m => m.known).map(m => m.sndNxt));
        return most('right') > most('left') ? 'right' : 'left';
      }
    };
  };

  // A step in words, for those who listen and for the line above the ladder.
  Lab.describe = (model, step) => {
    const {row} = step;
    const who = step.left ? model.ladder.left : model.ladder.right;
    if (step.kind === 'note') {
      return (row.note.startsWith('–') ? '' : who + ': ') + Lab.foreign(row.note);
    }
    const words = step.kind === 'sends' && row.fate === 'lost' ? 'isLost' : step.kind;
    return Lab.t(words, who, row.segment) + (row.note && step.kind === 'sends' ? ' ' + Lab.foreign(row.note) : '');
  };
})();
