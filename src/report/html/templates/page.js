"use strict";
(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const make = (name, attributes, text) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text) element.textContent = text;
    return element;
  };

  // The timelines are packed; the fragment that led here may be in one of them.
  const unpack = async () => {
    const packed = document.getElementById("packed");
    if (!packed || !packed.textContent.trim()) return;
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), letter => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const bodies = JSON.parse(await new Response(stream).text());
    for (const place of all("[data-packed]")) {
      place.innerHTML = bodies[Number(place.dataset.packed)];
      copies(place);
    }
  };

  const copies = inside => {
    for (const code of all("[data-copy]", inside)) {
      const text = code.dataset.copy || code.textContent;
      const button = make("button", { type: "button", class: "copy" }, code.dataset.copyLabel || "Copy");
      button.addEventListener("click", async event => {
        event.preventDefault();
        try { await navigator.clipboard.writeText(text); } catch {
          const area = make("textarea", {}, "");
          area.value = text;
          document.body.append(area);
          area.select();
          document.execCommand("copy");
          area.remove();
        }
        say("Copied");
        const before = button.textContent;
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = before; }, 1500);
      });
      code.after(button);
    }
  };

  const status = document.getElementById("status");
  const say = text => { if (status) status.textContent = text; };

  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const item = target.closest(".item");
    if (item && item.hidden) show("all");
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target.matches(".timeline > li")) for (const call of all(".call", target)) call.open = true;
    target.scrollIntoView();
  };

  // A passing item shows the diagram of its scenario once it is opened.
  for (const item of all(".item")) {
    item.addEventListener("toggle", () => {
      if (!item.open) return;
      for (const place of all("[data-diagram]", item)) {
        const figure = document.querySelector(`#${CSS.escape(place.dataset.diagram)} .diagram`);
        if (figure && !place.firstChild) place.append(figure.cloneNode(true));
      }
    });
  }

  const buttons = all("[data-filter]");
  const search = document.getElementById("search");
  let kind = "all";
  const show = wanted => {
    kind = wanted;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.filter === kind));
    const words = search ? search.value.trim().toLowerCase() : "";
    let shown = 0;
    for (const item of all(".item")) {
      const text = item.querySelector("summary").textContent.toLowerCase();
      item.hidden = !(kind === "all" || item.classList.contains(kind)) || !text.includes(words);
      if (!item.hidden) shown += 1;
    }
    for (const list of all("#checklist .list")) {
      const empty = !all(".item", list).some(item => !item.hidden);
      list.hidden = empty;
      list.previousElementSibling.hidden = empty;
    }
    const none = document.getElementById("none");
    if (none) none.hidden = shown > 0;
    say(`${shown} items shown`);
  };
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.filter));
  if (search) search.addEventListener("input", () => show(kind));
  for (const part of all("[data-script]")) part.hidden = false;

  const failures = all(".item.fail");
  const step = by => {
    if (!failures.length) return;
    const here = failures.findIndex(item => item.getBoundingClientRect().top > 90);
    const from = by > 0 ? (here < 0 ? 0 : here) : (here < 0 ? failures.length : here) - 2;
    const at = (from + failures.length) % failures.length;
    const item = failures[at];
    location.hash = item.id;
    document.getElementById("steps-label").textContent = `${at + 1} of ${failures.length}`;
    item.querySelector("summary").focus({ preventScroll: true });
  };
  for (const button of all("[data-step]")) button.addEventListener("click", () => step(Number(button.dataset.step)));

  // Ticks are kept in this browser, by app and task.
  for (const box of all(".by-hand input")) {
    const key = `flowcheck ${document.body.dataset.app} ${box.parentElement.textContent.trim()}`;
    try {
      box.checked = localStorage.getItem(key) === "1";
      box.addEventListener("change", () => localStorage.setItem(key, box.checked ? "1" : "0"));
    } catch { /* a browser that keeps nothing shows the list all the same */ }
  }

  // On paper everything is open, and afterwards as before.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("#checklist details.item:not([open], .n-a)");
    for (const item of closed) item.open = true;
  });
  addEventListener("afterprint", () => { for (const item of closed) item.open = false; });

  copies(document);
  addEventListener("hashchange", reveal);
  unpack().catch(() => say("The timelines could not be unpacked; run.json holds them."))
    .then(() => { document.body.dataset.ready = "yes"; reveal(); });
})();
