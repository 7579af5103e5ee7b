"use strict";
/* Numbers and sentences, as `poolcli explain` writes them. Every word comes from the page's data. */

const SHOWN_TAPS = 24; // a longer sum would not be read

let WORDS = {};

/** Write a text in the page's language, its {names} filled in. */
function say(text, values = {}) {
  const template = Object.hasOwn(WORDS, text) ? WORDS[text] : text;
  return template.replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** Write a value briefly, for a cell. */
function numberText(value) {
  if (value !== value) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  let text;
  if (size < 1e15 && Number.isInteger(value)) {
    text = String(value);
  } else if (size >= 0.01 && size < 1e6) {
    // Eighths are common in means, and exact with one more digit.
    text = trimmed(value.toFixed(Number.isInteger(value * 8) ? 3 : 2));
  } else {
    const [digits, power] = value.toExponential(1).split("e");
    const exponent = Math.abs(power) < 10 ? `0${Math.abs(power)}` : Math.abs(power);
    text =
      power >= -4 && power < 2
        ? trimmed(Number(value.toPrecision(2)).toFixed(1 - power))
        : `${trimmed(digits)}e${power < 0 ? "-" : "+"}${exponent}`;
  }
  return text.replace(/-/g, "−");
}

function trimmed(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function pairText([height, width]) {
  return height === width ? String(height) : `${height}×${width}`;
}

function sizeText(size) {
  return size.join("×");
}

function rowsText(count) {
  return count === 1 ? say("1 row") : say("{count} rows", { count });
}

function columnsText(count) {
  return count === 1 ? say("1 column") : say("{count} columns", { count });
}

/** Write the heading: "Max pooling, kernel 2, stride 2". */
function headingText(settings) {
  const names = {
    max: "Max pooling", min: "Min pooling", avg: "Average pooling", median: "Median pooling",
    mode: "Mode pooling", gem: "Generalised-mean pooling", quantile: "Quantile pooling",
    sum: "Sum pooling", range: "Range pooling", std: "Standard-deviation pooling",
  };
  const parts = [say(names[settings.op])];
  if (settings.size) {
    const global = settings.size[0] === 1 && settings.size[1] === 1;
    parts.push(global ? say("global") : say("to size {size}", { size: pairText(settings.size) }));
  } else {
    parts.push(say("kernel {size}", { size: pairText(settings.kernel) }));
    parts.push(say("stride {size}", { size: pairText(settings.stride || settings.kernel) }));
    const { padding, dilation } = settings;
    if (padding.some((n) => n > 0)) parts.push(say("padding {size}", { size: pairText(padding) }));
    if (dilation.some((n) => n > 1)) parts.push(say("dilation {size}", { size: pairText(dilation) }));
    if (settings.ceil) parts.push(say("ceil mode"));
  }
  return parts.join(say(", "));
}

function listed(texts, sign) {
  if (texts.length <= SHOWN_TAPS) return texts.join(sign);
  const kept = texts.slice(0, SHOWN_TAPS - 2);
  return [...kept, say("… {count} more", { count: texts.length - kept.length })].join(sign);
}

/** Write the terms of a sum: values, each with what comes after it and its weight. */
function terms(values, after, alphas) {
  return values.map((value, number) => {
    const text = value < 0 ? `(${numberText(value)})` : numberText(value);
    return `${text}${after}${alphas ? `·${numberText(alphas[number])}` : ""}`;
  });
}

function roundedText(pooled, map) {
  const result = numberText(pooled.result);
  // A root of a power is not always the value itself, to the last bit.
  const noise = 1e-9 * Math.abs(pooled.exact);
  const equal = Math.abs(pooled.exact - pooled.result) <= noise;
  if (!map.limits || equal) return ` = ${result}`;
  const exact = numberText(pooled.exact);
  const clipped = Math.abs(pooled.exact - pooled.result) > 0.5 + noise;
  return clipped
    ? ` = ${say("{exact}, clipped to {result}", { exact, result })}`
    : ` = ${say("{exact}, rounded half up to {result}", { exact, result })}`;
}

function ordinal(number) {
  const tens = number % 100;
  const last = tens >= 11 && tens <= 13 ? 0 : number % 10;
  const texts = { 1: "{number}st", 2: "{number}nd", 3: "{number}rd" };
  return say(texts[last] || "{number}th", { number });
}

function medianText(settings, values, result) {
  const share = settings.op === "median" ? 0.5 : settings.quantile;
  if (values.some((value) => value !== value)) {
    const list = listed(values.map(numberText), " ");
    return share === 0.5
      ? say("one of {list} is nan, and so is the median", { list })
      : say("one of {list} is nan, and so is the quantile", { list });
  }
  const count = values.length;
  const list = listed(Array.from(Float64Array.from(values).sort(), numberText), " ");
  let which = count % 2 ? say("median") : say("lower median");
  if (share !== 0.5) which = say("value at {share}", { share: numberText(share) });
  const place = ordinal(placeOf(share, count) + 1);
  return say("sorted {list}; the {which} ({place} of {count}) is {result}", {
    list, which, place, count, result,
  });
}

function timesText(count) {
  if (count === 1) return say("once");
  return count === 2 ? say("twice") : say("{count} times", { count });
}

/** Write out the votes for each value, or for each pixel where pixels are compared. */
function modeText(keys, result) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) || 0) + 1);
  const told = [...counts].sort((one, other) => other[1] - one[1]);
  const texts = told.slice(0, 8).map(([key, count]) => `${key} ${timesText(count)}`);
  if (told.length > 8) texts[7] = "…";
  const tied = told.filter((one) => one[1] === told[0][1]).length > 1;
  const verdict = tied
    ? say("tied, so the first one wins: {result}", { result })
    : say("the commonest is {result}", { result });
  return `${texts.join(", ")}; ${verdict}`;
}

