"use strict";
/* Boards of numbers: the map with its windows, and the result. */

/** Make an element with properties, attributes (hyphenated or all lower case) and children. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "role") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Tell whether no two windows share a position and none has holes: each window is a tile. */
function areDisjoint(layout) {
  return [layout.rows, layout.columns].every((windows) =>
    windows.every(
      (window, o) =>
        (window.dilation === 1 || window.count === 1) &&
        (o + 1 === windows.length || window.stop <= windows[o + 1].start),
    ),
  );
}

/** Number the colour of a window: with four, no two windows that touch have the same one. */
function colourOf([row, column]) {
  return (row % 2) * 2 + (column % 2);
}

/** Span all that windows reach of an axis, and the map itself. */
function spanOf(windows, length, padding) {
  const from = Math.min(0, windows[0].start);
  return [from, Math.max(windows[windows.length - 1].stop, length + padding)];
}

function numbersOf([from, to]) {
  return Array.from({ length: Math.max(to - from, 0) }, (_, n) => from + n);
}

/** List the windows that reach into a span. */
function windowsWithin(windows, [from, to]) {
  return windows.flatMap((window, o) => (window.start < to && window.stop > from ? [o] : []));
}

function tapsInclude(window, position) {
  const after = position - window.start;
  return after >= 0 && position < window.stop && after % window.dilation === 0;
}

/** Make an empty board of rows and columns, numbered at its edges; `cells` has a row for each. */
function buildBoard(host, rows, columns, label) {
  const board = make("div", { className: "board", role: "grid", "aria-label": label });
  board.style.setProperty("--columns", columns.length);
  const heads = columns.map((name) => make("span", { className: "head", role: "columnheader" }, name));
  const corner = make("span", { className: "corner", role: "columnheader", "aria-hidden": "true" });
  board.append(make("div", { className: "row", role: "row" }, corner, ...heads));
  const sides = [];
  const cells = rows.map((name) => {
    const side = make("span", { className: "head side", role: "rowheader" }, name);
    const line = columns.map(() => make("div", { className: "cell", role: "gridcell", tabIndex: -1 }));
    sides.push(side);
    board.append(make("div", { className: "row", role: "row" }, side, ...line));
    return line;
  });
  const frame = make("div", { className: "frame", "aria-hidden": "true" });
  board.append(frame);
  host.replaceChildren(board);
  return { board, cells, heads, sides, frame };
}

/** Write a text into a cell, small enough to fit. */
function writeCell(cell, text) {
  cell.textContent = text;
  cell.dataset.long = Math.min(Math.max(text.length, 2), 8);
}

/** Draw the map, or the part of it in two spans, with its padding and overhang. */
function drawMap(host, { map, settings, layout, channel, label, pixel }, spans) {
  const rows = numbersOf(spans[0]);
  const columns = numbersOf(spans[1]);
  const named = (positions, length) =>
    positions.map((position) => (position >= 0 && position < length ? String(position) : ""));
  const board = buildBoard(host, named(rows, map.height), named(columns, map.width), label);
  const disjoint = areDisjoint(layout);
  for (const [one, windows, positions] of [
    [board.heads, layout.columns, columns], [board.sides, layout.rows, rows],
  ]) {
    const starts = new Set(windows.map((window) => window.start));
    one.forEach((head, n) => head.classList.toggle("begins", !disjoint && starts.has(positions[n])));
  }
  const used = [layout.rows, layout.columns].map((w) => new Set(w.flatMap((window) => window.inside)));
  rows.forEach((row, i) => columns.forEach((column, j) => {
    const cell = board.cells[i][j];
    cell.dataset.row = row;
    cell.dataset.column = column;
    const kind = kindOf(map, settings, used, channel, row, column);
    cell.dataset.kind = kind;
    if (kind === "padding" || kind === "overhang") {
      const zero = kind === "padding" && MEANS.includes(settings.op) && countsPadding(map, settings, channel);
      writeCell(cell, zero ? "0" : "");
      return;
    }
    writeCell(cell, numberText(map.values[(row * map.width + column) * map.channels + channel]));
    if (pixel) cell.style.setProperty("--pixel", pixel(row, column));
  }));
  const seen = { disjoint, ...reached(map, settings, layout, channel, spans, disjoint) };
  drawLines(board.cells, (cell) => {
    const { kind, row, column } = cell.dataset;
    const outside = kind === "padding" || kind === "overhang" ? kind : "map";
    return disjoint ? seen.tiles.get(`${row},${column}`) || outside : outside;
  });
  return { ...board, spans, ...seen };
}

