// Shows the two colours of a city while they are chosen, and whether they can be read. Without this script the form has a
// button "Pratinjau" that asks the server, whose judgement is the one that counts (platform/src/theme.rs).
const form = document.querySelector("[data-theme-form]");
const sample = document.querySelector("[data-theme-sample]");
const report = document.querySelector("[data-theme-report]");

function channels(colour) {
  const digits = /^#([0-9a-f]{6})$/i.exec(colour.trim());
  return digits && [0, 2, 4].map((at) => parseInt(digits[1].slice(at, at + 2), 16));
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, two) {
  const [low, high] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const white = [255, 255, 255];
const black = [0, 0, 0];
const ink = (rgb) => (contrast(rgb, white) >= contrast(rgb, black) ? "#fff" : "#000");
// Near enough to the server's darker colour for a preview: three quarters of each channel.
const darker = (rgb) => rgb.map((byte) => Math.round(byte * 0.65));
const written = (rgb) => `rgb(${rgb.join(" ")})`;

function show() {
  const brand = channels(form.elements.brand.value);
  const accent = channels(form.elements.accent.value);
  if (!brand || !accent) return;
  const dark = darker(brand);
  const values = {
    "--p-brand": written(brand), "--p-on-brand": ink(brand), "--p-brand-dark": written(dark),
    "--p-on-brand-dark": ink(dark), "--p-accent": written(accent), "--p-on-accent": ink(accent),
  };
  for (const [name, value] of Object.entries(values)) sample.style.setProperty(name, value);
  const readable = contrast(brand, white) >= 3 && contrast(accent, dark) >= 3;
  report.textContent = readable ? report.dataset.readable : report.dataset.unreadable;
}

if (form && sample && report) {
  form.addEventListener("input", show);
  show();
}
