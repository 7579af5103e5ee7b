"use strict";
/* Numbers that are typed: into a cell of the map, or all of them. */

/** Let the numbers of the map be typed over. */
function makeEditable() {
  const { board, cells, spans } = drawnMap;
  const real = cells.flat().filter((cell) => !["padding", "overhang"].includes(cell.dataset.kind));
  real.forEach((cell, number) => { cell.tabIndex = number === 0 ? 0 : -1; cell.classList.add("editable"); });
  board.addEventListener("click", (event) => {
    const cell = event.target.closest(".editable");
    if (cell && !cell.querySelector("input")) edit(cell);
  });
  board.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.classList.contains("editable")) return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    const [row, column] = placeIn(cell);
    if (step) {
      event.preventDefault();
      const next = cells[row + step[0] - spans[0][0]]?.[column + step[1] - spans[1][0]];
      if (next && next.classList.contains("editable")) moveFocus(cell, next);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(cell);
    } else if (/^[\d.−-]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      edit(cell, event.key);
    }
  });
}

function moveFocus(from, to) {
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

function edit(cell, typed = null) {
  stop();
  const [row, column] = placeIn(cell);
  const { width } = view.map;
  const value = plainNumber(view.map.values[row * width + column]);
  const label = say("row {row}, column {column}", { row, column });
  const input = make("input", { value: typed ?? value, inputMode: "decimal", "aria-label": label });
  cell.replaceChildren(input);
  input.focus();
  if (typed === null) input.select();
  let over = false;
  const finish = (keep, refocus) => {
    if (over) return;
    over = true;
    const number = parseNumber(input.value);
    if (keep && number === null) showComplaint({ field: "matrix", text: say("“{typed}” is not a number", { typed: input.value }) });
    if (keep && number !== null && plainNumber(number) !== value) {
      const rows = mapRows(view.map);
      rows[row][column] = number;
      change(view.settings, { map: mapOf(rows), edited: true });
    } else {
      writeCell(cell, numberText(view.map.values[row * width + column]));
    }
    const again = drawnMap.cells[row - drawnMap.spans[0][0]][column - drawnMap.spans[1][0]];
    if (refocus) moveFocus(drawnMap.board.querySelector(".editable"), again);
  };
  input.addEventListener("blur", () => finish(true, false));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true, true);
    if (event.key === "Escape") finish(false, true);
  });
}

function matrixText() {
  return mapRows(view.map).map((row) => row.map(plainNumber).join(" ")).join("\n");
}

function readMatrix() {
  const { rows, text } = parseMap(byId("matrix").value);
  if (rows) change(view.settings, { map: mapOf(rows), edited: true });
  else showComplaint({ field: "matrix", text });
}

function shuffle() {
  const random = () => Math.floor(Math.random() * 10);
  const rows = mapRows(view.map).map((row) => row.map(random));
  change(view.settings, { map: mapOf(rows), edited: true });
  byId("matrix").value = matrixText();
}
