"use strict";
/* The form: from settings to its fields and back, and what is wrong with them. */

const byId = (id) => document.getElementById(id);

/** Make the steppers of a pair: height and width, each with a button on both sides. */
function buildSteppers(onChange) {
  for (const pair of document.querySelectorAll(".pair")) {
    const { field } = pair.dataset;
    const names = [say("height"), say("width")];
    const steppers = names.map((name, axis) => {
      const input = make("input", { inputMode: "numeric", id: `${field}-${axis}`, size: 3, "aria-label": name });
      const step = (by) => {
        const value = Number.parseInt(input.value, 10);
        input.value = Number.isNaN(value) ? 1 : Math.max(value + by, field === "padding" ? 0 : 1);
        onChange(field);
      };
      input.addEventListener("input", () => onChange(field));
      input.addEventListener("keydown", (event) => {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        step(by);
      });
      const button = (sign, by, label) => {
        const made = make("button", { type: "button", tabIndex: -1, "aria-label": label }, sign);
        made.addEventListener("click", () => step(by));
        return made;
      };
      const less = button("−", -1, say("less: {name}", { name }));
      const more = button("+", 1, say("more: {name}", { name }));
      return make("span", { className: "stepper" }, less, input, more);
    });
    pair.append(steppers[0], make("span", { className: "times", "aria-hidden": "true" }, "×"), steppers[1]);
  }
}

function fillChoices(select, names) {
  select.replaceChildren(...names.map(([value, text]) => make("option", { value }, text)));
}

/** Read the form: {settings}, or {field, text} where something in it is not a number. */
function readForm(before) {
  const settings = { ...before, op: byId("op").value, ceil: byId("ceil").checked };
  settings.countPad = byId("countPad").checked;
  const form = byId("form").value;
  const fields = form === "sliding" ? ["kernel", "padding", "dilation"] : form === "size" ? ["size"] : [];
  if (form === "sliding" && !byId("follow").checked) fields.push("stride");
  for (const field of fields) {
    const pair = readStepper(field);
    if (pair.text) return pair;
    settings[field] = pair.value;
  }
  if (form === "sliding") settings.size = null;
  if (form === "global") settings.size = [1, 1];
  if (byId("follow").checked) settings.stride = null;
  return readNumbers(settings);
}

function readStepper(field) {
  const value = [];
  for (const axis of [0, 1]) {
    const typed = byId(`${field}-${byId("apart").checked ? axis : 0}`).value.trim();
    if (!/^-?\d{1,9}$/.test(typed)) {
      return { field, text: say("“{typed}” is not a whole number; use one, as in 2", { typed }) };
    }
    value.push(Number(typed));
  }
  return { value };
}

function readNumbers(settings) {
  const divisor = byId("divisor").value.trim();
  if (settings.op === "avg" && divisor && !/^[-−]?\d{1,9}$/.test(divisor)) {
    return { field: "divisor", text: say("“{typed}” is not a whole number; use one, as in 2", { typed: divisor }) };
  }
  settings.divisor = divisor ? parseNumber(divisor) : null;
  const skip = byId("skip").value.trim();
  settings.skip = skip ? parseNumber(skip) : null;
  if (skip && settings.skip === null) return { field: "skip", text: say("“{typed}” is not a number", { typed: skip }) };
  for (const [op, field] of [["gem", "power"], ["quantile", "quantile"]]) {
    const typed = byId(field).value;
    const value = parseNumber(typed);
    if (value !== null) settings[field] = value;
    else if (settings.op === op) return { field, text: say("“{typed}” is not a number", { typed }) };
  }
  return { settings };
}

/** Write settings into the form. */
function fillForm(settings, map, channel) {
  byId("op").value = settings.op;
  const global = settings.size && settings.size[0] === 1 && settings.size[1] === 1;
  byId("form").value = settings.size ? (global ? "global" : "size") : "sliding";
  const pairs = { ...settings, stride: settings.stride || settings.kernel, size: settings.size || [2, 2] };
  const fields = ["size", "kernel", "stride", "padding", "dilation"];
  for (const field of fields) pairs[field].forEach((n, axis) => { byId(`${field}-${axis}`).value = n; });
  byId("apart").checked ||= fields.some((field) => pairs[field][0] !== pairs[field][1]);
  byId("follow").checked = settings.stride === null;
  byId("ceil").checked = settings.ceil;
  byId("countPad").checked = settings.countPad;
  byId("divisor").value = settings.divisor === null ? "" : settings.divisor;
  byId("power").value = plainNumber(settings.power);
  byId("quantile").value = settings.quantile;
  byId("skip").value = settings.skip === null ? "" : plainNumber(settings.skip);
  byId("channel").value = channel;
  showFields();
}

/** Show the fields that the operation and the windows have. */
function showFields() {
  const op = byId("op").value;
  const form = byId("form").value;
  byId("divisor-line").hidden = op !== "avg";
  byId("power-line").hidden = op !== "gem";
  byId("quantile-line").hidden = op !== "quantile";
  byId("countPad-line").hidden = !MEANS.includes(op) || form !== "sliding";
  for (const pair of document.querySelectorAll(".pair")) {
    const { field } = pair.dataset;
    pair.hidden = field === "size" ? form !== "size" : form !== "sliding";
    const followed = field === "stride" && byId("follow").checked;
    for (const one of pair.querySelectorAll("input, button")) one.disabled = followed;
    if (!followed) continue;
    for (const axis of [0, 1]) byId(`stride-${axis}`).value = byId(`kernel-${axis}`).value;
  }
  for (const line of document.querySelectorAll(".sliding")) line.hidden = form !== "sliding";
  document.body.classList.toggle("apart", byId("apart").checked);
}

/** Say what is wrong with a field; nothing is, without a complaint. */
function showComplaint(complaint) {
  byId("complaint").textContent = complaint ? complaint.text : "";
  document.body.classList.toggle("wrong", complaint !== null);
  for (const input of byId("controls").querySelectorAll("input, textarea")) {
    const field = input.closest(".pair")?.dataset.field || input.id;
    const wrong = complaint !== null && complaint.field === field;
    for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", "complaint"]]) {
      if (wrong) input.setAttribute(name, value);
      else input.removeAttribute(name);
    }
  }
}
