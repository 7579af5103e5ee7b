"use strict";
/* The command lines of what is seen, for poolcli and for PyTorch. */

function optionsText(settings) {
  const pair = ([height, width]) => (height === width ? `${height}` : `${height}x${width}`);
  const words = [];
  if (settings.size) {
    words.push(pair(settings.size) === "1" ? "--global" : `--size ${pair(settings.size)}`);
  } else {
    words.push(`-k ${pair(settings.kernel)}`);
    if (settings.stride && pair(settings.stride) !== pair(settings.kernel)) {
      words.push(`-s ${pair(settings.stride)}`);
    }
    if (pair(settings.padding) !== "0") words.push(`-p ${pair(settings.padding)}`);
    if (pair(settings.dilation) !== "1") words.push(`-d ${pair(settings.dilation)}`);
    if (settings.ceil) words.push("--ceil");
  }
  const { op } = settings;
  if (MEANS.includes(op) && !settings.countPad) words.push("--exclude-pad");
  if (op === "avg" && settings.divisor !== null) words.push(`--divisor ${settings.divisor}`);
  if (op === "gem" && settings.power !== 3) words.push(`--power ${plainNumber(settings.power)}`);
  if (op === "quantile" && settings.quantile !== 0.5) words.push(`--quantile ${settings.quantile}`);
  if (settings.skip !== null) words.push(`--skip ${plainNumber(settings.skip)}`);
  if (settings.minValid) words.push(`--min-valid ${settings.minValid}`);
  if (isSparse(settings)) words.push("--sparse");
  return words.join(" ");
}

/** Write the line that shows the same, or makes the picture that is seen. */
function poolcliText({ map, settings, at, edited, kind }, source) {
  const options = optionsText(settings);
  if (kind === "picture" && (source.reads === "picture" || source.reads === "array")) {
    const pool = `poolcli ${settings.op} ${source.quoted} ${source.pooled} ${options}`;
    return source.smaller ? `${source.smaller}\n${pool}` : pool;
  }
  const rows = kind === "numbers" ? mapRows(map).map((row) => row.map(plainNumber).join(" ")) : [];
  const own = kind === "picture" || (source.reads !== "numbers" && !edited);
  const words = ["poolcli explain", own ? source.quoted : `--matrix "${rows.join("; ")}"`];
  if (source.classic && !edited) words.pop();
  if (own && source.channel) words.push(`--channel ${source.channel}`);
  return [...words, settings.op, options, `--window ${at.join()}`].join(" ");
}

