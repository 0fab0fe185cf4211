// The index: experiments by chapter, with a field that finds.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h, t, say} = Lab;
  const list = window.LAB_LIST;

  function experiment(e) {
    return h('li', {'data-id': e.id}, h('a', {href: Lab.page(e.id)}, say(e.title)), ' ',
        h('code', null, e.id), h('p', null, say(e.says)));
  }

  function chapter(c) {
    const own = list.experiments.filter(e => e.chapter === c.letter);
    return h('section', {class: 'chapter', 'aria-labelledby': 'chapter-' + c.letter},
        h('h2', {id: 'chapter-' + c.letter}, c.letter + ' · ' + say(c.title)),
        h('ul', {class: 'experiments'}, own.map(experiment)));
  }

  function find(words, sections) {
    const wanted = words.trim().toLowerCase();
    sections.forEach(section => {
      let some = false;
      section.querySelectorAll('li').forEach(item => {
        item.hidden = !item.textContent.toLowerCase().includes(wanted);
        some = some || !item.hidden;
      });
      section.hidden = !some;
    });
  }

  function draw() {
    document.title = t('labTitle');
    const sections = list.chapters.map(chapter);
    const field = h('input', {type: 'search', id: 'find', oninput: () => find(field.value, sections)});
    Lab.clear(document.getElementById('page')).append(
        Lab.bar(() => {
          draw();
          Lab.writeLink(Lab.readLink());
        }),
        h('main', null, h('h1', null, t('labTitle')), h('p', {class: 'says'}, t('labSays')),
            h('p', null, t(Lab.live ? 'liveSite' : 'staticSite'), ' ',
                Lab.live ? null : h('code', null, './sluice lab --serve')),
            h('p', {class: 'find'}, h('label', {for: 'find'}, t('find')), ' ', field), sections));
  }

  draw();
})();
