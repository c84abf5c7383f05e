// Every page is answered with the policy that allows nothing but its own files, holds no script or style that the policy would
// stop, and gives cookies that no script can read.
import { policy } from "../harness/folder.mjs";
import { ask } from "../harness/people.mjs";

const wanted = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
};
const inline = /<script(?![^>]*\ssrc=)|<style|<(base|object|embed|iframe)\b|<[^>]*\s(style|on[a-z]+)=|(href|src|action)="?javascript:/i;

export default async function safe(t) {
  for (const route of t.routes) {
    const { status, text, headers } = await ask(t.origin, route.at, route.person);
    t.checked();
    if (status !== route.expected) t.fail(route.path, `status ${status}`);
    // The gallery is served by the harness, with the policy alone.
    for (const [name, value] of route.oneLanguage ? [] : Object.entries(wanted)) {
      if (headers.get(name) !== value) t.fail(route.path, `${name}: ${headers.get(name)}`);
    }
    const held = inline.exec(text);
    if (held) t.fail(route.path, `holds script or style in its HTML: ${text.slice(held.index, held.index + 80)}`);
    if (route.person && !/no-store|private/.test(headers.get("cache-control"))) t.fail(route.path, "may be kept by others");
    for (const { name, httpOnly, sameSite } of route.person?.cookies ?? []) {
      if (!httpOnly || sameSite !== "Lax") t.fail(route.path, `the cookie ${name} can be read by scripts or sent by other sites`);
    }
  }
}
