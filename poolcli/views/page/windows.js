"use strict";
/* The windows of pooling: how many there are on each axis, and where their taps lie. */

/** Count the windows of an axis; less than 1 where none fits. */
function countWindows(length, kernel, stride, padding, dilation, ceil) {
  const room = length + 2 * padding - dilation * (kernel - 1) - 1 + (ceil ? stride - 1 : 0);
  const size = Math.floor(room / stride) + 1;
  return ceil && (size - 1) * stride >= length + padding ? size - 1 : size;
}

/** List where the taps of a window lie on an axis, and count those outside the map. */
function tapsFrom(start, count, dilation, length, padding) {
  const inside = [];
  let padded = 0;
  for (let tap = 0; tap < count; tap += 1) {
    const position = start + tap * dilation;
    if (position >= 0 && position < length) inside.push(position);
    else if (position >= -padding && position < length + padding) padded += 1;
  }
  const stop = start + dilation * (count - 1) + 1;
  return { start, stop, dilation, inside, padded, count };
}

function axisOf(settings, axis, length) {
  if (settings.size) {
    const size = settings.size[axis];
    return Array.from({ length: size }, (_, o) => {
      const start = Math.floor((o * length) / size);
      const stop = Math.ceil(((o + 1) * length) / size);
      return tapsFrom(start, stop - start, 1, length, 0);
    });
  }
  const kernel = settings.kernel[axis];
  const stride = (settings.stride || settings.kernel)[axis];
  const padding = settings.padding[axis];
  const dilation = settings.dilation[axis];
  const size = countWindows(length, kernel, stride, padding, dilation, settings.ceil);
  return Array.from({ length: Math.max(size, 0) }, (_, o) =>
    tapsFrom(o * stride - padding, kernel, dilation, length, padding),
  );
}

/** Lay the windows on a map: the taps of each window along its rows and along its columns. */
function layOut(map, settings) {
  const rows = axisOf(settings, 0, map.height);
  const columns = axisOf(settings, 1, map.width);
  return { rows, columns, size: [rows.length, columns.length] };
}

/** Count the taps of a window by their kind. */
function countTaps(layout, at) {
  const row = layout.rows[at[0]];
  const column = layout.columns[at[1]];
  const every = row.count * column.count;
  const inside = row.inside.length * column.inside.length;
  const near = (row.inside.length + row.padded) * (column.inside.length + column.padded);
  return { every, inside, padding: near - inside, overhang: every - near };
}
