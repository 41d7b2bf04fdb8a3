// The script of the sandbox's page. The run's secret is the fragment of the link, which browsers do not send; the script
// puts it into a header of each request and keeps it in this tab only.
"use strict";

const ROOT = "/_flowcheck/";
const KEY = "flowcheck-secret";
// Maximum number of journal lines on the page.
const LINES = 500;

const by = (id) => document.getElementById(id);
const [panels, entries, filter, kind, said] = ["panels", "entries", "filter", "kind", "said"].map(by);

if (location.hash.length > 20) {
  sessionStorage.setItem(KEY, location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
// The link of another run was opened in this tab.
addEventListener("hashchange", () => location.hash.length > 20 && location.reload());

class Locked extends Error {}

async function ask(method, what, body) {
  const headers = { authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}` };
  const answer = await fetch(ROOT + what, { method, headers, body, cache: "no-store" });
  if (answer.status === 401) throw new Locked();
  return answer;
}

function lock() {
  sessionStorage.removeItem(KEY);
  by("main").hidden = true;
  by("locked").hidden = false;
  tell(false, "locked");
}

function tell(on, word) {
  by("live").classList.toggle("on", on);
  by("live").querySelector("b").textContent = word;
}

let silence;
function say(words, bad = false) {
  said.textContent = words;
  said.classList.toggle("bad", bad);
  clearTimeout(silence);
  silence = setTimeout(() => (said.textContent = ""), 6000);
}

// The panels. Each is replaced only if it has changed and has no focused field.
const shown = new Map();
let ahead = 0;
async function refresh() {
  const answer = await ask("GET", "sandbox/panels");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const panel of fresh.querySelectorAll("section")) {
    const old = by(panel.id);
    const html = panel.outerHTML;
    if (shown.get(panel.id) === html || (old && beingWritten(old))) continue;
    shown.set(panel.id, html);
    // A focused button stays focused.
    const focused = old?.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent : null;
    if (old) old.replaceWith(panel);
    else panels.append(panel);
    if (focused) [...panel.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent) === focused)?.focus();
  }
  ahead = Number(by("now").dataset.nowMs) - Date.now();
  tick();
}

function beingWritten(panel) {
  return [...panel.querySelectorAll("input,textarea")].some((field) => field === document.activeElement || field.value !== field.defaultValue);
}

function tick() {
  const now = by("now");
  if (now) now.textContent = new Date(Date.now() + ahead).toISOString().replace("T", " ").slice(0, 19) + " UTC";
}
setInterval(tick, 1000);

let due;
function refreshSoon() {
  due ??= setTimeout(() => {
    due = undefined;
    refresh().catch((error) => error instanceof Locked && lock());
  }, 150);
}

// Buttons and forms name their control API request.
async function act(element, fields = []) {
  const [method, what] = element.dataset.call.split(" ");
  const body = JSON.parse(element.dataset.body ?? "{}");
  for (const field of fields) {
    const path = field.dataset.at.split(".");
    const last = path.pop();
    const into = path.reduce((inner, name) => inner[name], body);
    into[last] = "words" in field.dataset ? field.value.split(/\s+/).filter(Boolean) : Number(field.value);
  }
  try {
    const answer = await ask(method, what, method === "POST" ? JSON.stringify(body) : undefined);
    if (!answer.ok) return say((await answer.json()).error ?? `That failed: ${answer.status}`, true);
    for (const field of fields) field.defaultValue = field.value;
    say(element.dataset.done);
  } catch (error) {
    return error instanceof Locked ? lock() : say("flowcheck does not answer.", true);
  }
  refreshSoon();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.call) act(button);
  if (button && "copy" in button.dataset) {
    const command = button.closest(".curl").querySelector("pre").textContent;
    navigator.clipboard.writeText(command).then(() => say("Copied."), () => say("The browser did not let it be copied.", true));
  }
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  act(event.target, [...event.target.querySelectorAll("[data-at]")]);
});

// The journal.
function matches(line) {
  const words = filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (line.querySelector("summary") ?? line).textContent.toLowerCase();
  return (!kind.value || line.dataset.kind === kind.value) && words.every((word) => text.includes(word));
}

function sift(lines = entries.children) {
  for (const line of lines) line.hidden = !matches(line);
  const some = entries.children.length > 0;
  by("nothing").hidden = some;
  by("unmatched").hidden = !some || [...entries.children].some((line) => !line.hidden);
}
filter.addEventListener("input", () => sift());
kind.addEventListener("change", () => sift());
by("clear").addEventListener("click", () => {
  entries.replaceChildren();
  sift();
});

// `toggle` does not bubble, so it is handled in the capture phase.
entries.addEventListener("toggle", async (event) => {
  const behind = event.target.querySelector(".behind");
  if (!event.target.open || behind.childElementCount) return;
  const seq = event.target.closest("li").dataset.seq;
  const answer = await ask("GET", `sandbox/entry?seq=${seq}`).catch(() => null);
  behind.innerHTML = answer?.ok ? await answer.text() : "<p class=soft>This is not remembered any more.</p>";
}, true);

let next = null;
let begun = false;
function happened(name, id, data) {
  if (name === "missed") {
    const line = document.createElement("li");
    line.className = "missed";
    line.textContent = `${data} entries were forgotten before they could be shown`;
    entries.prepend(line);
    return;
  }
  next = Number(id) + 1;
  const holder = document.createElement("template");
  holder.innerHTML = data;
  const line = holder.content.firstElementChild;
  if (begun) line.classList.add("new");
  entries.prepend(line);
  while (entries.childElementCount > LINES) entries.lastElementChild.remove();
  sift([line]);
  refreshSoon();
}

async function listen() {
  const answer = await ask("GET", "sandbox/feed" + (next === null ? "" : `?since=${next}`));
  if (!answer.ok) throw new Error(await answer.text());
  tell(true, "live");
  setTimeout(() => (begun = true), 500);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const fields = Object.fromEntries(event.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
      if (fields.event) happened(fields.event, fields.id, fields.data);
    }
  }
}

async function live() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 10000)) {
    try {
      await refresh();
      by("main").hidden = false;
      const began = Date.now();
      await listen();
      if (Date.now() - began > 5000) wait = 500;
    } catch (error) {
      if (error instanceof Locked) return lock();
    }
    tell(false, "flowcheck does not answer; trying again");
    await new Promise((resume) => setTimeout(resume, wait));
  }
}

if (sessionStorage.getItem(KEY)) live();
else lock();
