"use strict";
/* Pictures: unpacked from the page, shown, pooled row by row, and touched. */

const ARRAYS = {
  u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array,
  f4: Float32Array, f8: Float64Array,
};
const TURN = 12; // milliseconds of pooling between two looks at what the user does

/** Unpack a picture: its values, each row of integers as steps from pixel to pixel, deflated. */
async function unpackMap(packed) {
  const bytes = Uint8Array.from(atob(packed.values), (letter) => letter.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const values = new ARRAYS[packed.dtype](await new Response(inflated).arrayBuffer());
  const { channels } = packed;
  const length = packed.width * channels;
  if (packed.limits && packed.dtype !== "f8") {
    for (let place = 0; place < values.length; place += 1) {
      if (place % length >= channels) values[place] += values[place - channels];
    }
  }
  return { ...packed, values };
}

/** Convert a pixel to red, green and blue, each 0 to 255, and its opacity. */
function screenColour(map, values) {
  const [low, high] = map.span;
  const shade = (value) => Math.min(Math.max(((value - low) / (high - low || 1)) * 255, 0), 255) || 0;
  if (map.mode === "CMYK") {
    const [c, m, y, k] = values.map(shade);
    return [c, m, y].map((ink) => ((255 - ink) * (255 - k)) / 255).concat(255);
  }
  const last = values.length - 1;
  const opacity = map.alpha ? (values[last] / map.limits[1]) * 255 : 255;
  const colours = map.mode.startsWith("RGB") ? values.slice(0, 3) : [0, 0, 0].fill(values[0]);
  return [...colours.map(shade), opacity];
}

function pixelAt(map, pixel) {
  return Array.from(map.values.slice(pixel * map.channels, (pixel + 1) * map.channels));
}

/** Write the colour of a pixel for a style sheet. */
function styleColour(map, row, column) {
  const [r, g, b, a] = screenColour(map, pixelAt(map, row * map.width + column)).map(Math.round);
  return `rgba(${r}, ${g}, ${b}, ${a / 255})`;
}

function showPicture(canvas, map) {
  Object.assign(canvas, { width: map.width, height: map.height });
  const image = new ImageData(map.width, map.height);
  for (let pixel = 0; pixel < map.width * map.height; pixel += 1) {
    image.data.set(screenColour(map, pixelAt(map, pixel)), 4 * pixel);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Pool a picture into a canvas, row by row, while nothing else is asked for (`isWanted`). */
async function poolPicture(canvas, map, settings, layout, isWanted) {
  const [height, width] = layout.size;
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const most = (windows) => Math.max(...windows.map((window) => window.count));
  // Sums are shown as means, or all of them would be white.
  const share = settings.op === "sum" ? 1 / (most(layout.rows) * most(layout.columns)) : 1;
  let since = performance.now();
  for (let row = 0; row < height; row += 1) {
    const line = new ImageData(width, 1);
    for (let column = 0; column < width; column += 1) {
      const results = poolWindow(map, settings, layout, [row, column]);
      line.data.set(screenColour(map, results.map((result) => result * share)), 4 * column);
      if (performance.now() - since < TURN) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (!isWanted()) return false;
      since = performance.now();
    }
    context.putImageData(line, 0, row);
  }
  return true;
}

/** Place a lens over a part of what a screen shows, in shares of its size. */
function placeLens(lens, [top, bottom], [left, right], [height, width]) {
  const clip = (position, length) => `${(Math.min(Math.max(position, 0), length) / length) * 100}%`;
  Object.assign(lens.style, {
    top: clip(top, height), bottom: clip(height - bottom, height),
    left: clip(left, width), right: clip(width - right, width),
  });
}

/** Find the window whose middle is nearest to a position. */
function nearestWindow(windows, position) {
  let nearest = 0;
  const away = (o) => Math.abs((windows[o].start + windows[o].stop) / 2 - position);
  for (let o = 1; o < windows.length; o += 1) if (away(o) < away(nearest)) nearest = o;
  return nearest;
}

/** Tell which row and column of what a screen shows are pointed at. */
function pointedAt(screen, event, [height, width]) {
  const box = screen.getBoundingClientRect();
  return [((event.clientY - box.top) / box.height) * height, ((event.clientX - box.left) / box.width) * width];
}

/** Choose the rows, or columns, around a window that the lens shows: its winner among them. */
function lensSpan(window, length, winner, most) {
  const extent = window.stop - window.start;
  if (extent >= most) {
    const from = winner !== null && winner >= window.start + most ? winner - most + 1 : window.start;
    return [from, from + most];
  }
  const around = Math.floor((most - extent) / 2);
  const from = Math.max(window.start - around, Math.min(0, window.start));
  const to = Math.min(Math.max(from + most, window.stop), Math.max(length, window.stop));
  return [Math.max(to - most, Math.min(0, window.start)), to];
}
