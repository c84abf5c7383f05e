// Sends the file of a form in pieces, goes on after a break or a reload, then sends the form with the number of the file.
// Without this script the form sends its file itself.
if (window.fetch && window.sessionStorage && window.URLSearchParams) {
  const least = 65536;
  const wait = (seconds) => new Promise((go) => {
    setTimeout(go, seconds * 1000);
    window.addEventListener('online', go, { once: true });
  });

  const ask = async (address, method, body) => {
    const answer = await fetch(address, { method, body, headers: { Accept: 'application/json' } });
    const told = await answer.json().catch(() => ({}));
    return { status: answer.status, told, after: Number(answer.headers.get('retry-after')) };
  };

  // The number of the file, once it is there; throws the sentence of a refusal.
  const send = async (kind, file, keep, words, show) => {
    const key = ['unggah', kind, keep, file.name, file.size, file.lastModified].join('|');
    let id = sessionStorage.getItem(key);
    let unsure = Boolean(id);
    let at = 0;
    let size = 4 * least;
    let most = size;
    let pause = 1;
    let refusals = 0;
    for (;;) {
      try {
        let asked;
        const began = Date.now();
        if (!id) {
          const fields = new URLSearchParams({ untuk: kind, nama: file.name, ukuran: file.size, posisi: keep });
          asked = await ask('/unggah', 'POST', fields);
        } else if (unsure) {
          asked = await ask(`/unggah/${id}`, 'GET');
        } else {
          asked = await ask(`/unggah/${id}?dari=${at}`, 'POST', file.slice(at, at + size));
        }
        const { status, told, after } = asked;
        if (status < 300 || status === 409) {
          // A piece takes some seconds on every line, so that the bar moves and little is sent twice.
          const took = Date.now() - began;
          if (id && !unsure && status < 300) size = took > 8000 ? Math.max(least, size / 2) : took < 3000 ? Math.min(size * 2, most) : size;
          ({ id, received: at, piece: most } = told);
          unsure = false;
          pause = 1;
          sessionStorage.setItem(key, id);
          if (told.file) {
            sessionStorage.removeItem(key);
            return told.file;
          }
          show(at / file.size, at < file.size ? words.sending : words.checking);
        } else if (status === 404 && id) {
          sessionStorage.removeItem(key);
          id = null;
        } else if (status === 429 || (status >= 500 && (refusals += 1) < 9)) {
          unsure = Boolean(id);
          show(at / file.size, told.detail || words.waiting);
          await wait(after || pause);
        } else {
          sessionStorage.removeItem(key);
          throw new RangeError(told.detail || told.title || words.waiting);
        }
      } catch (error) {
        if (error instanceof RangeError) throw error;
        unsure = Boolean(id);
        size = Math.max(least, size / 2);
        show(at / file.size, words.waiting);
        await wait(pause);
        pause = Math.min(pause * 2, 60);
      }
    }
  };

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    const box = form.querySelector('[data-p-file]');
    if (!form.dataset.pUpload || !box || !box.files.length) return;
    event.preventDefault();
    const bar = form.querySelector('[data-p-bar]');
    const status = form.querySelector('[data-p-status]');
    const button = form.querySelector('button');
    const keep = form.elements.posisi && form.elements.posisi.checked ? 'ya' : '';
    // Said at every tenth only: a screen reader reads each change.
    const show = (part, words) => {
      bar.hidden = false;
      bar.value = part * 100;
      const text = words.replace('{percent}', Math.floor(part * 10) * 10);
      if (status.textContent !== text) status.textContent = text;
    };
    button.disabled = true;
    try {
      const id = await send(form.dataset.pUpload, box.files[0], keep, form.dataset, show);
      const number = document.createElement('input');
      Object.assign(number, { type: 'hidden', name: 'unggahan', value: id });
      form.append(number);
      box.value = '';
      form.submit();
    } catch (refused) {
      bar.hidden = true;
      status.textContent = refused.message;
      button.disabled = false;
    }
  });
}
