// What was asserted: what the document says beside what was measured; and what else there is to say of a run.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t, say} = Lab;
  const yesNo = text => text === 'yes' || text === 'no' ? t(text) : text;

  function sign(check) {
    switch (check.verdict) {
      case 'holds': return check.standard ? ['≠', 'verdictDiffers', 'differs'] : ['✓', 'verdictHolds', 'holds'];
      case 'fails': return ['✗', 'verdictFails', 'fails'];
      default: return ['○', 'verdictOff', 'off'];
    }
  }

  function row(check) {
    const [mark, words, css] = sign(check);
    return h('tr', null,
        h('td', {class: 'verdict ' + css}, h('span', {'aria-hidden': 'true'}, mark),
            h('span', {class: 'unseen'}, t(words))),
        h('th', {scope: 'row'}, say(check.what), check.why ? h('small', null, say(check.why)) : null),
        h('td', {'data-label': t('document')}, yesNo(check.document),
            check.standard ? h('small', null, t('standard') + ' ' + check.standard) : null),
        h('td', {'data-label': t('measured')}, yesNo(check.measured)));
  }

  Lab.checks = run => h('section', {class: 'card wide', 'aria-labelledby': 'checks-title', id: 'checks'},
      h('h2', {id: 'checks-title'}, t('checks')), h('p', {class: 'hint'}, t('checksSays')),
      h('table', {class: 'checks'}, h('thead', null, h('tr', null, h('td'), h('th', {scope: 'col'}, t('asserted')),
          h('th', {scope: 'col'}, t('document')), h('th', {scope: 'col'}, t('measured')))),
      h('tbody', null, run.checks.map(row))),
      run.notes.length ? h('div', {class: 'notes'}, run.notes.map(n => say(n).includes('\n')
          ? h('pre', {tabindex: 0}, say(n)) : h('p', null, say(n)))) : null,
      run.gap.en ? h('p', {class: 'hint'}, t('gap') + ' ' + say(run.gap)) : null);

  // How it ended, in a line that leads to the table.
  Lab.verdict = run => {
    const held = run.checks.filter(c => c.verdict === 'holds').length;
    const failed = run.checks.filter(c => c.verdict === 'fails').length;
    const words = !run.asWritten ? t('off') : failed ? t('failed', failed, run.checks.length)
      : t('holds', held, run.checks.length);
    return h('p', {class: 'verdict-line'}, h('a', {href: '#checks', class: failed || !run.passed ? 'fails' : run.asWritten
      ? 'holds' : 'off', onclick: e => {
      e.preventDefault(); // the fragment is the permalink's
      document.getElementById('checks').scrollIntoView();
    }}, (!run.asWritten ? '○ ' : failed || !run.passed ? '✗ ' : '✓ ') + words),
    run.ended ? h('span', {class: 'fails'}, ' ' + t('ended') + ' ' + run.ended) : null);
  };

  // Counters of the hosts.
  Lab.counters = stage => {
    const hosts = Object.entries(stage.counters).filter(([, all]) => Object.keys(all).length).slice(0, 4);
    return hosts.length ? h('details', {class: 'card wide'}, h('summary', null, t('counters')),
        h('p', {class: 'hint'}, t('countersSays')), h('div', {class: 'two'}, hosts.map(([host, all]) =>
          h('table', {class: 'counters'}, h('caption', null, host), h('tbody', null, Object.entries(all).map(([name, n]) =>
            h('tr', null, h('th', {scope: 'row'}, name), h('td', {class: 'mono'}, String(n))))))))) : null;
  };
})();
