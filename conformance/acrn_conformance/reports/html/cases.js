"use strict";
// The list of cases: its filter, rows as they are looked at, and the state in the address.

const MARKS = Object.fromEntries([
  ["p", "pass", "good"], ["f", "fail", "bad"], ["e", "error", "bad"], ["t", "timeout", "bad"],
  ["u", "unsupported", "bad"], ["k", "known failure", "open"], ["n", "not claimed", "none"], ["-", "not judged", "none"],
].map(([letter, name, tone]) => [letter, { letter, name, tone }]));
const BAD = new Set("fetu");
const FIELDS = ["q", "verdict", "family", "rule", "level", "only", "group"];
const ROWS = 60;

const page = JSON.parse(document.getElementById("data").textContent);
const places = new Map(page.cases.map(([id], place) => [id, place]));
const filter = document.getElementById("filter");
const body = document.querySelector("#list tbody");
const more = document.getElementById("more");
const searched = page.cases.map((row) => row.join("\n").toLowerCase());

let state = {};
let found = [];
let drawn = 0;

function pill(mark) {
  return make("span", { class: `pill ${mark.tone}` }, mark.name);
}

function linkTo(values) {
  return `#${new URLSearchParams(Object.entries(values).filter(([, value]) => value))}`;
}

/** Change parts of the state, which the address holds; the rest follows from that. */
function go(changes) {
  location.hash = linkTo({ ...state, ...changes });
}

/** Return the places of the cases that a state asks for. */
function matching(asked) {
  const runs = page.runs.filter((run) => !asked.only || run.label === asked.only);
  const words = (asked.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const marked = (run, place) => asked.verdict === "bad" ? BAD.has(run.marks[place]) : MARKS[run.marks[place]].name === asked.verdict;
  const grouped = (run, place) => String(run.details[place]?.group ?? -1) === asked.group;
  const says = (place, word) => searched[place].includes(word) || runs.some((run) => run.details[place]?.message?.toLowerCase().includes(word));
  const ofRun = asked.verdict || asked.group || asked.only;
  return page.cases.flatMap(([, , family, , level, rule], place) => {
    if (asked.family && family !== asked.family) return [];
    if (asked.level && level !== asked.level) return [];
    if (asked.rule && rule !== asked.rule && !runs.some((run) => run.details[place]?.blamed === asked.rule)) return [];
    if (ofRun && !runs.some((run) => (asked.verdict ? marked(run, place) : run.marks[place] !== "-") && (!asked.group || grouped(run, place)))) return [];
    return words.every((word) => says(place, word)) ? [place] : [];
  });
}

function row(place) {
  const [id, title] = page.cases[place];
  const shownRuns = page.runs.filter((run) => !state.only || run.label === state.only);
  const link = (run) => linkTo({ ...state, case: id, implementation: run?.label });
  const first = shownRuns.find((run) => BAD.has(run.marks[place])) ?? shownRuns[0];
  const name = make("td", { class: "id" }, make("a", { href: link(first) }, id), make("div", { class: "title" }, title));
  const cells = shownRuns.map((run) => {
    const mark = MARKS[run.marks[place]];
    const label = page.runs.length > 1 ? `${mark.name}: ${id}, ${run.label}` : undefined;
    return make("td", { class: "mark-cell" }, make("a", { class: `pill ${mark.tone}`, href: link(run), "aria-label": label && plain(label), tabindex: page.runs.length > 1 ? undefined : "-1" }, mark.name));
  });
  return make("tr", { click: (event) => { if (!event.target.closest("a") && !getSelection().toString()) location.hash = link(first); } }, name, cells);
}

function drawMore(number = ROWS) {
  const next = found.slice(drawn, drawn + number);
  body.append(...next.map(row));
  drawn += next.length;
  more.hidden = drawn >= found.length;
  more.textContent = `Show more (${found.length - drawn} left)`;
}

function drawList() {
  found = matching(state);
  drawn = 0;
  body.replaceChildren();
  const shownRuns = page.runs.filter((run) => !state.only || run.label === state.only);
  document.querySelector("#list thead").replaceChildren(make("tr", {}, make("th", { scope: "col" }, "case"), shownRuns.map((run) => make("th", { scope: "col" }, page.runs.length > 1 ? run.label : "verdict"))));
  drawMore();
  const of = found.length === page.cases.length ? "" : ` of ${page.cases.length.toLocaleString("en")}`;
  const noun = page.cases.length === 1 ? "case" : "cases";
  document.getElementById("found").textContent = `${found.length.toLocaleString("en")}${of} ${noun}${state.group ? ", of one group" : ""}`;
}

function fill(select, values) {
  select.append(...[...new Set(values)].filter(Boolean).map((value) => {
    const option = make("option", { value });
    option.textContent = plain(value);
    return option;
  }));
}

/** Take the state from the address, and show it. */
function follow() {
  const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (location.hash && document.getElementById(location.hash.slice(1))) {
    // A part of the page is meant, and nothing is asked of the list.
    hideDetail();
    return;
  }
  const changed = FIELDS.some((name) => (asked[name] ?? "") !== (state[name] ?? "")) || !drawn;
  state = asked;
  if (changed) {
    for (const name of FIELDS) {
      if (filter.elements[name] && filter.elements[name].value !== (asked[name] ?? "")) filter.elements[name].value = asked[name] ?? "";
    }
    drawList();
    if (!asked.case && document.activeElement?.form !== filter && FIELDS.some((name) => asked[name])) document.getElementById("cases").scrollIntoView();
  }
  const place = places.get(asked.case);
  if (asked.case && place === undefined) document.getElementById("found").textContent = `There is no case ${plain(asked.case)} in this report.`;
  if (place === undefined) {
    hideDetail();
    return;
  }
  const run = page.runs.find((each) => each.label === asked.implementation) ?? page.runs.find((each) => BAD.has(each.marks[place])) ?? page.runs[0];
  showDetail(page, place, run, go);
}

fill(filter.elements.verdict, Object.values(MARKS).filter((mark) => page.runs.some((run) => run.marks.includes(mark.letter))).map((mark) => mark.name));
fill(filter.elements.family, page.cases.map(([, , family]) => family));
fill(filter.elements.rule, page.cases.map((each) => each[5]).sort());
fill(filter.elements.level, page.cases.map((each) => each[4]));
fill(filter.elements.only, page.runs.map((run) => run.label));

filter.addEventListener("input", () => go({ ...Object.fromEntries(new FormData(filter)), group: "", case: "", implementation: "" }));
filter.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("reset", (event) => {
  event.preventDefault();
  location.hash = "";
});
more.addEventListener("click", () => {
  const next = drawn;
  drawMore();
  body.rows[next]?.querySelector("a").focus();
});
new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting) && !more.hidden) drawMore();
}, { rootMargin: "400px" }).observe(more);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  go({ case: "", implementation: "" });
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) go({ case: "", implementation: "" });
});
addEventListener("beforeprint", () => drawMore(found.length));
addEventListener("hashchange", follow);
follow();
