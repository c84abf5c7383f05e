// Signs people in as they do it themselves: address, password and, where their role needs it, a second factor set up on the way.
import { createHmac } from "node:crypto";
import { launch } from "./browser.mjs";

/** The one-time code of a secret at a moment (RFC 6238: SHA-1, 30 seconds, six digits). */
export function oneTimeCode(secret, milliseconds) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.toUpperCase().replace(/[^A-Z2-7]/g, "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(milliseconds / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** The cookies of a person who signed in; throws when the server does not let them. */
export async function signIn(origin, email, password) {
  const browser = await launch();
  try {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`${origin}/masuk`);
    await page.fill("#f-email", email);
    await page.fill("#f-password", password);
    await page.click("main form button");
    if (new URL(page.url()).pathname === "/masuk") throw new Error(`${email} cannot sign in: ${await page.locator("main").innerText()}`);
    await page.goto(`${origin}/akun/dua-langkah`);
    const secret = page.locator("main code.p-code");
    if (await secret.count()) {
      await page.fill("#f-code", oneTimeCode(await secret.first().innerText(), Date.now()));
      await page.click("main form button");
      if (await page.locator(".govuk-error-summary").count()) throw new Error(`the second factor of ${email} was not taken`);
    }
    return await page.context().cookies();
  } finally {
    await browser.close();
  }
}

/** Gives every page of staff the first of these people whom the server lets open it. Returns the pages nobody may open. */
export async function assign(origin, routes, people) {
  const closed = [];
  for (const route of routes.filter((route) => route.audience !== "public")) {
    route.person = null;
    for (const person of people) {
      const cookie = person.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
      const answer = await fetch(new URL(route.at, origin), { headers: { cookie, accept: "text/html" }, redirect: "manual" });
      await answer.arrayBuffer();
      if (answer.status === 200) {
        route.person = person;
        break;
      }
    }
    if (!route.person) closed.push(route);
  }
  return closed;
}