/** Write the tensor that is pooled: (1, 1, H, W), or (1, C, H, W) of a picture. */
function tensorText({ map, kind }, source) {
  if (kind === "picture") return `torch.from_numpy(${source.tensor})[None].float()`;
  const numeral = (value) => {
    if (!Number.isFinite(value)) return plainNumber(value).replace(/nan|inf/, "torch.$&");
    return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.` : String(value);
  };
  const rows = mapRows(map).map((row) => `[${row.map(numeral).join(", ")}]`);
  return `torch.tensor([[[${rows.join(", ")}]]])`;
}

/** Write the arguments of torch's sliding poolings. */
function torchWindow(settings, { dilation = false } = {}) {
  const pair = ([height, width]) => (height === width ? `${height}` : `(${height}, ${width})`);
  const stride = settings.stride || settings.kernel;
  const words = [pair(settings.kernel), pair(stride)];
  if (pair(settings.padding) !== "0") words.push(`padding=${pair(settings.padding)}`);
  if (dilation && pair(settings.dilation) !== "1") words.push(`dilation=${pair(settings.dilation)}`);
  if (settings.ceil) words.push("ceil_mode=True");
  return words.join(", ");
}

/** Write the windows as the rows of a tensor, NaN where nothing has a vote; for what torch lacks. */
function unfolded({ map, settings, layout }, zeros) {
  const { kernel, padding: [down, across], dilation } = settings;
  const stride = settings.stride || kernel;
  const beyond = (windows, length, padding) => Math.max(0, windows[windows.length - 1].stop - length - padding);
  const [below, aside] = [beyond(layout.rows, map.height, down), beyond(layout.columns, map.width, across)];
  let x = "x";
  if (zeros && (down || across)) x = `F.pad(x, (${across}, ${across}, ${down}, ${down}))`;
  const edges = zeros ? [0, aside, 0, below] : [across, across + aside, down, down + below];
  if (edges.some((edge) => edge > 0)) x = `F.pad(${x}, (${edges.join(", ")}), value=torch.nan)`;
  const pair = ([height, width]) => `(${height}, ${width})`;
  const spread = pair(dilation) === "(1, 1)" ? "" : `, dilation=${pair(dilation)}`;
  return `F.unfold(${x}, ${pair(kernel)}, stride=${pair(stride)}${spread}).unflatten(1, (x.shape[1], -1))`;
}

/** Write what torch does with unfolded windows `w`: (1, C, taps, windows). */
const OF_WINDOWS = {
  median: () => "w.nanmedian(2).values",
  quantile: ({ quantile }) => `w.nanquantile(${quantile}, 2, interpolation="lower")`,
  sum: () => "w.nansum(2)",
  range: () => "(w.nan_to_num(-torch.inf).amax(2) - w.nan_to_num(torch.inf).amin(2))",
  std: () => "(w - w.nanmean(2, keepdim=True)).square().nanmean(2).sqrt()",
  gem: ({ power }) => `w.pow(${plainNumber(power)}).nanmean(2).pow(1 / ${plainNumber(power)})`,
  avg: ({ divisor }) => (divisor === null ? "w.nanmean(2)" : `(w.nansum(2) / ${divisor})`),
};

/** Write torch's own pooling; null where it has none of these arguments. */
function torchCall({ settings }) {
  const { op, size } = settings;
  if (size) {
    const name = { max: "adaptive_max_pool2d", avg: "adaptive_avg_pool2d" }[op];
    const pair = size[0] === size[1] ? `${size[0]}` : `(${size.join(", ")})`;
    if (op === "min") return `-F.adaptive_max_pool2d(-x, ${pair})`;
    return name && settings.divisor === null ? `F.${name}(x, ${pair})` : null;
  }
  if (op === "max") return `F.max_pool2d(x, ${torchWindow(settings, { dilation: true })})`;
  if (op === "min") return `-F.max_pool2d(-x, ${torchWindow(settings, { dilation: true })})`;
  if (op !== "avg" || settings.dilation.some((n) => n > 1)) return null;
  const pad = settings.countPad ? "" : ", count_include_pad=False";
  const divisor = settings.divisor === null ? "" : `, divisor_override=${settings.divisor}`;
  return `F.avg_pool2d(x, ${torchWindow(settings)}${pad}${divisor})`;
}

/** Write the lines for PyTorch, or a sentence that it has no such pooling. */
function torchText(view, source) {
  const { settings, layout, kind, map } = view;
  if (settings.op === "mode") return say("PyTorch has no such pooling: of equally common values, its mode is the smallest.");
  let call = torchCall(view);
  if (!call && settings.size) return say("PyTorch has no such pooling to a size.");
  if (missingValue(settings) !== null) return say("PyTorch has no pooling that leaves missing values out.");
  if (kind === "picture" && map.alpha && !map.opaque) {
    return say("PyTorch has no pooling in which invisible pixels have no vote.");
  }
  const lines = ["import torch, torch.nn.functional as F"];
  if (kind === "picture") lines.unshift("import numpy as np");
  if (kind === "picture" && source.reads === "picture") lines.push("from PIL import Image");
  lines.push(`x = ${tensorText(view, source)}`);
  if (!call) {
    const zeros = MEANS.includes(settings.op) && paddingCounts(settings);
    lines.push(`w = ${unfolded(view, zeros)}`);
    if (map.values.some((value) => value !== value)) lines.push(say("# NaNs of the map itself are left out here"));
    call = `${OF_WINDOWS[settings.op](settings)}.unflatten(-1, (${layout.size.join(", ")}))`;
  }
  const rounds = view.map.limits && (MEANS.includes(settings.op) || settings.op === "std");
  lines.push(rounds ? `y = torch.floor(${call} + 0.5)` : `y = ${call}`);
  return lines.join("\n");
}

/** Copy a text: by the clipboard's own door where there is one, else as a selection. */
async function copyText(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const selection = getSelection();
    selection.selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
