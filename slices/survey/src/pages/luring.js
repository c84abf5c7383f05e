// Keeps an answer on the telephone until the line is back, and delivers it once. Page and service worker run this same file.
// Without it the form sends itself. An answer that arrives twice is kept once by the server.
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
  const send = (url, body) => fetch(url, {
    method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });

  // A receipt is a redirect; 410 says that the visit was answered already. Anything else is tried again later, and a browser
  // that hears of a failure tries by itself.
  const deliver = async () => {
    for (const kept of await store('readonly', (all) => all.getAll())) {
      const answer = await send(kept.url, kept.body);
      if (answer.status >= 500) throw answer;
      if (answer.redirected || answer.status === 410) {
        await store('readwrite', (all) => all.delete(kept.id));
        await (await self.caches?.open('survei'))?.delete(kept.url);
      }
    }
  };

  if (typeof document === 'undefined') {
    addEventListener('install', () => skipWaiting());
    addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    addEventListener('sync', (event) => event.waitUntil(deliver()));
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
    await deliver().catch(() => {});
    const count = await store('readonly', (all) => all.count());
    if (count || !form?.hidden) say(count ? words.waiting.replace('{count}', count) : '');
    else say(words.sent);
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
    const asked = [...form.querySelectorAll('input[type=radio]')].filter((one) => !one.name.startsWith('promise-'));
    const open = asked.find((one) => !data.has(one.name));
    if (open && !navigator.onLine) {
      open.focus();
      say(words.missing);
      return;
    }
    // What is wrong is told by the server, which the form asks by itself.
    const answer = open ? {} : await send(form.action, data).catch(() => null);
    if (!answer) await keep(data);
    else if (answer.redirected) location.assign(answer.url);
    else form.submit();
  });
  addEventListener('online', flush);
  flush();
  navigator.serviceWorker?.register('/s/luring.js').then(() => navigator.serviceWorker.ready).then(async () => {
    // The page can be opened again without a line.
    const parts = [...document.querySelectorAll('link[rel=stylesheet]'), ...document.scripts].map((one) => one.href || one.src);
    if (form) await (await caches.open('survei')).addAll([form.action, ...parts]);
  }).catch(() => {});
})();
