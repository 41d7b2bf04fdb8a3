// The page reader: what a person sees on this page, as JSON. Reads only; changes nothing.
const fold = text => (text || "").replace(/\s+/g, " ").trim();
const cut = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

const visible = element => {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1;
};

const byIds = ids => fold((ids || "").split(/\s+/).map(id => document.getElementById(id)?.textContent || "").join(" "));

// The accessible name, in the order in which the accname specification looks for one.
const nameOf = element => {
  const labelled = byIds(element.getAttribute("aria-labelledby"));
  if (labelled) return labelled;
  const aria = fold(element.getAttribute("aria-label"));
  if (aria) return aria;
  const labels = fold([...(element.labels || [])].map(label => label.textContent).join(" "));
  if (labels) return labels;
  if (element.matches("input[type=submit], input[type=button], input[type=reset]")) {
    return fold(element.value) || "Submit";
  }
  if (element.matches("input[type=image]")) return fold(element.alt);
  if (!element.matches("input, select, textarea")) {
    const text = fold(element.innerText) || fold(element.querySelector("img[alt]")?.alt) ||
      fold(element.querySelector("svg title")?.textContent);
    if (text) return text;
  }
  return fold(element.getAttribute("title")) || fold(element.getAttribute("placeholder"));
};

// The card, row or section a control stands in: the first ancestor that a person would read as one thing.
const nearOf = element => {
  for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
    const headed = at.querySelector("h1, h2, h3, h4, h5, h6, legend, [role=heading]");
    if (headed || at.matches("li, tr, article, section, fieldset, dialog, [role=listitem], [role=row], [role=dialog]")) {
      return cut(fold(at.innerText), 400);
    }
  }
  return "";
};

const kindOf = element => {
  if (element.matches("select")) return "select";
  const type = (element.getAttribute("type") || "text").toLowerCase();
  const hint = [element.autocomplete, element.name, element.id, nameOf(element)].join(" ").toLowerCase();
  if (type === "checkbox") return "checkbox";
  if (type === "radio") return "radio";
  if (type === "password") {
    return /new-password|confirm|repeat|again/.test(hint) ? "new-password" : "password";
  }
  if (type === "email" || /\busername\b|e-?mail/.test(hint)) return "email";
  if (type === "url" || /\burl\b|domain|myshopify/.test(hint)) return "url";
  return "text";
};

const forms = [...document.forms].filter(visible);
const fields = [];
const radios = new Map();
for (const element of document.querySelectorAll("input, select, textarea")) {
  const type = (element.type || "").toLowerCase();
  if (["hidden", "submit", "button", "reset", "image", "file"].includes(type)) continue;
  if (element.disabled || element.readOnly || !visible(element)) continue;
  const form = forms.indexOf(element.form);
  const field = {
    element,
    empty: !element.value,
    kind: kindOf(element),
    label: cut(nameOf(element), 200),
    name: element.name || "",
    options: element.matches("select") ? [...element.options].map(option => fold(option.label)) : [],
    form: form < 0 ? null : form,
  };
  if (field.kind === "radio") {
    // A group is one field; its options are the labels of its buttons.
    const group = form + " " + field.name;
    if (radios.has(group)) {
      radios.get(group).options.push(field.label);
      continue;
    }
    radios.set(group, field);
    field.options.push(field.label);
    field.label = fold(element.closest("fieldset")?.querySelector("legend")?.textContent) || field.name;
  }
  fields.push(field);
}

const controls = [];
const submits = forms.map(() => null);
const clickable = "a[href], button, input[type=submit], input[type=button], input[type=image], [role=button], [role=link], summary";
for (const element of document.querySelectorAll(clickable)) {
  if (element.disabled || element.getAttribute("aria-disabled") === "true" || !visible(element)) continue;
  const form = forms.indexOf(element.form);
  const sends = ["submit", "image"].includes(element.type);
  if (form >= 0 && sends && submits[form] === null) submits[form] = controls.length;
  controls.push({
    element,
    role: element.matches("a, [role=link]") ? "link" : "button",
    name: cut(nameOf(element), 200),
    href: element.matches("a[href]") ? element.href : null,
    near: nearOf(element),
    in_navigation: !!element.closest("nav, header, footer, [role=navigation], [role=banner], [role=contentinfo]"),
  });
}

const texts = selector =>
  [...document.querySelectorAll(selector)].filter(visible).map(element => cut(fold(element.innerText), 1000)).filter(Boolean);

// Other documents in frames: each is read by a script of its own. The small ones are for measuring and paying, not for reading.
const frames = [...document.querySelectorAll("iframe, frame")].filter(frame => {
  const box = frame.getBoundingClientRect();
  return visible(frame) && box.width >= 100 && box.height >= 100;
});

const navigation = performance.getEntriesByType("navigation")[0];
return {
  url: location.href,
  title: document.title,
  origin: Math.round(performance.timeOrigin * 1000),
  status: navigation?.responseStatus || null,
  media_type: document.contentType || null,
  klaviyo_page: document.querySelector("meta[name=klaviyo-page]")?.content || null,
  headings: texts("h1, h2, h3, [role=heading]"),
  text: cut(fold(document.body?.innerText), 20000),
  alerts: [...new Set(texts("[role=alert], [role=alertdialog], [role=status], dialog[open], [aria-live=polite], [aria-live=assertive]"))],
  controls,
  fields,
  submits,
  frames,
};
