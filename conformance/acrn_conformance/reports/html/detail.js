"use strict";
// One case of one run, with all that is known of it.

const dialog = document.getElementById("detail");

/** Show a case; `go` leads to another state of the page. */
function showDetail(page, place, run, go) {
  const [id, title, family, method, level, rule] = page.cases[place];
  const detail = run?.details[place];
  const mark = MARKS[run?.marks[place] ?? "-"];
  dialog.replaceChildren(
    make("div", { class: "bar-top" },
      make("button", { type: "button", click: () => go({ case: "", implementation: "" }) }, "Close"),
      page.runs.length > 1 ? runLinks(page, place, run) : [],
      make("span", { class: "gap" }),
      copyButton(() => location.href, "Copy link")),
    make("h2", { id: "detail-h", tabindex: "-1" }, id),
    make("p", { class: "hint" }, title),
    make("p", {}, pill(mark), " ", make("span", { class: "hint" }, `${method}, ${level}, family ${family}${run ? `, ${run.label}` : ""}`)),
    ...(detail ? ofDetail(page, detail, rule) : ofPassing(page, rule, mark)));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  document.getElementById("detail-h").focus({ preventScroll: true });
}

function hideDetail() {
  if (dialog.open) dialog.close();
}

function runLinks(page, place, run) {
  return page.runs.map((each) => {
    const mark = MARKS[each.marks[place]];
    const link = make("a", { class: `pill ${mark.tone}`, href: linkTo({ case: page.cases[place][0], implementation: each.label }) }, `${each.label}: ${mark.name}`);
    if (each === run) link.setAttribute("aria-current", "true");
    return link;
  });
}

function ofPassing(page, rule, mark) {
  const words = { p: "The answer is one that the case accepts.", n: "The implementation does not claim the method, so it was not asked.", "-": "It was not judged in this run." };
  return [make("p", {}, words[mark.letter] ?? ""), ...ofRule(page, rule, "")];
}

function ofDetail(page, detail, rule) {
  const parts = [make("p", { class: "message" }, detail.message)];
  if (detail.known) parts.push(make("p", { class: "note" }, `Known failure: ${detail.known}`));
  if (detail.leak) {
    parts.push(make("p", { class: "note" }, "Alone it passes: something of an earlier request shows in this answer. The shortest sequence that shows it: ", ...sequence(detail.leak)));
  }
  if (detail.again) parts.push(make("h3", {}, "Run it again"), make("div", { class: "again" }, make("pre", {}, detail.again), copyButton(() => detail.again, "Copy")));
  const side = (index) => lines(page.sides[index]);
  if (detail.sides) parts.push(make("h3", {}, "Difference, - expected, + got"), drawDifference(...detail.sides.map(side)));
  if (detail.maps && !detail.maps.includes(-1)) parts.push(...ofMaps(...detail.maps.map((index) => page.maps[index])));
  parts.push(...ofRule(page, rule, detail.blamed ?? ""));
  if (detail.request === undefined) {
    parts.push(make("p", { class: "hint" }, "Request and answers are left out: a page has some whole examples of each group, the results file (--json) has all."));
    return parts;
  }
  const answers = detail.expected ?? [];
  parts.push(make("div", { class: "pair" },
    make("div", {}, make("h3", {}, "Expected"), answers.length ? json(page, answers[0]) : make("p", {}, "(not recorded)")),
    make("div", {}, make("h3", {}, "Got"), detail.got === undefined ? make("p", {}, "no usable answer") : json(page, detail.got))));
  if (answers.length > 1) parts.push(make("h3", {}, "As good as the expected"), ...answers.slice(1).map((answer) => json(page, answer)));
  if (detail.behind !== undefined) parts.push(make("h3", {}, "Asked before it, of the same process"), json(page, detail.behind));
  parts.push(make("h3", {}, "Request"), json(page, detail.request));
  return parts;
}

function sequence(ids) {
  return ids.flatMap((id, place) => [place ? ", then " : "", make("code", {}, id)]);
}

function ofMaps(expected, got) {
  return [
    make("h3", {}, "Slot map"),
    make("div", { class: "pair" },
      make("div", {}, make("h4", {}, "expected"), drawSlots(expected, got, "Expected")),
      make("div", {}, make("h4", {}, "got"), drawSlots(got, expected, "Got"))),
  ];
}

function ofRule(page, rule, blamed) {
  const told = (name) => {
    const [text, source] = page.rules[name] ?? ["", ""];
    return make("p", {}, make("b", {}, name), text ? `: ${text} ` : "", source ? make("cite", {}, `(${source})`) : []);
  };
  if (!blamed || blamed === rule) return [make("h3", {}, "Rule"), told(rule)];
  return [make("h3", {}, "Rule that is broken"), told(blamed), make("h3", {}, "Rule that the case was written for"), told(rule)];
}

function json(page, index) {
  return make("pre", {}, lines(page.sides[index]).flatMap((line, place) => [place ? document.createTextNode("\n") : "", line]));
}

function lines(side) {
  return typeof side === "string" ? side.split("\n") : side;
}

/** Make a button that copies; what a browser does not let it copy is selected instead. */
function copyButton(text, label) {
  const button = make("button", { type: "button", class: "copy quiet", click: async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      const shownText = button.parentElement.querySelector("pre");
      if (shownText) getSelection().selectAllChildren(shownText);
      button.textContent = shownText ? "Selected: press Ctrl-C" : "Not allowed here";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  } }, label);
  return button;
}
