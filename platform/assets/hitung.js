// Shows how far an upload is and that it is being calculated. Without it the form works as any other.
if (window.XMLHttpRequest && window.DOMParser) {
  const showPage = (text, tell, words) => {
    const page = new DOMParser().parseFromString(text, 'text/html');
    const main = page.querySelector('main');
    if (!main) return tell(words.failed);
    document.title = page.title;
    document.querySelector('main').replaceWith(main);
    (main.querySelector('[autofocus]') || main).focus();
    window.scrollTo(0, 0);
  };

  const keep = (request) => {
    const name = /filename="([^"]+)"/.exec(request.getResponseHeader('content-disposition') || '');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(request.response);
    link.download = name ? name[1] : 'hasil';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // On the document, since the page that comes back may hold the form again.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    const progress = form.querySelector('[data-p-progress]');
    if (!progress) return;
    event.preventDefault();
    const words = form.dataset;
    const tell = (text) => { progress.textContent = text; };
    const button = form.querySelector('button');
    const end = (text) => { button.disabled = false; tell(text); };
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.responseType = 'blob';
    request.upload.addEventListener('progress', (sent) => {
      if (!sent.lengthComputable) return;
      const percent = Math.floor((sent.loaded * 100) / sent.total);
      tell(percent < 100 ? words.sending.replace('{percent}', percent) : words.computing);
    });
    request.addEventListener('load', () => {
      const kind = request.getResponseHeader('content-type') || '';
      if (!kind.startsWith('text/html')) {
        keep(request);
        return end(words.done);
      }
      request.response.text().then((text) => { end(''); showPage(text, tell, words); });
    });
    request.addEventListener('error', () => end(words.failed));
    request.addEventListener('abort', () => end(words.failed));
    button.disabled = true;
    request.send(new FormData(form));
  });
}
