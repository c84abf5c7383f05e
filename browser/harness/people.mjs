// Signs people in as they do it themselves: address, password and, where their role needs it, a second factor set up on the way.
import { codeNow } from "./one-time-code.mjs";

/** Fills the form of `/masuk` and sends it. */
export async function knock(page, origin, email, password) {
  await page.goto(`${origin}/masuk`);
  await page.fill("#f-email", email);
  await page.fill("#f-password", password);
  await page.click("main form button");
}

/** Sets up a second factor on the page that asks for it, up to its recovery codes. Returns what the telephone keeps. */
export async function enrol(page) {
  const secret = (await page.locator("main ol code").innerText()).trim();
  await page.fill("#f-code", codeNow(secret));
  await page.click("main form button");
  const codes = await page.locator("main ul code").allInnerTexts();
  if (codes.length !== 10) throw new Error(`the second factor was not taken: ${await page.locator("main").innerText()}`);
  return { secret, codes };
}

/** Somebody who signed in with a browser of their own: the cookies, and the secret of their telephone when they have one. */
export async function signIn(browser, origin, email, password) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await knock(page, origin, email, password);
    if (new URL(page.url()).pathname === "/masuk") throw new Error(`${email} cannot sign in: ${await page.locator("main").innerText()}`);
    // Whose role needs a second factor is led to set it up by the first page of their work.
    let asked = false;
    for (const work of ["/kelola/unit", "/kelola/data-pribadi"]) {
      if (asked) break;
      await page.goto(`${origin}${work}`);
      asked = new URL(page.url()).pathname === "/akun/dua-langkah";
    }
    const { secret } = asked ? await enrol(page) : {};
    return { email, secret, cookies: await context.cookies() };
  } finally {
    await context.close();
  }
}

/** Uploads a table as a person and answers with where its review is shown. */
export async function upload(browser, origin, at, person, name, table) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    await context.addCookies(person.cookies);
    const page = await context.newPage();
    await page.goto(`${origin}${at}`);
    await page.setInputFiles("#f-berkas", { name, mimeType: "text/csv", buffer: Buffer.from(table) });
    await page.click("main form button");
    const led = new URL(page.url());
    if (led.pathname === at) throw new Error(`${name} was not taken: ${await page.locator("main").innerText()}`);
    return led.pathname + led.search;
  } finally {
    await context.close();
  }
}

/** What an address answers a person, or a stranger. */
export async function ask(origin, at, person) {
  const cookie = (person?.cookies ?? []).map(({ name, value }) => `${name}=${value}`).join("; ");
  const headers = { accept: "text/html", ...(cookie ? { cookie } : {}) };
  const answer = await fetch(new URL(at, origin), { headers, redirect: "manual" });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
