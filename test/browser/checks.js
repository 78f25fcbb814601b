// The checks of our own (the O lines of the design): a list of findings, each
// {rule, where, text}. Evaluated in the page; Go fills in the limits.
(() => {
  const limits = %LIMITS%;
  const found = [];
  const shown = el => {
    if (!el.checkVisibility({ visibilityProperty: true })) return false;
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const hiddenFromSight = el => el.closest('.vh, .skip') !== null;
  const name = el => {
    let label = el.tagName.toLowerCase();
    if (el.id) label += '#' + el.id;
    if (el.classList.length) label += '.' + [...el.classList].join('.');
    return label + ' "' + (el.innerText || el.value || '').trim().slice(0, 40) + '"';
  };
  const report = (rule, el, text) => found.push({ rule, where: typeof el === 'string' ? el : name(el), text });
  const all = [...document.body.querySelectorAll('*')].filter(el => !el.closest('svg') || el.tagName === 'svg');
  const root = document.documentElement;

  // One line of reading: no sideways scroll, no cut words.
  if (root.scrollWidth > root.clientWidth) {
    const wide = all.filter(el => shown(el) && !hiddenFromSight(el) && el.getBoundingClientRect().right > root.clientWidth + 1).slice(-1)[0];
    report('sideways-scroll', wide || 'page', root.scrollWidth + ' px wide in ' + root.clientWidth);
  }
  for (const el of all) {
    const style = getComputedStyle(el);
    if (hiddenFromSight(el) || !shown(el)) continue;
    if (['hidden', 'clip'].includes(style.overflowX) && el.scrollWidth > el.clientWidth + 1) report('cut-text', el, el.scrollWidth + ' px in ' + el.clientWidth);
    if (el.matches('.btn, .tag, .tool, summary') && el.scrollWidth > el.clientWidth + 1) report('cut-text', el, el.scrollWidth + ' px in ' + el.clientWidth);
  }

  // Letters: size and shape of everything that holds words itself.
  for (const el of all) {
    const own = [...el.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const field = el.matches('input:not([type=hidden], [type=radio], [type=checkbox]), textarea, select');
    if (!(own || field) || !shown(el)) continue;
    const style = getComputedStyle(el);
    if (parseFloat(style.fontSize) < 16) report('small-text', el, style.fontSize);
    if (style.textAlign === 'justify') report('justified', el, '');
    if (style.textTransform === 'uppercase') report('all-caps', el, '');
    if (style.fontStyle !== 'normal') report('italics', el, '');
    if (own && el.matches('p, li, dd, blockquote') && !hiddenFromSight(el)) {
      const letter = parseFloat(style.fontSize) * .48; // width of an average letter in our typeface
      if (el.getBoundingClientRect().width / letter > limits.line && el.innerText.length > limits.line) report('long-line', el, Math.round(el.getBoundingClientRect().width / letter) + ' letters');
    }
  }

  // Targets: 44 px, but for links in a sentence.
  for (const el of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!shown(el) || hiddenFromSight(el)) continue;
    const target = el.matches('input[type=radio], input[type=checkbox]') && el.closest('label') || el;
    const inSentence = el.tagName === 'A' && getComputedStyle(el).display === 'inline' && el.parentElement.innerText.trim().length > el.innerText.trim().length;
    if (inSentence) continue;
    const box = target.getBoundingClientRect();
    if (box.height < limits.target - .5 || box.width < limits.target - .5) report('small-target', target, Math.round(box.width) + ' by ' + Math.round(box.height) + ' px');
  }

  // Structure.
  const h1 = document.querySelectorAll('h1');
  if (h1.length !== 1) report('one-h1', 'page', h1.length + ' found');
  const own = document.title.split(' – ')[0];
  if (!own || document.title.split(' – ').length < 2) report('title', 'page', document.title);
  else if (h1[0] && !h1[0].closest('.head-hero') && own !== h1[0].innerText.trim().replace(/\s+/g, ' ')) report('title', 'page', '"' + document.title + '" does not begin with the h1 "' + h1[0].innerText + '"');
  const ids = new Set();
  for (const el of document.querySelectorAll('[id]')) { if (ids.has(el.id)) report('double-id', el, el.id); ids.add(el.id); }
  for (const el of document.querySelectorAll('[placeholder]')) report('placeholder', el, '');
  for (const el of document.querySelectorAll('[style]')) report('inline-style', el, el.getAttribute('style'));
  for (const el of document.querySelectorAll('[autofocus]:not(.errors)')) report('autofocus', el, '');
  const missing = (document.body.innerText + document.title).match(/⟦[^⟧]*⟧/g);
  if (missing) report('missing-words', 'page', missing.join(' '));
  const help = document.querySelector('.help');
  const print = document.body.matches('.sheet');
  if (!print && !(help && help.nextElementSibling?.matches('.foot'))) report('help-last', 'page', '');
  if (!document.querySelector('address')) report('contact', 'page', 'no contact block');

  // Load: from this server only, and not much.
  let bytes = 0;
  for (const entry of [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]) {
    bytes += entry.transferSize;
    if (new URL(entry.name).origin !== location.origin) report('third-party', entry.name, '');
  }
  if (bytes > limits.bytes) report('heavy', 'page', Math.round(bytes / 1000) + ' kB');
  return found;
})()
