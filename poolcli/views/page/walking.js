"use strict";
/* Walking through the windows: by keys, by the pointer, and by itself. */

let playing = null;

function moved([row, column], key, control) {
  const [height, width] = view.layout.size;
  const moves = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1], Home: [control ? 0 : row, 0], End: [control ? height - 1 : row, width - 1],
    PageUp: [row - 10, column], PageDown: [row + 10, column],
  };
  if (!Object.hasOwn(moves, key)) return null;
  const clip = (place, size) => Math.min(Math.max(place, 0), size - 1);
  return [clip(moves[key][0], height), clip(moves[key][1], width)];
}

function placeIn(cell) {
  return [Number(cell.dataset.row), Number(cell.dataset.column)];
}

function makeSelectable() {
  const { board, cells } = drawnResult;
  const pointed = (event) => event.target.closest(".cell");
  board.addEventListener("pointerover", (event) => {
    if (pointed(event) && event.pointerType === "mouse" && !playing) light(placeIn(pointed(event)));
  });
  board.addEventListener("pointerleave", () => { if (!playing) light(view.at); });
  board.addEventListener("click", (event) => {
    if (!pointed(event)) return;
    stop();
    select(placeIn(pointed(event)));
  });
  board.addEventListener("focusin", (event) => {
    if (pointed(event) && !playing && String(placeIn(pointed(event))) !== String(view.at)) select(placeIn(pointed(event)));
  });
  board.addEventListener("keydown", (event) => {
    const at = moved(view.at, event.key, event.ctrlKey || event.metaKey);
    if (!at) return;
    event.preventDefault();
    stop();
    select(at);
    cells[at[0]][at[1]].focus();
  });
}

/** Walk through the windows in row-major order, from the lit one, or from the first after the last. */
function play() {
  const [height, width] = view.layout.size;
  const count = height * width;
  let next = view.at[0] * width + view.at[1];
  if (next === count - 1) next = 0;
  byId("arithmetic").setAttribute("aria-live", "off");
  document.body.classList.add("playing");
  byId("play").querySelector("span").textContent = say("Pause");
  const tick = () => {
    const speed = 0.5 * 1.45 ** (Number(byId("speed").value) - 1);
    const leap = isPicture() ? Math.max(1, Math.round((count / 600) * speed)) : 1;
    const number = Math.min(next, count - 1);
    const at = [Math.floor(number / width), number % width];
    view.at = at;
    light(at, number);
    next = number + leap;
    const wait = isPicture() ? 1000 / 15 : 1000 / speed;
    playing = setTimeout(number === count - 1 ? () => { stop(); select(view.at); } : tick, wait);
  };
  tick();
}

function stop() {
  if (playing === null) return;
  clearTimeout(playing);
  playing = null;
  document.body.classList.remove("playing");
  byId("arithmetic").setAttribute("aria-live", "polite");
  byId("play").querySelector("span").textContent = say("Play");
}

function stepBy(by) {
  const [height, width] = view.layout.size;
  const number = (view.at[0] * width + view.at[1] + by + height * width) % (height * width);
  stop();
  select([Math.floor(number / width), number % width]);
}
