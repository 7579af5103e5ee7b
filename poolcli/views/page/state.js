"use strict";
/* The state that a link holds, and the sentences about settings that cannot be. */

const LARGEST_MAP = [24, 32]; // rows and columns that are drawn as numbers
const LARGEST_SIZES = { numbers: 48, picture: 1000 }; // rows, and columns, of what --size asks for
const PAIRS = { k: "kernel", s: "stride", p: "padding", d: "dilation", size: "size" };

/** Make settings of those given; the others are as poolcli has them. */
function settingsOf(given = {}) {
  const settings = {
    op: "max", kernel: [2, 2], stride: null, padding: [0, 0], dilation: [1, 1], ceil: false,
    size: null, countPad: true, divisor: null, power: 3, quantile: 0.5, skip: null, minValid: 0,
    sparse: false, ...given,
  };
  for (const name of ["power", "skip"]) { // JSON has neither infinity nor NaN
    if (typeof settings[name] === "string") settings[name] = parseNumber(settings[name]);
  }
  return settings;
}

/** Say why settings cannot be: {field, text}, or null where they can. */
function complaintOf(settings, map, kind) {
  const ofWindow = settings.size
    ? complaintOfSize(settings.size, LARGEST_SIZES[kind])
    : complaintOfWindow(settings, [map.height, map.width]);
  return ofWindow || complaintOfNumbers(settings);
}

function complaintOfSize(size, most) {
  const text = pairText(size);
  if (size.some((n) => !Number.isInteger(n) || n < 1)) {
    return { field: "size", text: say("size {size} is too small; use 1 or more", { size: text }) };
  }
  if (Math.max(...size) > most) {
    const values = { size: text, most };
    return { field: "size", text: say("size {size} is too large for this page; use {most} or less", values) };
  }
  return null;
}

function complaintOfNumbers(settings) {
  if (settings.op === "avg" && settings.divisor === 0) {
    return { field: "divisor", text: say("divisor 0 cannot divide; use any other integer") };
  }
  if (settings.op === "gem" && !settings.power) {
    return { field: "power", text: say("power 0 has no mean; use 1 for avg, 2 for rms, inf for max") };
  }
  if (settings.op === "quantile" && !(settings.quantile >= 0 && settings.quantile <= 1)) {
    const value = numberText(settings.quantile);
    return { field: "quantile", text: say("quantile {value} is not a share; use 0 to 1, as in 0.5", { value }) };
  }
  return null;
}

function complaintOfWindow(settings, lengths) {
  const stride = settings.stride || settings.kernel;
  for (const axis of [0, 1]) {
    const kernel = settings.kernel[axis];
    const small = [
      ["kernel", kernel, "kernel {value} is too small; use 1 or more"],
      ["stride", stride[axis], "stride {value} is too small; use 1 or more"],
      ["dilation", settings.dilation[axis], "dilation {value} is too small; use 1 or more"],
    ].find(([, value]) => !(value >= 1));
    if (small) return { field: small[0], text: say(small[2], { value: small[1] }) };
    const padding = settings.padding[axis];
    if (!(padding >= 0 && padding <= Math.floor(kernel / 2))) {
      const text = say(
        "padding {padding} is not between 0 and half the kernel ({half} for kernel {kernel}); use a larger kernel, or less",
        { padding, half: Math.floor(kernel / 2), kernel },
      );
      return { field: "padding", text };
    }
  }
  for (const axis of [0, 1]) {
    const text = misfit(settings, axis, lengths[axis]);
    if (text) return { field: settings.dilation[axis] > 1 ? "dilation" : "kernel", text };
  }
  return null;
}

function misfit(settings, axis, length) {
  const kernel = settings.kernel[axis];
  const stride = (settings.stride || settings.kernel)[axis];
  const padding = settings.padding[axis];
  const dilation = settings.dilation[axis];
  if (countWindows(length, kernel, stride, padding, dilation, settings.ceil) >= 1) return "";
  const lines = axis === 0 ? rowsText(length) : columnsText(length);
  const extent = axis === 0 ? rowsText(dilation * (kernel - 1) + 1) : columnsText(dilation * (kernel - 1) + 1);
  const values = { kernel, dilation, extent, lines, padding, length };
  if (dilation > 1) {
    return say("kernel {kernel} with dilation {dilation} spans {extent} and does not fit the map ({lines}); use a smaller kernel or dilation", values);
  }
  if (padding) {
    return say("kernel {kernel} does not fit the padded map ({lines} and {padding} on each side); use a smaller kernel", values);
  }
  return say("kernel {kernel} does not fit the map ({lines}); use {length} or less, or padding", values);
}

/** Parse rows of numbers as `--matrix` takes them: {rows}, or {text} that says why they are none. */
function parseMap(text) {
  const lines = text.split(/[;\n]/).map((line) => line.trim()).filter(Boolean);
  const rows = [];
  for (const [number, line] of lines.entries()) {
    const row = [];
    for (const [place, cell] of line.split(/\s*,\s*|\s+/).entries()) {
      const value = cell === "" ? NaN : parseNumber(cell);
      if (value === null) {
        const where = { row: number + 1, column: place + 1, cell };
        return { text: say("row {row}, column {column}: “{cell}” is not a number", where) };
      }
      row.push(value);
    }
    rows.push(row);
  }
  return complaintOfMap(rows) || { rows };
}

