"use strict";
// Two lists held beside each other: tokens, or lines of JSON.

// Steps of two lists, each to be compared with each, beyond which only ends are matched.
const MOST_COMPARED = 1000000;
const AROUND = 3;

/** Return rows [expected, got], undefined where the one has nothing; equal ones are identical. */
function paired(expected, got) {
  let start = 0;
  while (start < expected.length && start < got.length && expected[start] === got[start]) start += 1;
  let end = 0;
  const room = Math.min(expected.length, got.length) - start;
  while (end < room && expected.at(-1 - end) === got.at(-1 - end)) end += 1;
  const middle = changed(expected.slice(start, expected.length - end), got.slice(start, got.length - end));
  const same = (token) => [token, token];
  return [...expected.slice(0, start).map(same), ...middle, ...expected.slice(expected.length - end).map(same)];
}

/** Pair what is between equal ends, by the longest common subsequence where that is affordable. */
function changed(expected, got) {
  if (expected.length * got.length > MOST_COMPARED) return zipped(expected, got);
  const width = got.length + 1;
  const longest = new Uint32Array((expected.length + 1) * width);
  for (let i = expected.length - 1; i >= 0; i -= 1) {
    for (let j = got.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = expected[i] === got[j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const rows = [];
  let [i, j, fromI, fromJ] = [0, 0, 0, 0];
  const flush = () => rows.push(...zipped(expected.slice(fromI, i), got.slice(fromJ, j)));
  while (i < expected.length && j < got.length) {
    if (expected[i] === got[j]) {
      flush();
      rows.push([expected[i], got[j]]);
      i += 1;
      j += 1;
      [fromI, fromJ] = [i, j];
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i += 1;
    else j += 1;
  }
  [i, j] = [expected.length, got.length];
  flush();
  return rows;
}

function zipped(expected, got) {
  return Array.from({ length: Math.max(expected.length, got.length) }, (_, place) => [expected[place], got[place]]);
}

/** Draw a difference: - expected, + got, what is equal folded but for some lines around. */
function drawDifference(expected, got) {
  const rows = paired(expected, got);
  const near = rows.map(() => false);
  rows.forEach(([a, b], place) => {
    if (a !== b) near.fill(true, Math.max(0, place - AROUND), place + AROUND + 1);
  });
  const lines = [];
  let folded = 0;
  rows.forEach(([a, b], place) => {
    if (!near[place]) {
      folded += 1;
      return;
    }
    if (folded) lines.push(fold(folded));
    folded = 0;
    if (a === b) lines.push(make("span", { class: "same" }, `  ${a}`));
    else lines.push(...changedLines(a, b));
  });
  if (folded) lines.push(fold(folded));
  return make("pre", { class: "diff" }, lines);
}

function fold(number) {
  return make("span", { class: "fold" }, `  (${number} equal)`);
}

function changedLines(expected, got) {
  const lines = [];
  const [start, end] = expected === undefined || got === undefined ? [0, 0] : equalEnds(expected, got);
  for (const [sign, text, kind, word] of [["-", expected, "minus", "expected"], ["+", got, "plus", "got"]]) {
    if (text === undefined) continue;
    const parts = end || start ? [text.slice(0, start), make("mark", {}, text.slice(start, text.length - end)), text.slice(text.length - end)] : [text];
    lines.push(make("span", { class: kind }, make("span", { class: "unseen" }, word), `${sign} `, parts.filter((part) => part !== "")));
  }
  return lines;
}

/** Return how many characters two texts share at both ends; a character is never cut in two. */
function equalEnds(expected, got) {
  const [a, b] = [Array.from(expected), Array.from(got)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(0, start).join("").length, a.slice(a.length - end).join("").length];
}