/** Draw lines between cells of different groups, and around all of them. */
function drawLines(cells, groupOf) {
  const groups = cells.map((line) => line.map(groupOf));
  const sides = { top: [-1, 0], bottom: [1, 0], left: [0, -1], right: [0, 1] };
  cells.forEach((line, row) => line.forEach((cell, column) => {
    for (const [side, [down, across]] of Object.entries(sides)) {
      const other = groups[row + down]?.[column + across];
      const width = other === undefined ? 2 : 1; // within, a neighbour draws the other half
      cell.style.setProperty(`--${side}`, other === groups[row][column] ? "0px" : `${width}px`);
    }
  }));
}

function countsPadding(map, settings, channel) {
  const divided = settings.op === "avg" && settings.divisor !== null;
  return paddingCounts(settings) && !divided && !isWeighed(map, settings, channel);
}

function kindOf(map, settings, used, channel, row, column) {
  const along = (position, length, padding) =>
    position >= 0 && position < length ? 0 : position >= -padding && position < length + padding ? 1 : 2;
  const [down, across] = settings.size ? [0, 0] : settings.padding;
  const outside = Math.max(along(row, map.height, down), along(column, map.width, across));
  if (outside) return outside === 1 ? "padding" : "overhang";
  if (!used[0].has(row) || !used[1].has(column)) return "unused";
  const pixel = row * map.width + column;
  if (lacksPixel(map, settings, pixel, channel)) return "missing";
  return isWeighed(map, settings, channel) && alphaOf(map, pixel) === 0 ? "invisible" : "value";
}

/** Find the window of each position, where windows are tiles, and the winners of all windows. */
function reached(map, settings, layout, channel, spans, disjoint) {
  const tiles = new Map();
  const winners = new Set();
  for (const row of windowsWithin(layout.rows, spans[0])) {
    for (const column of windowsWithin(layout.columns, spans[1])) {
      const at = [row, column];
      const winner = winnerOf(map, settings, layout, at, channel);
      if (winner) winners.add(winner.join());
      if (!disjoint) continue;
      for (const y of numbersOf([layout.rows[row].start, layout.rows[row].stop])) {
        for (const x of numbersOf([layout.columns[column].start, layout.columns[column].stop])) {
          tiles.set(`${y},${x}`, at);
        }
      }
    }
  }
  return { tiles, winners };
}

/** Light one window on a map that was drawn: its taps, its holes, its winner. */
function lightWindow(drawn, { map, settings, layout, channel }, at) {
  const [row, column] = [layout.rows[at[0]], layout.columns[at[1]]];
  const winner = String(winnerOf(map, settings, layout, at, channel));
  for (const cell of drawn.cells.flat()) {
    const [y, x] = [Number(cell.dataset.row), Number(cell.dataset.column)];
    const place = `${y},${x}`;
    const within = y >= row.start && y < row.stop && x >= column.start && x < column.stop;
    const tapped = within && tapsInclude(row, y) && tapsInclude(column, x);
    const tile = drawn.disjoint ? drawn.tiles.get(place) : null;
    const { kind } = cell.dataset;
    cell.dataset.colour = tile ? colourOf(tile) : tapped ? 0 : "";
    cell.dataset.tapped = tapped ? "yes" : "";
    cell.dataset.hole = within && !tapped && (kind === "value" || kind === "unused") ? "yes" : "";
    const mine = place === winner || (drawn.disjoint && drawn.winners.has(place));
    cell.dataset.winner = mine ? "here" : drawn.winners.has(place) ? "elsewhere" : "";
    if (kind !== "padding" && kind !== "overhang") {
      const value = cell.textContent;
      const text = say("row {row}, column {column}: {value}", { row: y, column: x, value });
      cell.setAttribute("aria-label", place === winner ? `${text}${say(", ")}${say("winner")}` : text);
    } else {
      cell.setAttribute("aria-label", kind === "padding" ? say("padding") : say("ceil-mode overhang"));
    }
  }
  placeFrame(drawn.frame, drawn.spans, [row.start, row.stop], [column.start, column.stop]);
}

