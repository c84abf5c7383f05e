// Keeps an answer until the line is back. Page and service worker run this file; without it the form sends itself. An answer that
// arrives twice is kept once by the server.
(() => {
  const store = (mode, work) => new Promise((done, fail) => {
    const asked = indexedDB.open('prima-survei', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('kiriman', { keyPath: 'id' });
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const act = asked.result.transaction('kiriman', mode, { durability: 'strict' });
      const answer = work(act.objectStore('kiriman'));
      act.oncomplete = () => done(answer.result);
      act.onabort = () => fail(act.error);
    };
  });
  const send = (url, form) => fetch(url, { method: 'POST', body: new URLSearchParams(form) });

  const page = typeof document !== 'undefined';
  // Whether this server said something of the answer, and was not busy; and whether that is a receipt.
  const told = (answer) => answer && !answer.redirected && answer.status < 500 && answer.status !== 429;
  const arrived = (answer) => answer?.redirected && new URL(answer.url).pathname === '/s/terima-kasih';
  const forget = async (url) => (await self.caches?.open('survei'))?.delete(url);

  // 410: the visit was answered already, or the survey is over, which the page alone can tell.
  const deliver = async () => {
    const done = { sent: 0, gone: 0, failed: 0 };
    for (const kept of await store('readonly', (all) => all.getAll())) {
      const answer = await send(kept.url, kept.body).catch(() => null);
      const fate = arrived(answer) ? 'sent' : page && answer?.status === 410 ? 'gone' : 'failed';
      done[fate] += 1;
      if (fate === 'failed') continue;
      await store('readwrite', (all) => all.delete(kept.id));
      await forget(kept.url);
    }
    return done;
  };

  if (!page) {
    addEventListener('install', () => skipWaiting());
    addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    addEventListener('sync', (event) => event.waitUntil(deliver().then(({ failed }) => failed && Promise.reject())));
    addEventListener('fetch', (event) => {
      const { method, url } = event.request;
      if (method === 'GET' && new URL(url).origin === location.origin) {
        event.respondWith(fetch(event.request).catch(async () => (await caches.match(url)) || Response.error()));
      }
    });
    return;
  }

  const words = document.currentScript.dataset;
  const box = document.getElementById('luring');
  const form = document.querySelector('form[data-luring]');
  const say = (text) => {
    box.textContent = text;
    box.hidden = !text;
  };
  const flush = async () => {
    const { sent, gone, failed } = await deliver();
    if (failed) say(words.waiting.replace('{count}', failed));
    else if (gone) say(words.gone);
    else if (sent || form?.hidden) say(words.sent);
  };
  const keep = async (data) => {
    data.set('luring', 'ya');
    await store('readwrite', (all) => all.put({ id: data.get('kiriman'), url: form.action, body: `${data}` }));
    form.hidden = true;
    say(words.saved);
    box.focus();
    const worker = await navigator.serviceWorker?.ready;
    await worker?.sync?.register('kirim').catch(() => {});
  };

  form?.addEventListener('submit', async (event) => {
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form));
    const asked = [...form.querySelectorAll('input[type=radio]:not([name^=promise-])')];
    const open = asked.find((one) => !data.has(one.name));
    const answer = await send(form.action, data).catch(() => null);
    if (arrived(answer)) {
      await forget(form.action);
      location.replace(answer.url);
    } else if (told(answer)) form.submit(); // Sent anew, so that the server tells what is wrong.
    else if (!open) await keep(data);
    else {
      open.focus();
      say(words.missing);
    }
  });
  addEventListener('online', flush);
  flush();
  navigator.serviceWorker?.register('/s/luring.js').then(() => navigator.serviceWorker.ready).then(async () => {
    // The page can be opened again without a line.
    const parts = [...document.querySelectorAll('link[rel=stylesheet],script[src]')].map((one) => one.href || one.src);
    if (form) await (await caches.open('survei')).addAll([form.action, ...parts]);
  }).catch(() => {});
})();
