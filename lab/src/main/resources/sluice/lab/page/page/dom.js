// Elements, numbers and times: what all other scripts use. Every script adds to the one object Lab.
(function () {
  'use strict';
  const Lab = window.Lab = {};
  const SVG = 'http://www.w3.org/2000/svg';

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) {
        continue;
      }
      if (name.startsWith('on')) {
        node.addEventListener(name.slice(2), value);
      } else {
        node.setAttribute(name, value === true ? '' : String(value));
      }
    }
    node.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
    return node;
  }

  // h('p', {class: 'x', onclick: f}, 'text', h('b', null, '…')): texts are never read as HTML.
  Lab.h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  Lab.s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  // At most so many digits behind the point, and none that say nothing.
  Lab.number = (value, digits = 3) => String(Number(value.toFixed(digits)));

  // A time of the world: 12.5 ms, 3.2 s.
  Lab.time = ns => {
    const ms = ns / 1e6;
    return Math.abs(ms) >= 10000 ? Lab.number(ms / 1000) + ' s' : Lab.number(ms) + ' ms';
  };

  const UNITS = {
    'count': [['', 1]],
    'bytes': [['B', 1], ['KB', 1e3], ['MB', 1e6], ['GB', 1e9]],
    'bits per second': [['bit/s', 1], ['kbit/s', 1e3], ['Mbit/s', 1e6], ['Gbit/s', 1e9]],
    'seconds': [['ns', 1e-9], ['µs', 1e-6], ['ms', 1e-3], ['s', 1]]
  };

  // A value with its unit, short enough for an axis.
  Lab.quantity = (value, unit) => {
    if (value === null || value === undefined) {
      return '–';
    }
    const units = UNITS[unit] || UNITS.count;
    let chosen = value === 0 ? units[unit === 'seconds' ? 2 : 0] : units[0];
    for (const u of units) {
      chosen = Math.abs(value) >= u[1] * 0.9999999 ? u : chosen;
    }
    return (Lab.number(value / chosen[1], 2) + ' ' + chosen[0]).trim();
  };

  Lab.clear = node => {
    node.replaceChildren();
    return node;
  };

  // What a browser remembers for us; nothing when it does not want to.
  Lab.remember = (name, value) => {
    try {
      if (value !== undefined) {
        localStorage.setItem('sluice-lab-' + name, value);
      }
      return localStorage.getItem('sluice-lab-' + name);
    } catch (e) {
      return null;
    }
  };
})();