function pixelText(values) {
  return `(${values.map(numberText).join(", ")})`;
}

function meanText(settings, values, alphas, divisor, pooled, map) {
  const told = roundedText(pooled, map);
  if (settings.op === "avg") {
    const sum = total(alphas ? values.map((value, number) => value * alphas[number]) : values);
    const list = listed(terms(values, "", alphas), " + ");
    return `(${list}) / ${divisor} = ${numberText(sum)} / ${divisor}${told}`;
  }
  const power = numberText(settings.power);
  const list = listed(terms(values, `^${power}`, alphas), " + ");
  return `((${list}) / ${divisor})^(1/${power})${told}`;
}

function measureText(settings, values, pooled, map) {
  const told = roundedText(pooled, map);
  if (settings.op === "sum") return listed(terms(values, "", null), " + ") + told;
  if (settings.op === "range") {
    const high = numberText(largest(values));
    return `${high} − ${terms([smallest(values)], "", null)[0]}${told}`;
  }
  const mean = numberText(total(values) / values.length);
  const squares = terms(values, ` − ${mean}`, null).map((term) => `${term})²`);
  return `√(((${listed(squares, " + (")}) / ${values.length})${told}`;
}

function toldOf(map, settings, layout, at, channel) {
  const { values, alphas } = votesOf(map, settings, layout, at, channel);
  const pooled = poolChannel(map, settings, layout, at, channel);
  const result = numberText(pooled.result);
  const pixels = pixelsOf(map, layout, at);
  if (!pixels.length) {
    return say("every tap lies outside the map, so the result is {result}", { result });
  }
  if (isLacking(map, settings, layout, at, channel)) {
    return lackingText(map, settings, pixels, channel, result);
  }
  if (settings.op === "mode") {
    if (!comparesPixels(map, settings)) return modeText(values.map(numberText), result);
    const keys = pixels
      .filter((pixel) => !lacksPixel(map, settings, pixel, channel))
      .map((pixel) => pixelText(comparedPixel(map, settings, pixel)));
    return modeText(keys, pixelText(poolWindow(map, settings, layout, at)));
  }
  if (!values.length) return say("nothing is visible, so the result is {result}", { result });
  if (settings.op === "max" || settings.op === "min") {
    return `${settings.op}(${listed(values.map(numberText), ", ")}) = ${result}`;
  }
  if (settings.op === "median" || settings.op === "quantile") {
    return medianText(settings, values, result);
  }
  if (!MEANS.includes(settings.op)) return measureText(settings, values, pooled, map);
  const divisor = alphas ? total(alphas) : divisorOf(settings, layout, at, values.length);
  return meanText(settings, values, alphas, divisor, pooled, map);
}

