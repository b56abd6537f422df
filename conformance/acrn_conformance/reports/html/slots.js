"use strict";
// Two slot maps side by side, slot against slot, and where they differ, a frame.

const SVG = "http://www.w3.org/2000/svg";
const KINDS = {
  "virtio-console": "console", uart: "console", "virtio-net": "net",
  "virtio-blk": "disk", ahci: "disk", "ahci-hd": "disk", "ahci-cd": "disk",
};
const LINE = 22;
const WIDTH = 520;
const BOX = [60, 170];
const LETTERS = 36;

/** Draw a map; `other` is the one it is compared with, and free slots behind the last are left out. */
function drawSlots(map, other, title) {
  const last = Math.max(lastTaken(map), lastTaken(other));
  const rows = map.rows.filter((row, place) => row.state !== "free" || place <= last);
  const there = new Set(other.rows.map(told));
  const height = LINE * rows.length + 8;
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "slotmap", role: "img", "aria-label": plain(`${title}: ${said(map)}`) });
  rows.forEach((row, place) => drawRow(svg, row, 4 + place * LINE, !there.has(told(row))));
  return svg;
}

function lastTaken(map) {
  return map.rows.findLastIndex((row) => row.state === "taken" || row.state === "faulty");
}

function told(row) {
  return JSON.stringify([row.place, row.state, row.emulation, row.details, row.indices]);
}

/** Return the map in words, for who does not see it. */
function said(map) {
  const busy = map.rows.filter((row) => row.state === "taken" || row.state === "faulty");
  return busy.map((row) => `slot ${row.place || "unknown"} ${row.emulation}`).join(", ") || "no device";
}

function drawRow(svg, row, top, differs) {
  const group = draw("g", {}, row.text ? draw("title", {}, row.text) : []);
  const line = top + 15;
  const [left, width] = BOX;
  const rect = (kind, from, wide) => group.append(draw("rect", { class: kind, x: from, y: top, width: wide, height: LINE - 4, rx: 4 }));
  const text = (kind, x, words, anchor = "start") => group.append(draw("text", { class: kind, x, y: line, "text-anchor": anchor }, words));
  const kind = { free: "slot", reserved: "slot", taken: `box ${KINDS[row.emulation] ?? ""}`, faulty: "box faulty" }[row.state];
  text("place", left - 10, row.place || "-", "end");
  rect(kind, left, width);
  if (row.state === "reserved") text("free-text", left + width / 2, "GVT-g", "middle");
  else if (row.state !== "free") text("name", left + 8, short(row.emulation || row.text || "(no emulation)", 16));
  if (row.indices.length) text("index", left + width - 8, row.indices.map((index) => `[${index}]`).join(" "), "end");
  const remark = row.remark ? [row.state === "faulty" ? "fault" : "remark", row.remark] : null;
  const [style, words] = remark ?? ["detail", row.details.join(" ")];
  text(style, left + width + 12, short(words, LETTERS));
  if (differs) rect("differs", left - 3, width + 6);
  svg.append(group);
}

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat().map((child) => (child instanceof Node ? child : plain(child))));
  return element;
}

function short(text, most) {
  const letters = Array.from(plain(text));
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : letters.join("");
}
