"use strict";
/* The room that the boards take, and the arrow between them. */

/** Make the cells as large as there is room for, one board beside the other or below it. */
function fitCells() {
  if (!drawnMap) return;
  const stage = byId("stage");
  const room = stage.clientWidth;
  const head = Number.parseFloat(getComputedStyle(stage).getPropertyValue("--head"));
  const wide = drawnMap.cells[0].length;
  const fit = (width, cells) => Math.floor((width - 4) / cells);
  let cell = Math.min(fit(room - head, wide), 34);
  if (!isPicture()) {
    const narrow = drawnResult.cells[0].length;
    const gap = room < 560 ? 44 : 84;
    const beside = fit(room - gap - 2 * head, wide + narrow);
    stage.classList.toggle("narrow", room < 560);
    stage.classList.toggle("stacked", beside < 34);
    cell = beside < 34 ? fit(room - head, Math.max(wide, narrow)) : beside;
  }
  stage.style.setProperty("--cell", `${Math.min(Math.max(cell, 24), 54)}px`);
}

/** Join the lit window and its result by an arrow from board to board. */
function drawJoint() {
  if (!drawnMap || isPicture()) return;
  const stage = byId("stage").getBoundingClientRect();
  const [a, b] = [frameBox(drawnMap), frameBox(drawnResult)];
  const stacked = byId("stage").classList.contains("stacked");
  const path = stacked
    ? [a.across, byId("map").getBoundingClientRect().bottom + 2, b.across, byId("result-side").getBoundingClientRect().top]
    : [a.end + 8, a.down, b.begin - 8, b.down];
  const [x1, y1, x2, y2] = path.map((n, place) => n - (place % 2 ? stage.top : stage.left));
  const bend = stacked
    ? `${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2 - 8}`
    : `${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2 - 8} ${y2}`;
  const tip = stacked ? `M${x2 - 6} ${y2 - 11}h12l-6 11z` : `M${x2 - 11} ${y2 - 6}v12l11-6z`;
  byId("joint").querySelector(".shaft").setAttribute("d", `M${x1} ${y1}C${bend}`);
  byId("joint").querySelector(".tip").setAttribute("d", tip);
}

/** Tell where a frame comes to rest, as it may still be sliding, and where its board begins and ends. */
function frameBox({ board, frame }) {
  const cell = Number.parseFloat(byId("stage").style.getPropertyValue("--cell"));
  const first = board.querySelector(".cell").getBoundingClientRect();
  const host = board.parentElement.getBoundingClientRect();
  const read = (name) => Number(frame.style.getPropertyValue(name)) * cell;
  const clip = (x) => Math.min(Math.max(x, host.left), host.right);
  return {
    across: clip(first.left + read("--column") + read("--wide") / 2),
    down: first.top + read("--row") + read("--high") / 2,
    begin: host.left,
    end: host.right,
  };
}
