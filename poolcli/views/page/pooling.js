"use strict";
/*
 * Pooling with the windows, ties, NaNs and roundings of poolcli. The page is not known here.
 *
 * A map is {height, width, channels, values, limits, alpha, opaque, wholePixels}: values in rows of
 * pixels of channels; limits are the lowest and the highest integer, or null for floats; alpha
 * tells whether the last channel is alpha, opaque whether all of it is at its highest.
 *
 * Settings are {op, kernel, stride, padding, dilation, ceil, size, countPad, divisor, power,
 * quantile, skip, minValid, sparse}: pairs of height and width; a stride of null is the kernel; a
 * size is null, or takes the place of the kernel; skip is the value of what is missing, or null;
 * minValid the share of a window's values that are to be there; sparse takes zeros for missing.
 */

const OPERATIONS = [
  "max", "min", "avg", "median", "mode", "gem", "quantile", "sum", "range", "std",
];
const MEANS = ["avg", "gem"];
const TAKES_SPARSE = ["avg", "median", "mode"];
const KEEPS_VALUES = ["max", "min", "median", "mode", "quantile"];

/** Tell whether invisible pixels have no vote: not where all is opaque, but for means with padding. */
function weighsAlpha(map, settings) {
  if (!map.alpha) return false;
  const padded = !settings.size && (settings.padding[0] > 0 || settings.padding[1] > 0);
  const divided = settings.op === "avg" && settings.divisor !== null;
  return !map.opaque || (MEANS.includes(settings.op) && (padded || divided));
}

function comparesPixels(map, settings) {
  return settings.op === "mode" && map.wholePixels && map.channels > 1;
}

function isSparse(settings) {
  return settings.sparse && TAKES_SPARSE.includes(settings.op);
}

/** Give the value that stands for what is missing; null where nothing is. */
function missingValue(settings) {
  return isSparse(settings) ? 0 : settings.skip;
}

function isMissing(settings, value) {
  const missing = missingValue(settings);
  return missing !== null && (value === missing || (value !== value && missing !== missing));
}

/** Tell whether a pixel has no vote as it is missing: in a channel, or in all where it is compared. */
function lacksPixel(map, settings, pixel, channel) {
  if (missingValue(settings) === null) return false;
  const from = pixel * map.channels;
  if (!comparesPixels(map, settings)) return isMissing(settings, map.values[from + channel]);
  return map.values.slice(from, from + map.channels).every((value) => isMissing(settings, value));
}

/** Tell whether too few of a window's values are there for a result. */
function isLacking(map, settings, layout, at, channel) {
  if (missingValue(settings) === null) return false;
  const pixels = pixelsOf(map, layout, at);
  const there = pixels.filter((pixel) => !lacksPixel(map, settings, pixel, channel)).length;
  return pixels.length > 0 && (there < 1 || there < settings.minValid * pixels.length - 1e-9);
}

/** List the pixels that a window reads, in row-major order, by their places in the map. */
function pixelsOf(map, layout, at) {
  const found = [];
  for (const row of layout.rows[at[0]].inside) {
    for (const column of layout.columns[at[1]].inside) found.push(row * map.width + column);
  }
  return found;
}

function alphaOf(map, pixel) {
  return map.values[pixel * map.channels + map.channels - 1];
}

/** Tell whether the votes of a channel depend on alpha, which has no such care itself. */
function isWeighed(map, settings, channel) {
  return weighsAlpha(map, settings) && channel < map.channels - 1;
}

/** Give a pixel's values as mode compares them: all invisible ones are alike. */
function comparedPixel(map, settings, pixel) {
  const from = pixel * map.channels;
  const values = Array.from(map.values.slice(from, from + map.channels));
  const hidden = weighsAlpha(map, settings) && values[values.length - 1] === 0;
  return hidden ? values.map(() => 0) : values;
}

/** List the values of a channel that have a vote in a window, with the alpha of each. */
function votesOf(map, settings, layout, at, channel) {
  const weighed = isWeighed(map, settings, channel);
  const values = [];
  const alphas = weighed ? [] : null;
  for (const pixel of pixelsOf(map, layout, at)) {
    if (lacksPixel(map, settings, pixel, channel)) continue;
    if (weighed && alphaOf(map, pixel) === 0 && settings.op !== "mode") continue;
    const hidden = weighed && alphaOf(map, pixel) === 0;
    values.push(hidden ? 0 : map.values[pixel * map.channels + channel]);
    if (weighed) alphas.push(alphaOf(map, pixel));
  }
  return { values, alphas };
}

/** Tell whether a mean takes padding for zeros; to a negative power these would make it zero. */
function paddingCounts(settings) {
  const negative = settings.op === "gem" && settings.power < 0;
  return settings.countPad && !negative && !isSparse(settings);
}

/** Find the divisor of a mean for the sum of one window, of which so many values are there. */
function divisorOf(settings, layout, at, there) {
  if (settings.op === "avg" && settings.divisor !== null) return settings.divisor;
  return there + (paddingCounts(settings) ? countTaps(layout, at).padding : 0);
}

function largest(values) {
  let best = -Infinity;
  for (const value of values) if (value > best || value !== value) best = value;
  return best;
}

function smallest(values) {
  let best = Infinity;
  for (const value of values) if (value < best || value !== value) best = value;
  return best;
}