/** Put the frame around the part of a window that is drawn; torn where the window goes on. */
function placeFrame(frame, [rows, columns], down, across) {
  const clip = ([from, to], [first, last]) => [Math.max(from, first), Math.min(to, last)];
  const [top, bottom] = clip(down, rows);
  const [left, right] = clip(across, columns);
  frame.style.setProperty("--row", top - rows[0]);
  frame.style.setProperty("--column", left - columns[0]);
  frame.style.setProperty("--high", bottom - top);
  frame.style.setProperty("--wide", right - left);
  const torn = { top: down[0] < rows[0], bottom: down[1] > rows[1], left: across[0] < columns[0], right: across[1] > columns[1] };
  for (const [side, is] of Object.entries(torn)) frame.classList.toggle(`torn-${side}`, is);
}

/** Draw the result: a cell for each window. */
function drawResult(host, { map, settings, layout, channel, label }) {
  const [height, width] = layout.size;
  const names = (count) => numbersOf([0, count]).map(String);
  const board = buildBoard(host, names(height), names(width), label);
  const disjoint = areDisjoint(layout);
  board.cells.forEach((line, row) => line.forEach((cell, column) => {
    const result = numberText(poolWindow(map, settings, layout, [row, column])[channel]);
    writeCell(cell, result);
    cell.dataset.row = row;
    cell.dataset.column = column;
    cell.dataset.tile = disjoint ? colourOf([row, column]) : "";
    cell.setAttribute("aria-label", say("window {row},{column}: {told}", { row, column, told: result }));
  }));
  drawLines(board.cells, (cell) => (disjoint ? cell : "result"));
  return { ...board, spans: [[0, height], [0, width]], disjoint };
}

/** Light one cell of the result; with `upto`, those after it wait for their turn. */
function lightResult(drawn, at, upto) {
  const width = drawn.cells[0].length;
  drawn.cells.flat().forEach((cell, number) => {
    const picked = number === at[0] * width + at[1];
    cell.dataset.colour = drawn.disjoint ? cell.dataset.tile : picked ? 0 : "";
    cell.dataset.waiting = upto !== null && number > upto ? "yes" : "";
    cell.setAttribute("aria-selected", String(picked));
    cell.tabIndex = picked ? 0 : -1;
  });
  placeFrame(drawn.frame, drawn.spans, [at[0], at[0] + 1], [at[1], at[1] + 1]);
}

/** Tell which kinds of cell a legend has to explain. */
function kindsOn(drawn) {
  const kinds = new Set();
  for (const cell of drawn.cells.flat()) {
    kinds.add(cell.dataset.kind);
    if (cell.dataset.hole) kinds.add("hole");
    if (cell.dataset.winner) kinds.add(cell.dataset.winner);
  }
  return kinds;
}

/** Draw the legend: a swatch and a word for each kind of cell there is. */
function drawLegend(host, kinds) {
  const texts = {
    here: say("winner"), elsewhere: say("winner of another window"), hole: say("dilation hole"),
    unused: say("in no window"), invisible: say("invisible (alpha 0)"),
    missing: say("missing"), padding: say("padding"),
    overhang: say("ceil-mode overhang"),
  };
  const items = Object.entries(texts).filter(([kind]) => kinds.has(kind)).map(([kind, text]) => {
    const swatch = make("span", { className: "cell swatch", "aria-hidden": "true" });
    if (kind === "here" || kind === "elsewhere") swatch.dataset.winner = kind;
    else if (kind === "hole") swatch.dataset.hole = "yes";
    else swatch.dataset.kind = kind;
    if (kind === "here") swatch.dataset.colour = 0;
    return make("li", {}, swatch, text);
  });
  host.replaceChildren(...items);
}
