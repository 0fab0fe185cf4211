// The address's fragment (#seed=5&netem=loss+1%25&set=tcp_sack%3D0&stage=2&step=12&lang=zh), language, theme, and the
// bar at the top of all pages.
(function () {
  'use strict';
  const Lab = window.Lab;
  const {h} = Lab;
  const root = document.documentElement;
  const live = root.dataset.live === 'true';
  Lab.live = live;

  // {seed, netem, settings: [["tcp_sack", "0"]], stage, step, lang}, with what is not there left out or empty.
  Lab.readLink = () => {
    const q = new URLSearchParams(location.hash.slice(1));
    return {
      seed: q.get('seed') || '1',
      netem: q.get('netem') || '',
      settings: q.getAll('set').filter(s => s.includes('=')).map(s => {
        const at = s.indexOf('=');
        return [s.slice(0, at), s.slice(at + 1)];
      }),
      stage: Math.max(0, (parseInt(q.get('stage'), 10) || 1) - 1),
      step: q.has('step') ? Math.max(0, (parseInt(q.get('step'), 10) || 1) - 1) : null,
      lang: q.get('lang')
    };
  };

  // What a server is asked for a run.
  Lab.runQuery = link => {
    const q = new URLSearchParams();
    q.set('seed', link.seed);
    if (link.netem) {
      q.set('netem', link.netem);
    }
    link.settings.forEach(([name, value]) => q.append('set', name + '=' + value));
    return q.toString();
  };

  Lab.isChanged = link => link.seed !== '1' || link.netem !== '' || link.settings.length > 0;

  // The same in the words of the command line.
  Lab.command = (id, link) => {
    const quoted = word => /^[\w.:=%-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
    return ['./sluice lab', id].concat(link.seed === '1' ? [] : ['--seed ' + quoted(link.seed)],
        link.netem ? ['--netem ' + quoted(link.netem)] : [],
        link.settings.map(([name, value]) => '--set ' + quoted(name + '=' + value))).join(' ');
  };

  Lab.writeLink = link => {
    const q = new URLSearchParams(Lab.isChanged(link) ? Lab.runQuery(link) : '');
    if (link.stage) {
      q.set('stage', link.stage + 1);
    }
    if (link.step) {
      q.set('step', link.step + 1);
    }
    if (Lab.lang !== 'en') {
      q.set('lang', Lab.lang);
    }
    const hash = q.toString() === '' ? '' : '#' + q;
    if (location.hash !== hash) {
      history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash);
    }
  };

  Lab.lang = Lab.readLink().lang || Lab.remember('lang') || (/^zh/.test(navigator.language) ? 'zh' : 'en');
  Lab.lang = Lab.lang === 'zh' ? 'zh' : 'en';
  root.lang = Lab.lang === 'zh' ? 'zh-Hans' : 'en';

  // An address of another page of the site, which keeps the language.
  Lab.page = name => name + '.html' + (Lab.lang === 'zh' ? '#lang=zh' : '');

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const chosen = Lab.remember('theme');
  const show = theme => {
    root.dataset.theme = theme;
    document.dispatchEvent(new Event('lab-theme'));
  };
  show(chosen === 'dark' || chosen === 'light' ? chosen : dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', e => Lab.remember('theme') || show(e.matches ? 'dark' : 'light'));

  // A value of the style sheet, for what draws on a canvas.
  Lab.colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();

  function themeButton() {
    const button = h('button', {type: 'button', id: 'theme', onclick: () => {
      const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
      Lab.remember('theme', next);
      show(next);
      label();
    }});
    const label = () => {
      button.textContent = Lab.t(root.dataset.theme === 'dark' ? 'light' : 'dark');
    };
    label();
    return button;
  }

  // Where the bar's first word leads.
  Lab.home = () => h('a', {href: Lab.page('index'), class: 'home'}, Lab.t('lab'));

  // The bar at the top; `redraw` is called after the language changed.
  Lab.bar = (redraw, ...middle) => h('header', {class: 'bar'},
      Lab.home(),
      h('nav', {'aria-label': Lab.t('experiments'), class: 'middle'}, ...middle),
      h('button', {type: 'button', id: 'language', lang: Lab.lang === 'zh' ? 'en' : 'zh-Hans', onclick: () => {
        Lab.lang = Lab.lang === 'zh' ? 'en' : 'zh';
        Lab.remember('lang', Lab.lang);
        root.lang = Lab.lang === 'zh' ? 'zh-Hans' : 'en';
        redraw();
        document.getElementById('language').focus();
      }}, Lab.lang === 'zh' ? 'English' : '中文'),
      themeButton());
})();
