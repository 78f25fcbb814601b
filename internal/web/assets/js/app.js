// Help for browsers that run scripts. Every page works without this file.
const each = (selector, use) => document.querySelectorAll(selector).forEach(use);
const words = element => element.querySelector('[data-words]');

// A list of mistakes takes the focus, also where only form fields know autofocus.
if (!('autofocus' in HTMLElement.prototype)) each('.errors', box => box.focus());

// Print buttons exist only where they can work.
each('[data-print]', button => {
  button.hidden = false;
  button.onclick = () => print();
});

// Copy a text; the answer is said once, in words.
each('[data-copy]', button => {
  button.hidden = false;
  button.onclick = async () => {
    const text = document.getElementById(button.dataset.copy);
    const status = document.getElementById(button.dataset.copy + '-status');
    try {
      await navigator.clipboard.writeText(text.value);
      status.textContent = button.dataset.done;
    } catch {
      text.select();
      status.textContent = button.dataset.failed;
    }
  };
});

// Read aloud, only with a voice that lives on this device: the text stays here.
const synth = window.speechSynthesis;
const lang = document.documentElement.lang;
const voice = () => synth?.getVoices().find(v => v.localService && v.lang.toLowerCase().startsWith(lang));
const show = () => each('[data-read]', button => { button.hidden = !voice(); });
if (synth) {
  show();
  synth.addEventListener?.('voiceschanged', show);
  addEventListener('pagehide', () => synth.cancel());
}
each('[data-read]', button => {
  const start = words(button).textContent;
  const idle = () => { words(button).textContent = start; };
  button.onclick = () => {
    if (synth.speaking) { synth.cancel(); return idle(); }
    const saying = new SpeechSynthesisUtterance(document.querySelector(button.dataset.read).innerText);
    Object.assign(saying, { voice: voice(), lang: voice().lang, rate: .9, onend: idle, onerror: idle });
    words(button).textContent = button.dataset.stop;
    synth.speak(saying);
  };
});