function complaintOfMap(rows) {
  if (!rows.length) return { text: say("there are no numbers; give rows of them, as in 1 3; 2 9") };
  const odd = rows.findIndex((row) => row.length !== rows[0].length);
  if (odd > 0) {
    const values = { row: odd + 1, first: rows[0].length, other: rows[odd].length };
    return { text: say("row 1 has {first} numbers and row {row} has {other}; give rows of equal length", values) };
  }
  const [height, width] = LARGEST_MAP;
  if (rows.length <= height && rows[0].length <= width) return null;
  return { text: say("a map of numbers has at most {height} rows and {width} columns", { height, width }) };
}

/** Parse a number as people write it; null if it is none. */
function parseNumber(text) {
  const plain = text.trim().replace("−", "-").replace(/∞|infinity/i, "inf");
  if (/^[+-]?nan$/i.test(plain)) return NaN;
  if (/^[+-]?inf$/i.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  return Number(plain);
}

/** Write a number so that poolcli, and `parseNumber`, read it back. */
function plainNumber(value) {
  if (value !== value) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return String(value);
}

function mapRows(map) {
  const rows = [];
  for (let row = 0; row < map.height; row += 1) {
    rows.push(Array.from(map.values.slice(row * map.width, (row + 1) * map.width)));
  }
  return rows;
}

function mapOf(rows) {
  return {
    height: rows.length, width: rows[0].length, channels: 1, values: Float64Array.from(rows.flat()),
    limits: null, alpha: false, opaque: true, wholePixels: false,
  };
}

/** Write the state as an address's fragment; numbers only where they are not the page's own. */
function fragmentOf({ settings, at, channel, edited, map }) {
  const pair = ([height, width]) => (height === width ? `${height}` : `${height}x${width}`);
  const parts = [`op=${settings.op}`];
  for (const [key, field] of Object.entries(PAIRS)) {
    const usual = { p: "0", d: "1" }[key];
    const sliding = key !== "size";
    const value = settings[field];
    if (!value || (sliding && settings.size) || pair(value) === usual) continue;
    parts.push(`${key}=${pair(value)}`);
  }
  if (settings.ceil && !settings.size) parts.push("ceil=1");
  if (!settings.countPad && MEANS.includes(settings.op)) parts.push("pad=0");
  if (settings.op === "avg" && settings.divisor !== null) parts.push(`divisor=${settings.divisor}`);
  if (settings.op === "gem") parts.push(`power=${plainNumber(settings.power)}`);
  if (settings.op === "quantile") parts.push(`quantile=${settings.quantile}`);
  if (settings.skip !== null) parts.push(`skip=${plainNumber(settings.skip)}`);
  if (channel) parts.push(`channel=${channel}`);
  parts.push(`at=${at.join()}`);
  if (edited) parts.push(`map=${mapRows(map).map((row) => row.map(plainNumber).join()).join(";")}`);
  return parts.join("&");
}

const READERS = {
  op: (text) => (OPERATIONS.includes(text) ? { op: text } : null),
  ceil: (text) => (/^[01]$/.test(text) ? { ceil: text === "1" } : null),
  pad: (text) => (/^[01]$/.test(text) ? { countPad: text === "1" } : null),
  divisor: (text) => (/^-?\d{1,9}$/.test(text) ? { divisor: Number(text) } : null),
  power: (text) => (parseNumber(text) ? { power: parseNumber(text) } : null),
  skip: (text) => (parseNumber(text) === null ? null : { skip: parseNumber(text) }),
  quantile: (text) => (/^[\d.]+$/.test(text) && parseNumber(text) <= 1 ? { quantile: parseNumber(text) } : null),
};

function readPair(text) {
  const match = /^(\d{1,6})(?:[x,](\d{1,6}))?$/.exec(text);
  return match ? [Number(match[1]), Number(match[2] ?? match[1])] : null;
}

/**
 * Read a fragment: what it says of each field, and sentences about what it says in vain.
 *
 * Whatever it holds, nothing is thrown: it may be typed, cut off, or made by another version.
 */
function readFragment(fragment) {
  const found = { settings: {}, at: null, channel: null, rows: null, complaints: [] };
  const parts = fragment.replace(/^#/, "").slice(0, 100000).split("&").filter(Boolean);
  for (const part of parts) {
    const key = part.slice(0, Math.max(part.indexOf("="), 0));
    const text = decoded(part.slice(part.indexOf("=") + 1));
    if (!readPart(found, key, text)) {
      const shown = decoded(part).slice(0, 40);
      found.complaints.push(say("the link’s “{part}” is not understood, and left out", { part: shown }));
    }
  }
  return found;
}

function readPart(found, key, text) {
  if (Object.hasOwn(PAIRS, key)) {
    const pair = readPair(text);
    if (pair) found.settings[PAIRS[key]] = pair;
    return pair !== null;
  }
  if (Object.hasOwn(READERS, key)) {
    const read = READERS[key](text);
    Object.assign(found.settings, read);
    return read !== null;
  }
  if (key === "at") {
    const pair = /,/.test(text) ? readPair(text) : null;
    found.at = pair;
    return pair !== null;
  }
  if (key === "channel") {
    found.channel = /^\d{1,4}$/.test(text) ? Number(text) : null;
    return found.channel !== null;
  }
  if (key === "map") {
    const { rows } = parseMap(text);
    found.rows = rows || null;
    return found.rows !== null;
  }
  return false;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is not an escape
  }
}