/** Say why too few values are there for a result. */
function lackingText(map, settings, pixels, channel, result) {
  const there = pixels.filter((pixel) => !lacksPixel(map, settings, pixel, channel)).length;
  const share = numberText(settings.minValid);
  const why = there
    ? say("{count} of {all} values are there, and a share of {share} has to be", { count: there, all: pixels.length, share })
    : say("every value is missing");
  return say("{why}, so the result is {result}, missing", { why, result });
}

function paddingText(map, settings, channel) {
  if (!MEANS.includes(settings.op) || isWeighed(map, settings, channel)) return say("ignored");
  if (settings.op === "avg" && settings.divisor !== null) return say("adding nothing to the sum");
  return paddingCounts(settings) ? say("counted as zeros") : say("not counted");
}

/** Write out the arithmetic of one window, in sentences. */
function arithmetic(map, settings, layout, at, channel) {
  const [row, column] = at;
  const told = toldOf(map, settings, layout, at, channel);
  const winner = winnerOf(map, settings, layout, at, channel);
  const first = say("window {row},{column}: {told}", { row, column, told });
  const found = winner && say("found at row {row}, column {column}", { row: winner[0], column: winner[1] });
  const lines = [found ? `${first}${say(", ")}${found}` : first];
  const counts = countTaps(layout, at);
  const taps = counts.every === 1 ? say("1 tap") : say("{count} taps", { count: counts.every });
  const tell = (text, count, effect) => lines.push(say(text, { count, taps, effect }));
  if (isWeighed(map, settings, channel)) {
    const hidden = pixelsOf(map, layout, at).filter((pixel) => alphaOf(map, pixel) === 0).length;
    const effect = settings.op === "mode" ? say("compared as 0") : say("no vote");
    if (hidden) tell("{count} of {taps} invisible (alpha 0): {effect}", hidden, effect);
  }
  const absent = pixelsOf(map, layout, at).filter((pixel) => lacksPixel(map, settings, pixel, channel));
  if (absent.length) tell("{count} of {taps} missing: {effect}", absent.length, say("no vote"));
  if (counts.padding) {
    const effect = paddingText(map, settings, channel);
    tell("{count} of {taps} in the padding: {effect}", counts.padding, effect);
  }
  if (counts.overhang) {
    const effect = MEANS.includes(settings.op) ? say("not counted") : say("ignored");
    tell("{count} of {taps} in the overhang: {effect}", counts.overhang, effect);
  }
  return lines;
}

/** Write how many rows and columns are in no window; nothing if all are. */
function unusedText(map, layout) {
  const unused = (windows, length) =>
    length - new Set(windows.flatMap((window) => window.inside)).size;
  const rows = unused(layout.rows, map.height);
  const columns = unused(layout.columns, map.width);
  if (!rows && !columns) return "";
  const both = [rows && rowsText(rows), columns && columnsText(columns)].filter(Boolean);
  return say("{lines} unused: in no window", { lines: both.join(say(" and ")) });
}

/** Write the formula of each size of the result, with its numbers. */
function formulaTexts(map, settings, layout) {
  return [map.height, map.width].map((length, axis) => {
    const name = axis === 0 ? say("height") : say("width");
    const size = layout.size[axis];
    if (settings.size) return say("{name} {size}, as asked for", { name, size });
    const [k, s, p, d] = [
      settings.kernel, settings.stride || settings.kernel, settings.padding, settings.dilation,
    ].map((pair) => pair[axis]);
    const [open, close] = settings.ceil ? "⌈⌉" : "⌊⌋";
    const share = `${open}(${length} + 2·${p} − ${d}·(${k}−1) − 1) / ${s}${close} + 1`;
    const whole = countWindows(length, k, s, p, d, settings.ceil);
    const room = length + 2 * p - d * (k - 1) - 1;
    const dropped = settings.ceil && Math.ceil(room / s) + 1 > whole;
    const formula = `${share}${dropped ? " − 1" : ""} = ${size}`;
    return dropped
      ? say("{name} {formula}, as one more window would begin past the map", { name, formula })
      : say("{name} {formula}", { name, formula });
  });
}
