// Codes of a telephone's application, as the application makes them.
import { createHmac } from "node:crypto";

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

/** The code that the telephone shows now. */
export const codeNow = (secret) => oneTimeCode(secret, Date.now());
/** The code that it shows next: a code is taken once, and a clock may be half a minute fast. */
export const codeNext = (secret) => oneTimeCode(secret, Date.now() + 30_000);
