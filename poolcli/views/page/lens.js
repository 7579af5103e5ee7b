"use strict";
/* A picture on the page: the lens over it, and the pooled picture beside it. */

const LENS = 12; // rows and columns of a picture that are drawn as numbers, where there is room
const SMALLEST_CELL = 28;

let pooling = 0;

async function drawPooled() {
  pooling += 1;
  const mine = pooling;
  const { map, settings, layout } = view;
  const box = byId("pooled");
  const scale = Math.max(1, 384 / map.width);
  const own = byId("enlarge").checked ? map.width : layout.size[1];
  for (const [screen, width, pixels] of [[byId("picture"), map.width, map.width], [box, own, layout.size[1]]]) {
    screen.style.width = `${width * scale}px`;
    screen.classList.toggle("pixelated", (width * scale) / pixels >= 1.5);
  }
  box.setAttribute("aria-busy", "true");
  const done = await poolPicture(box.querySelector("canvas"), map, settings, layout, () => mine === pooling);
  if (done) box.removeAttribute("aria-busy");
}

function lightPicture(at) {
  const { map, settings, layout, channel } = view;
  const [row, column] = [layout.rows[at[0]], layout.columns[at[1]]];
  const winner = winnerOf(map, settings, layout, at, channel);
  const across = Math.min(LENS, Math.floor((byId("stage").clientWidth - 34) / SMALLEST_CELL));
  const spans = [
    lensSpan(row, map.height, winner && winner[0], LENS),
    lensSpan(column, map.width, winner && winner[1], across),
  ];
  const pixel = (y, x) => styleColour(map, y, x);
  drawnMap = drawMap(byId("map"), { ...view, label: say("numbers under the lens"), pixel }, spans);
  lightWindow(drawnMap, view, at);
  fitCells();
  const size = [map.height, map.width];
  placeLens(byId("picture").querySelector(".lens"), [row.start, row.stop], [column.start, column.stop], size);
  const dot = byId("picture").querySelector(".dot");
  dot.hidden = winner === null;
  if (winner) Object.assign(dot.style, { top: `${((winner[0] + 0.5) / size[0]) * 100}%`, left: `${((winner[1] + 0.5) / size[1]) * 100}%` });
  placeLens(byId("pooled").querySelector(".lens"), [at[0], at[0] + 1], [at[1], at[1] + 1], layout.size);
  const result = poolWindow(map, settings, layout, at);
  const told = map.channels > 1 ? pixelText(result) : numberText(result[0]);
  byId("pooled").setAttribute("aria-label", say("pooled picture; window {row},{column}: {told}", { row: at[0], column: at[1], told }));
}

function listenToPicture() {
  const { map } = view;
  const sides = [["picture", () => [map.height, map.width]], ["pooled", () => view.layout.size]];
  for (const [id, size] of sides) {
    const screen = byId(id);
    const found = (event) => {
      const [row, column] = pointedAt(screen, event, size());
      const { rows, columns } = view.layout;
      if (id === "picture") return [nearestWindow(rows, row), nearestWindow(columns, column)];
      const clip = (place, count) => Math.min(Math.max(Math.floor(place), 0), count - 1);
      return [clip(row, rows.length), clip(column, columns.length)];
    };
    screen.addEventListener("pointermove", (event) => {
      if (!playing && (event.pointerType === "mouse" || event.buttons)) light(found(event));
    });
    screen.addEventListener("pointerleave", () => { if (!playing) light(view.at); });
    screen.addEventListener("pointerdown", (event) => { stop(); select(found(event)); });
    screen.addEventListener("pointerup", (event) => select(found(event)));
  }
  byId("pooled").addEventListener("keydown", (event) => {
    const at = moved(view.at, event.key, event.ctrlKey || event.metaKey);
    if (!at) return;
    event.preventDefault();
    stop();
    select(at);
  });
}
