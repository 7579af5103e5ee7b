"use strict";
/* The page: what is seen, and all that changes it. */

/** All that is seen: {kind, map, settings, layout, at, channel, edited}. */
let view = null;
let saved = null;
let source = null;
let drawnMap = null;
let drawnResult = null;

function isPicture() {
  return view.kind === "picture";
}

/** Take over settings, and a map, that suit each other; else say why they do not. */
function change(settings, { map = view.map, edited = view.edited, at = view.at, channel = view.channel } = {}) {
  const complaint = complaintOf(settings, map, view.kind);
  showComplaint(complaint);
  if (complaint) {
    stop();
    return false;
  }
  const layout = layOut(map, settings);
  const last = at.map((place, axis) => Math.min(place, layout.size[axis] - 1));
  view = { ...view, map, settings, layout, at: last, channel, edited };
  stop();
  draw();
  return true;
}

function draw() {
  const { map, settings, layout } = view;
  byId("heading").textContent = headingText(settings);
  document.title = headingText(settings);
  const before = sizeText([map.height, map.width]);
  byId("shape").textContent = `${before} → ${sizeText(layout.size)}`;
  byId("unused").textContent = unusedText(map, layout);
  byId("formulas").replaceChildren(...formulaTexts(map, settings, layout).map((text) => make("p", {}, text)));
  if (isPicture()) {
    drawPooled();
  } else {
    const padding = settings.size ? [0, 0] : settings.padding;
    const spans = [spanOf(layout.rows, map.height, padding[0]), spanOf(layout.columns, map.width, padding[1])];
    drawnMap = drawMap(byId("map"), { ...view, label: say("map") }, spans);
    drawnResult = drawResult(byId("result"), { ...view, label: say("result") });
    makeEditable();
    makeSelectable();
    if (document.activeElement !== byId("matrix")) byId("matrix").value = matrixText();
  }
  if (!isPicture()) fitCells();
  select(view.at);
}

/** Light a window; `upto` is the last one that was reached, while they are walked through. */
function light(at, upto = null) {
  const { map, settings, layout, channel } = view;
  if (isPicture()) {
    lightPicture(at);
  } else {
    lightWindow(drawnMap, view, at);
    lightResult(drawnResult, at, upto);
  }
  const lines = arithmetic(map, settings, layout, at, channel);
  byId("arithmetic").replaceChildren(...lines.map((line) => make("p", {}, line)));
  drawLegend(byId("legend"), kindsOn(drawnMap));
  drawJoint();
}

/** Choose a window: it stays lit, and the link and the commands are about it. */
function select(at) {
  view.at = at;
  light(at);
  const fragment = fragmentOf(view);
  byId("link").textContent = `${location.href.split("#")[0]}#${fragment}`;
  byId("poolcli-line").textContent = poolcliText(view, source);
  byId("torch-line").textContent = torchText(view, source);
  if (decoded(location.hash.slice(1)) === fragment) return;
  try {
    history.replaceState(null, "", `#${fragment}`);
  } catch {
    // Some browsers guard the address of a local file, or limit how often it changes.
  }
}

/** Show what the address asks for, over what the page was saved with. */
function follow(fragment) {
  const found = readFragment(fragment);
  const windows = found.settings.kernel || found.settings.size;
  const own = view.contents.settings;
  const kept = { minValid: own.minValid, sparse: own.sparse }; // no link tells of these
  const settings = settingsOf({ ...(windows ? kept : own), ...found.settings });
  const complaints = [...found.complaints];
  let map = saved;
  if (found.rows && isPicture()) complaints.push(say("the link’s numbers are left out, as this page shows a picture"));
  else if (found.rows) map = mapOf(found.rows);
  const channel = Math.min(found.channel ?? view.contents.channel, map.channels - 1);
  const complaint = complaintOf(settings, map, view.kind);
  if (complaint) complaints.push(say("the link’s settings cannot be: {text}", { text: complaint.text }));
  byId("notices").replaceChildren(...complaints.map((text) => make("p", { className: "notice" }, text)));
  const at = found.at || (windows || found.rows ? [0, 0] : view.contents.at);
  const good = complaint ? settingsOf(own) : settings;
  const safe = complaintOf(good, map, view.kind) ? saved : map;
  change(good, { map: safe, edited: safe !== saved, at, channel });
  fillForm(good, safe, channel);
}

function readSettings() {
  showFields();
  const { settings, field, text } = readForm(view.settings);
  if (settings) change(settings);
  else showComplaint({ field, text });
}

function listenToForm() {
  buildSteppers((field) => {
    if (field === "stride") byId("follow").checked = false;
    readSettings();
  });
  for (const id of ["divisor", "power", "quantile", "skip"]) byId(id).addEventListener("input", readSettings);
  for (const id of ["op", "form", "ceil", "countPad", "follow", "apart"]) {
    byId(id).addEventListener("change", readSettings);
  }
  byId("matrix").addEventListener("input", readMatrix);
  byId("shuffle").addEventListener("click", shuffle);
  byId("reset").addEventListener("click", () => follow(""));
  byId("enlarge").addEventListener("change", drawPooled);
  byId("channel").addEventListener("change", () => change(view.settings, { channel: Number(byId("channel").value) }));
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
}

function listenToPage() {
  byId("play").addEventListener("click", () => {
    if (playing === null) { play(); return; }
    stop();
    select(view.at);
  });
  byId("back").addEventListener("click", () => stepBy(-1));
  byId("forth").addEventListener("click", () => stepBy(1));
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const shown = byId(button.dataset.copy);
      const done = await copyText(shown.textContent, shown);
      byId("copied").textContent = done ? say("Copied.") : say("The text is selected: press Ctrl+C to copy it.");
    });
  }
  addEventListener("hashchange", () => {
    if (decoded(location.hash.slice(1)) !== fragmentOf(view)) follow(location.hash);
  });
  new ResizeObserver(() => { fitCells(); drawJoint(); }).observe(byId("stage"));
}

async function start() {
  const contents = JSON.parse(byId("contents").textContent);
  WORDS = contents.words;
  ({ source } = contents);
  const number = (value) => (typeof value === "string" ? parseNumber(value) : value);
  if (contents.kind === "picture") saved = await unpackMap(contents.map);
  else saved = { ...contents.map, values: Float64Array.from(contents.map.values, number) };
  view = { kind: contents.kind, contents, map: saved, edited: false, at: contents.at, channel: contents.channel };
  fillChoices(byId("op"), OPERATIONS.map((op) => [op, op]));
  fillChoices(byId("channel"), contents.channels.map((name, n) => [n, name]));
  byId("channel-line").hidden = contents.channels.length < 2;
  const note = source.shrunk && say("shown smaller, as {size}: each pixel stands for {factor}", source.shrunk);
  byId("source").textContent = [source.label, note].filter(Boolean).join(" · ");
  listenToForm();
  listenToPage();
  if (isPicture()) {
    for (const id of ["picture-side", "pooled", "looks"]) byId(id).hidden = false;
    byId("numbers").hidden = true;
    byId("result").hidden = true;
    byId("map-caption").textContent = say("numbers under the lens");
    byId("result-caption").textContent = say("pooled picture");
    const canvas = byId("picture").querySelector("canvas");
    canvas.setAttribute("aria-label", source.label || say("picture"));
    showPicture(canvas, saved);
    listenToPicture();
  }
  follow(location.hash);
  document.body.classList.add("ready");
}

start();
