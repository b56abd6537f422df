"use strict";
// What every page has: elements made of text alone, and the theme.

/** Make an element; children are elements or texts, and a text never becomes markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child instanceof Node) element.append(child);
    else if (child !== undefined && child !== null) element.append(...shown(String(child)));
  }
  return element;
}

// Control characters, direction marks, odd blanks, private and unassigned characters.
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** Return a text as nodes, what nobody would see in it as an escape that is told from text. */
function shown(text) {
  const nodes = [];
  let last = 0;
  for (const found of text.matchAll(UNSEEN)) {
    if (found.index > last) nodes.push(text.slice(last, found.index));
    const odd = document.createElement("span");
    odd.className = "odd";
    odd.textContent = escaped(found[0]);
    nodes.push(odd);
    last = found.index + found[0].length;
  }
  if (last < text.length || !nodes.length) nodes.push(text.slice(last));
  return nodes;
}

/** Return a text for where no element can stand, an attribute or an option. */
function plain(text) {
  return String(text).replace(UNSEEN, escaped);
}

function escaped(character) {
  const named = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  if (named) return named;
  const code = character.codePointAt(0);
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

const THEMES = { "": "as the system", light: "light", dark: "dark" };
const THEME = "acrn-conformance-theme";

/** Set the theme and remember it; a browser may keep no memory for files from disk. */
function setTheme(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  document.getElementById("theme").textContent = `Theme: ${THEMES[name]}`;
  try {
    localStorage.setItem(THEME, name);
  } catch {
    // Then it holds for this page alone.
  }
}

function rememberedTheme() {
  try {
    const name = localStorage.getItem(THEME);
    return name in THEMES ? name : "";
  } catch {
    return "";
  }
}

setTheme(rememberedTheme());
document.getElementById("theme").addEventListener("click", () => {
  const names = Object.keys(THEMES);
  const now = document.documentElement.dataset.theme ?? "";
  setTheme(names[(names.indexOf(now) + 1) % names.length]);
});
