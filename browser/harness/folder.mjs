// Serves a folder of HTML files under the policy of the real server, so that the gallery is checked as strictly.
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const kinds = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
export const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://folder").pathname);
    try {
      const body = await readFile(join(folder, path));
      response.writeHead(200, { "content-type": kinds[extname(path)] ?? "application/octet-stream", "content-security-policy": policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const names = (await readdir(folder)).filter((name) => name.endsWith(".html")).sort();
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    routes: names.map((name) => ({ audience: "public", at: `/${name}`, path: `/${name}`, expected: 200, person: null, oneLanguage: true })),
    stop: () => server.close(),
  };
}