function total(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Give the place, counted from 0, of a share of so many values in their order. */
function placeOf(share, count) {
  return Math.floor(share * (count - 1) + 1e-9); // 0.29 of 100 is 29, and its product is not
}

function ranked(values, share) {
  if (values.some((value) => value !== value)) return NaN;
  return Float64Array.from(values).sort()[placeOf(share, values.length)];
}

/** Find the number of the first of the commonest keys. */
function commonest(keys) {
  const counts = new Map();
  let most = 0;
  for (const key of keys) {
    counts.set(key, (counts.get(key) || 0) + 1);
    most = Math.max(most, counts.get(key));
  }
  return keys.findIndex((key) => counts.get(key) === most);
}

function generalisedMean(values, weights, divisor, power) {
  if (power === Infinity) return largest(values);
  if (power === -Infinity) return smallest(values);
  const weight = weights ? (number) => weights[number] : () => 1;
  const mean = total(values.map((value, number) => value ** power * weight(number))) / divisor;
  if (power === 1) return mean;
  const odd = Math.abs(power) % 2 === 1;
  const size = odd ? Math.abs(mean) : mean;
  const root = power === 3 ? Math.cbrt(size) : size ** (1 / power);
  return odd && mean < 0 ? -root : root;
}

function deviation(values) {
  const mean = total(values) / values.length;
  return Math.sqrt(total(values.map((value) => (value - mean) ** 2)) / values.length);
}

/** Compute what a window becomes, before integers are rounded. */
function exactly(settings, values, alphas, divisor) {
  switch (settings.op) {
    case "max": return largest(values);
    case "min": return smallest(values);
    case "median": return ranked(values, 0.5);
    case "quantile": return ranked(values, settings.quantile);
    case "mode": return values[commonest(values)];
    case "sum": return total(values);
    case "range": return largest(values) - smallest(values);
    case "std": return deviation(values);
    case "gem": return generalisedMean(values, alphas, divisor, settings.power);
    default: return generalisedMean(values, alphas, divisor, 1);
  }
}

/** Give what a window without any tap becomes. */
function ofNothing(settings, map, divisor) {
  if (settings.op === "max") return map.limits ? map.limits[0] : -Infinity;
  if (settings.op === "min") return map.limits ? map.limits[1] : Infinity;
  if (MEANS.includes(settings.op)) return divisor ? 0 : NaN;
  return settings.op === "sum" ? 0 : NaN;
}

/** Round half up and clip where the map holds integers; a sum has room of its own. */
function fitted(value, map, op) {
  if (!map.limits) return value + 0; // not -0
  if (value !== value) return 0;
  if (op === "sum" || KEEPS_VALUES.includes(op)) return value;
  return Math.min(Math.max(Math.floor(value + 0.5), map.limits[0]), map.limits[1]);
}

/** Compute one channel of one window: the result before and after it is rounded. */
function poolChannel(map, settings, layout, at, channel) {
  if (isLacking(map, settings, layout, at, channel)) {
    const value = missingValue(settings);
    return { exact: value, result: value };
  }
  const { values, alphas } = votesOf(map, settings, layout, at, channel);
  const divisor = alphas ? total(alphas) : divisorOf(settings, layout, at, values.length);
  if (values.length) {
    const exact = exactly(settings, values, alphas, divisor);
    return { exact, result: fitted(exact, map, settings.op) };
  }
  const hidden = alphas && pixelsOf(map, layout, at).length > 0;
  const result = hidden ? 0 : fitted(ofNothing(settings, map, alphas ? 0 : divisor), map, "");
  return { exact: result, result };
}

/** Pool one window: the result of every channel. */
function poolWindow(map, settings, layout, at) {
  if (comparesPixels(map, settings)) {
    if (isLacking(map, settings, layout, at, 0)) return new Array(map.channels).fill(missingValue(settings));
    const pixels = pixelsOf(map, layout, at)
      .filter((pixel) => !lacksPixel(map, settings, pixel, 0))
      .map((pixel) => comparedPixel(map, settings, pixel));
    const keys = pixels.map((pixel) => pixel.join());
    return keys.length ? pixels[commonest(keys)] : new Array(map.channels).fill(map.limits ? 0 : NaN);
  }
  const results = [];
  for (let channel = 0; channel < map.channels; channel += 1) {
    results.push(poolChannel(map, settings, layout, at, channel).result);
  }
  return results;
}

/** Find the row and column whose value is a window's result; null for a mean, or without taps. */
function winnerOf(map, settings, layout, at, channel) {
  if (!KEEPS_VALUES.includes(settings.op) || isLacking(map, settings, layout, at, channel)) return null;
  const whole = comparesPixels(map, settings);
  const key = (pixel) =>
    whole
      ? comparedPixel(map, settings, pixel).join()
      : isWeighed(map, settings, channel) && alphaOf(map, pixel) === 0
        ? settings.op === "mode" ? 0 : undefined
        : map.values[pixel * map.channels + channel];
  const results = poolWindow(map, settings, layout, at);
  const result = whole ? results.join() : results[channel];
  const alike = (one) => one === result || (one !== one && result !== result);
  const pixels = pixelsOf(map, layout, at).filter(
    (pixel) => !lacksPixel(map, settings, pixel, channel) && alike(key(pixel)),
  );
  if (!pixels.length) return null;
  // Of several NaNs the last one wins, as in the indices of torch.
  const last = settings.op !== "mode" && result !== result;
  const pixel = pixels[last ? pixels.length - 1 : 0];
  return [Math.floor(pixel / map.width), pixel % map.width];
}
