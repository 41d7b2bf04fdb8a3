// The page reader: what a person sees in this document, as JSON. Reads only; changes nothing.
// Open shadow roots are read as if they stood in the document, as people see them; frames are read by a script of their own.
const fold = text => (text || "").slice(0, MOST_TEXT).replace(/\s+/g, " ").trim();
// Controls, fields, headings, messages and choices that are told of; nobody reads more. Of a document, elements that are looked at, how deep
// they stand, and characters of one text: a page is free to have no end.
const MOST = 2000;
const MOST_ELEMENTS = 30000;
const DEEPEST = 600;
const MOST_TEXT = 100000;
const LONGEST_ADDRESS = 8000;
const cut = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

// ---- A form's fields hide what every element has (`<input name="children">`), names of elements what a document has: the prototypes are
// asked.
const method = (type, name) => { const own = type.prototype[name]; return (node, ...given) => Reflect.apply(own, node, given); };
const getter = (type, name) => { const { get } = Object.getOwnPropertyDescriptor(type.prototype, name); return node => Reflect.apply(get, node, []); };
const [matches, attribute, firstIn, allIn, boxOf, isVisible] =
  ["matches", "getAttribute", "querySelector", "querySelectorAll", "getBoundingClientRect", "checkVisibility"].map(name => method(Element, name));
const [contains, positionOf, rootOf] = ["contains", "compareDocumentPosition", "getRootNode"].map(name => method(Node, name));
const [nodesIn, typeOf, parentElementOf] = ["childNodes", "nodeType", "parentElement"].map(name => getter(Node, name));
const [elementsIn, tagOf, shadowOf, slotOf, classOf] =
  ["children", "localName", "shadowRoot", "assignedSlot", "className"].map(name => getter(Element, name));
const firstWithin = (element, selector) => element ? firstIn(element, selector) : null;
const firstInDocument = method(Document, "querySelector");
const [root, body] = ["documentElement", "body"].map(name => getter(Document, name)(document));
const [titleOf, scriptsOf, contentTypeOf] = ["title", "scripts", "contentType"].map(name => getter(Document, name));

// ---- The composed tree: children as they are shown, parents as they hold.
const childrenOf = node => {
  if (node === document) return nodesIn(node);
  if (shadowOf(node)) return shadowOf(node).childNodes;
  if (tagOf(node) === "slot") {
    const assigned = node.assignedNodes({ flatten: true });
    if (assigned.length) return assigned;
  }
  return nodesIn(node);
};
const parentOf = element => slotOf(element) || parentElementOf(element) || rootOf(element).host || null;
const closest = (element, selector) => {
  for (let at = element; at; at = parentOf(at)) if (matches(at, selector)) return at;
  return null;
};
const every = [];
(function walk(node, deep) {
  for (const child of childrenOf(node)) {
    if (typeOf(child) !== Node.ELEMENT_NODE) continue;
    if (every.length >= MOST_ELEMENTS) return;
    every.push(child);
    if (deep < DEEPEST) walk(child, deep + 1);
  }
})(document, 0);
const known = new Set(every);
const all = (selector, inside) => every.filter(element => matches(element, selector) && (!inside || holds(inside, element)));
const holds = (outer, inner) => {
  for (let at = inner; at; at = parentOf(at)) if (at === outer) return true;
  return false;
};

// The browser would look through the whole document for the labels of each control.
const labels = new Map();
for (const label of every.filter(element => matches(element, "label") && element.control)) {
  labels.set(label.control, [...(labels.get(label.control) || []), label]);
}
const labelsOf = element => labels.get(element) || [];

// ---- What is seen.
const shown = element => isVisible(element, { opacityProperty: true, visibilityProperty: true });
// Cut down to nothing for the eye, as text for screen readers alone is, or moved off the page.
const clipped = element => {
  const box = boxOf(element);
  if (box.right + scrollX < 0 || box.bottom + scrollY < 0) return true;
  return box.width <= 1 && box.height <= 1 && getComputedStyle(element).overflow !== "visible";
};
const seen = new Map();
const visible = element => {
  if (!seen.has(element)) {
    const box = boxOf(element);
    seen.set(element, shown(element) && box.width > 1 && box.height > 1 && !clippedWithin(element));
  }
  return seen.get(element);
};
const within = new Map();
const clippedWithin = element => {
  if (!element) return false;
  if (!within.has(element)) within.set(element, clipped(element) || clippedWithin(parentOf(element)));
  return within.get(element);
};

const SILENT = "script, style, noscript, template, head, select, textarea, svg, iframe, object, canvas, video, audio";
const INLINE = /^(inline|contents)/;
const texts = new Map();
// Visible text of an element in reading order, pictures by what they are called; not yet folded.
const textOf = element => {
  if (!texts.has(element)) texts.set(element, readText(element));
  return texts.get(element);
};
// What of an element is not folded away: of closed details the summary alone.
const unfolded = element => {
  if (tagOf(element) !== "details" || element.open) return childrenOf(element);
  return [...elementsIn(element)].filter(child => tagOf(child) === "summary").slice(0, 1);
};
const readText = element => {
  if (matches(element, "img")) return visible(element) ? ` ${element.alt || ""} ` : "";
  // A value that can't be changed is read like text.
  if (matches(element, "input")) return element.readOnly && element.type !== "hidden" && visible(element) ? ` ${element.value} ` : "";
  if (matches(element, "svg")) return shown(element) ? ` ${firstIn(element, "title")?.textContent || ""} ` : "";
  if (matches(element, SILENT)) return "";
  const style = getComputedStyle(element);
  if (style.display === "none" || style.opacity === "0" || style.contentVisibility === "hidden" || clipped(element)) return "";
  let text = "";
  for (const child of unfolded(element)) {
    if (typeOf(child) === Node.TEXT_NODE) text += style.visibility === "visible" ? child.data.slice(0, MOST_TEXT) : "";
    else if (known.has(child)) text += matches(child, "br") ? " " : textOf(child);
    if (text.length > MOST_TEXT) break;
  }
  return INLINE.test(style.display) ? text : ` ${text} `;
};
const folded = new Map();
const said = element => {
  if (!folded.has(element)) folded.set(element, fold(textOf(element)));
  return folded.get(element);
};

// ---- Accessible names, in the order in which the accname specification looks for one.
const hiddenFromNames = element => closest(element, "[aria-hidden=true]") || !isVisible(element, { visibilityProperty: true });
const byIds = element => {
  const root = rootOf(element);
  const ids = (attribute(element, "aria-labelledby") || "").split(/\s+/).filter(Boolean);
  return fold(ids.map(id => {
    const target = root.getElementById?.(id);
    // What is pointed at counts even where it is hidden.
    return target ? fold(attribute(target, "aria-label")) || nameFromContent(target, true) || fold(target.textContent) : "";
  }).join(" "));
};
const nameFromContent = (element, overridden, labelled) => {
  let text = "";
  for (const child of childrenOf(element)) {
    if (typeOf(child) === Node.TEXT_NODE) { text += child.data.slice(0, MOST_TEXT); continue; }
    // A field within its label is not a part of its own name.
    if (!known.has(child) || child === labelled || matches(child, "script, style, noscript, template")) continue;
    if (!overridden && hiddenFromNames(child)) continue;
    const own = fold(attribute(child, "aria-label")) ||
      (matches(child, "img, area") ? fold(attribute(child, "alt")) || fold(child.title) : "") ||
      (matches(child, "svg") ? fold(firstIn(child, "title")?.textContent) : "") ||
      (matches(child, "input[type=text], input:not([type])") ? child.value : "");
    const inner = own || (matches(child, "svg, select, textarea, input") ? "" : nameFromContent(child, overridden, labelled));
    text += INLINE.test(getComputedStyle(child).display) ? inner : ` ${inner} `;
  }
  return fold(text);
};
const nameOf = element => {
  const button = matches(element, "input[type=submit], input[type=button], input[type=reset]");
  const field = !button && matches(element, "input:not([type=image]), select, textarea");
  const labels = labelsOf(element).map(label => nameFromContent(label, true, element)).join(" ");
  return byIds(element) || fold(attribute(element, "aria-label")) || (field || labelsOf(element).length ? fold(labels) : "") ||
    (button ? fold(element.value) || (element.type === "submit" ? "Submit" : element.type === "reset" ? "Reset" : "") : "") ||
    (matches(element, "input[type=image]") ? fold(element.alt) : "") ||
    (field ? "" : nameFromContent(element, false)) ||
    fold(attribute(element, "title")) || fold(attribute(element, "placeholder"));
};

// What stands right before a field that has no name of its own: tables and old forms label by position alone.
const wordsBefore = element => {
  let at = element;
  for (let steps = 0; steps < 3 && at; steps += 1, at = parentOf(at)) {
    let text = "";
    for (let before = at.previousSibling; before && !text; before = before.previousSibling) {
      if (typeOf(before) === Node.TEXT_NODE) text = fold(before.data);
      else if (typeOf(before) === Node.ELEMENT_NODE && !matches(before, "input, select, textarea, button")) text = said(before);
    }
    if (text) return cut(text, 80);
  }
  return "";
};
const labelOf = element => nameOf(element) || wordsBefore(element);

// ---- Where something stands.
const ITEM = "li, tr, article, section, fieldset, dialog, [role=listitem], [role=row], [role=dialog], [role=alertdialog]";
const HEADING = "h1, h2, h3, h4, h5, h6, legend, [role=heading]";
const headingCounts = new Map();
const headingsIn = element => {
  if (!headingCounts.has(element)) headingCounts.set(element, allIn(element, HEADING).length);
  return headingCounts.get(element);
};
const NAVIGATION = "nav, header, footer, [role=navigation], [role=banner], [role=contentinfo]";
const DIALOG = "dialog[open], [role=dialog], [role=alertdialog]";
const MESSAGE = "[role=alert], [role=status]";
const ids = new Map();
const idOf = element => {
  if (!ids.has(element)) ids.set(element, ids.size);
  return ids.get(element);
};
const inNavigation = element => {
  const found = closest(element, NAVIGATION);
  // What a message has in it is the message's, wherever that stands: in a list of notifications in the page's header, for example.
  const message = found && closest(element, MESSAGE);
  if (message && message !== found && holds(found, message)) return false;
  // A card's, dialog's or article's own header and footer are no page's.
  if (!found || !matches(found, "header, footer") || matches(found, "[role]")) return !!found;
  const around = parentOf(found) && closest(parentOf(found), `main, ${ITEM}`);
  return !around;
};
const dialogs = [];
const dialogOf = element => {
  const found = closest(element, DIALOG);
  if (!found) return null;
  if (!dialogs.some(dialog => dialog.element === found)) {
    dialogs.push({ element: found, modal: matches(found, "[aria-modal=true], [role=alertdialog]") || matches(found, ":modal") });
  }
  return dialogs.findIndex(dialog => dialog.element === found);
};

const CLICKABLE = "a[href], button, input[type=submit], input[type=button], input[type=image], [role=button], [role=link], " +
  "[role=menuitem], [role=switch], [role=tab], summary";
const clickable = element => matches(element, CLICKABLE) && !matches(element, "[role=radio], [role=checkbox], [role=combobox], [role=option], [aria-haspopup=listbox]");
// What lies over something prettier, unseen itself, and takes its clicks: a link stretched over a card, a drop-down restyled.
const overlays = element => {
  const box = boxOf(element);
  return box.width > 1 && box.height > 1 && Number(getComputedStyle(element).opacity) < 0.1 && !closest(element, "[aria-hidden=true]") &&
    isVisible(element, { visibilityProperty: true }) && !clippedWithin(element) && !!parentOf(element) && shown(parentOf(element));
};
const usable = element => !element.disabled && attribute(element, "aria-disabled") !== "true" && (visible(element) || overlays(element));
// Those that stand in none of the others.
const outermost = found => {
  const all = new Set(found);
  return found.filter(element => {
    for (let at = parentElementOf(element); at; at = parentElementOf(at)) if (all.has(at)) return false;
    return true;
  });
};
// A button in a link is one thing to click.
const clickables = outermost(every.filter(element => clickable(element) && usable(element))).slice(0, MOST);

// ---- What flowcheck.yaml says how to find: the first that can be seen of those that fit best.
const ROLES = [["a[href]", "link"], ["button, summary, input[type=submit], input[type=button], input[type=image]", "button"],
  ["input[type=checkbox]", "checkbox"], ["input[type=radio]", "radio"], ["select", "combobox"], ["input, textarea", "textbox"],
  ["h1, h2, h3, h4, h5, h6", "heading"], ["dialog", "dialog"], ["img", "img"]];
const roleOf = element => attribute(element, "role") || ROLES.find(([selector]) => matches(element, selector))?.[1];
const FILLABLE = "input:not([type=hidden]), select, textarea, [role=combobox], [contenteditable=true]";
const reachable = element => visible(element) || overlays(element) || (matches(element, "input, select") && labelsOf(element).some(visible));
const fitting = (found, say, wanted) => {
  const [low, all] = [fold(wanted).toLowerCase(), found.map(element => [element, say(element).toLowerCase()])];
  return (all.find(([, text]) => text === low) || all.find(([, text]) => text.includes(low)))?.[0];
};
const soughtIn = (found, { css, text, label, role, name }) => {
  if (css) return found.find(element => matches(element, css));
  if (label) return fitting(found.filter(element => matches(element, FILLABLE)), labelOf, label);
  if (role) return fitting(found.filter(element => roleOf(element) === role), nameOf, name);
  const low = fold(text).toLowerCase();
  const say = element => matches(element, "input[type=submit], input[type=button]") ? fold(element.value) : said(element);
  const saying = found.filter(element => say(element).toLowerCase().includes(low));
  return fitting(saying.filter(element => !saying.some(inner => inner !== element && holds(element, inner))), say, text);
};
const overridden = (arguments[0] || []).map(wanted => {
  try {
    const found = soughtIn(every.filter(reachable), wanted);
    const element = !found || wanted.is === "sign" ? found
      : wanted.is === "field" ? (matches(found, FILLABLE) ? found : found.control || every.find(one => matches(one, FILLABLE) && holds(found, one)) || found)
      : clickables.find(one => holds(one, found)) || clickables.find(one => holds(found, one)) || found;
    // Anything may listen for clicks.
    if (element && wanted.is === "control" && !clickables.includes(element)) clickables.push(element);
    return { wanted, element };
  } catch (error) {
    return { wanted, wrong: String(error.message || error) };
  }
});
const clickablesIn = new Map();
for (const element of clickables.filter(one => !matches(one, "[role=tab]"))) {
  for (let at = parentOf(element); at; at = parentOf(at)) clickablesIn.set(at, (clickablesIn.get(at) || 0) + 1);
}
// Of headings in a row, each with what belongs to it after it and nothing around both: what belongs to one of them.
const HEADS = "h1, h2, h3, h4, h5, h6, [role=heading], dt";
const rankOf = element => tagOf(element) === "dt" ? 7 : Number(attribute(element, "aria-level") || tagOf(element)[1]) || 2;
const segmentsIn = new Map();
const segmentOf = (from, parent) => {
  if (!segmentsIn.has(parent)) segmentsIn.set(parent, readSegments(parent));
  const segments = segmentsIn.get(parent);
  if (!segments) return null;
  const { used, starts, children } = segments;
  const start = starts.filter(start => start <= children.indexOf(from)).at(-1);
  if (used.length < 2 || start === undefined) return null;
  return { heading: children[start], text: fold(segments.below(start).map(said).join(" ")) };
};
const readSegments = parent => {
  const children = [...elementsIn(parent)].slice(0, MOST);
  const heads = children.filter(child => matches(child, HEADS));
  if (heads.length < 2) return null;
  const rank = Math.min(...heads.map(rankOf).filter((rank, at, all) => all.indexOf(rank) !== at));
  // Below another heading than the page's own they are parts of one thing.
  if (rank === Infinity || heads.some(head => rankOf(head) > 1 && rankOf(head) < rank)) return null;
  const starts = heads.filter(head => rankOf(head) === rank).map(head => children.indexOf(head));
  const below = start => children.slice(start, Math.min(children.length, ...starts.filter(next => next > start)));
  const used = starts.filter(start => below(start).some(child => clickables.includes(child) || clickablesIn.get(child)));
  return { children, starts, used, below };
};
// The surroundings of a control, from the nearest on: what each says, and whether it is one thing among others (a row, a card).
const around = element => {
  const levels = [];
  const own = said(element);
  let last = "";
  for (let from = element, at = parentOf(element); at && at !== root; from = at, at = parentOf(at)) {
    const segment = segmentOf(from, at);
    if (segment && segment.text !== last && levels.length < 10) {
      // It is a part of what stands below the heading.
      if (levels.length) levels.at(-1).item = false;
      levels.push({ id: idOf(segment.heading), item: true, text: cut(segment.text, 600) });
      last = segment.text;
    }
    if (at === body) break;
    const text = said(at);
    // What holds the control and nothing else is no thing among others.
    const item = text !== own && (matches(at, ITEM) || repeated(at));
    if (text === last && levels.length) { levels.at(-1).item ||= item; continue; }
    if (text.length > 3000 || levels.length >= 10) break;
    levels.push({ id: idOf(at), item, text: cut(text, 600) });
    last = text;
  }
  return levels;
};
// One of several of its kind side by side, each with something to click.
const kindsIn = new Map();
const repeated = element => {
  const parent = parentOf(element);
  if (!parent || !clickablesIn.get(element)) return false;
  if (!kindsIn.has(parent)) kindsIn.set(parent, new Map());
  const kinds = kindsIn.get(parent);
  const kind = `${tagOf(element)} ${classOf(element)}`;
  if (!kinds.has(kind)) kinds.set(kind, isRepeated(element, parent));
  return kinds.get(kind);
};
const isRepeated = (element, parent) => {
  const same = [...elementsIn(parent)].filter(other => tagOf(other) === tagOf(element) && classOf(other) === classOf(element) && clickablesIn.get(other));
  return same.length > 1 && (classOf(element) !== "" || same.every(other => firstIn(other, HEADING) || firstIn(other, "img[alt]")));
};
// The card, row or section a control stands in: the first surroundings that a person would read as one thing.
const nearOf = element => {
  for (let at = parentOf(element); at && at !== body; at = parentOf(at)) {
    if (said(at) !== said(element) && (matches(at, ITEM) || repeated(at) || headingsIn(at) > 0)) return cut(said(at), 400);
  }
  return "";
};
// Controls that stand side by side in cells of their own have the same group.
const cellOf = element => {
  let at = element;
  while (parentOf(at) && parentOf(at) !== root && clickablesIn.get(parentOf(at)) === 1) at = parentOf(at);
  return at;
};

// ---- Forms. Fields that stand in none are taken with the nearest button after them.
const forms = [];
const formOf = element => {
  let form = element.form || closest(element, "form");
  if (!form) {
    for (let at = parentOf(element); at && at !== root; at = parentOf(at)) {
      if (clickables.some(control => matches(control, "button, [role=button], input") && holds(at, control) && !control.form &&
        positionOf(element, control) & Node.DOCUMENT_POSITION_FOLLOWING && !beside(element, control))) {
        form = at;
        break;
      }
    }
  }
  if (!form) return null;
  if (!forms.includes(form)) forms.push(form);
  return forms.indexOf(form);
};
// A button that belongs to the field itself: shows a password, opens a list, empties the box.
const beside = (field, control) => control.tabIndex < 0 || matches(control, "[role=switch], [aria-haspopup]") ||
  parentOf(control) === parentOf(field) && !said(control) || (parentOf(parentOf(control)) === parentOf(field) && !said(control));

// What the element alone says of a field; what its words say is told from the hint, outside of this script.
const kindOf = element => {
  if (matches(element, "select")) return "select";
  const type = (attribute(element, "type") || "text").toLowerCase();
  return type === "checkbox" || type === "radio" ? type : "text";
};
const hintOf = (element, kind) => kind !== "text" ? null : {
  kind: attribute(element, "type") || "text", complete: attribute(element, "autocomplete") || "", id: element.id,
};
// What a field's element itself says of what it takes, and what the browser has against what it holds.
// One that nobody writes by hand is taken as none.
const short = (element, name) => {
  const text = attribute(element, name) || "";
  return text.length > 1000 ? "" : text;
};
const constraintsOf = element => ({
  type: matches(element, "input") ? element.type : tagOf(element),
  complete: short(element, "autocomplete"), mode: short(element, "inputmode"),
  pattern: short(element, "pattern"), placeholder: fold(short(element, "placeholder")),
  min: short(element, "min"), max: short(element, "max"), step: short(element, "step"),
  most: element.maxLength > 0 ? element.maxLength : null, least: element.minLength > 0 ? element.minLength : null,
  choice: matches(element, "select") ? [...element.options].filter(option => !option.disabled && !option.hidden && option.value !== "").map(option => fold(option.label))[0] || null : null,
  required: !!element.required || attribute(element, "aria-required") === "true",
  refused: element.willValidate && !element.validity.valid ? element.validationMessage : "",
});

const fields = [];
const radios = new Map();
const push = (element, field) => {
  if (fields.length >= MOST) return { options: [] };
  fields.push({
    element, empty: !element.value, name: cut(String(element.name || ""), 1000), constraints: constraintsOf(element), options: [], in_navigation: inNavigation(element), dialog: dialogOf(element),
    required: element.required || attribute(element, "aria-required") === "true", ...field, form: formOf(element),
    around: matches(element, "select") ? around(element) : [],
  });
  return fields.at(-1);
};
const intoGroup = (element, key, label, group) => {
  // A group is one field; its options are the labels of its buttons.
  if (radios.has(key)) { const { options } = radios.get(key); if (options.length < MOST) options.push(label); return; }
  radios.set(key, push(element, { kind: "radio", empty: true, label: cut(group, 200), options: [label] }));
};
const groupLabel = element => {
  const group = closest(element, "[role=radiogroup], fieldset");
  return (group && (nameOf(matches(group, "fieldset") && !group.ariaLabel ? firstIn(group, "legend") || group : group))) || "";
};
const headingBefore = element => {
  const before = every.filter(one => matches(one, HEADING) && visible(one) && positionOf(one, element) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.length ? said(before.at(-1)) : "";
};
// Radio buttons and boxes are often replaced by something prettier beside them.
const stoodInFor = element => isVisible(element, { visibilityProperty: true }) &&
  (labelsOf(element).some(visible) || overlays(element));
const COMBOBOX = "[role=combobox], button[aria-haspopup=listbox], input[aria-haspopup=listbox], [role=button][aria-haspopup=listbox]";
// A combobox whose own box is made unseen, inside of something that shows its value.
const restyled = element => {
  const box = boxOf(element);
  const around = [parentOf(element), parentOf(parentOf(element) || element), parentOf(parentOf(parentOf(element) || element) || element)];
  return !element.disabled && box.width > 1 && box.height > 1 && isVisible(element, { visibilityProperty: true }) &&
    !clippedWithin(element) && around.some(outer => outer && !matches(outer, "body, html, main, form") && visible(outer));
};
// A combobox that is a button shows its value inside, which is no name of it.
const comboboxLabel = element => {
  const own = fold(labelsOf(element).map(label => nameFromContent(label, true)).join(" "));
  const said = matches(element, "input") ? nameOf(element) : byIds(element) || fold(attribute(element, "aria-label")) || own;
  return said || wordsBefore(element) || nameOf(element);
};
// One code is often asked for in several boxes of one character each, side by side: that is one field.
const boxes = new Map();
const ONE = "input:not([type]), input[type=text], input[type=tel], input[type=number], input[type=password]";
const isBox = element => matches(element, ONE) && !element.disabled && !element.readOnly && visible(element) &&
  (element.maxLength === 1 || attribute(element, "size") === "1" || /^numeric$/.test(element.inputMode) && boxOf(element).width < 72);
let row = [];
for (const element of every.filter(one => matches(one, "input:not([type=hidden]), select, textarea")).concat(null)) {
  const goesOn = element && isBox(element) && (!row.length || element.form === row[0].form &&
    Math.abs(boxOf(element).top - row[0].getBoundingClientRect().top) < 8);
  if (goesOn) { row.push(element); continue; }
  if (row.length >= 4 && row.length <= 8) row.forEach((box, at) => boxes.set(box, at ? null : row));
  row = element && isBox(element) ? [element] : [];
}
// A box to tick that is no input: its state is in its attribute.
const standIn = element => {
  if (!usable(element) || matches(element, "input")) return false;
  return matches(element, "[role=checkbox]") ||
    matches(element, "[role=switch]") && !!firstWithin(closest(element, "form"), "input[type=password], input[type=email]");
};
for (const element of every) {
  const combobox = matches(element, COMBOBOX);
  if (boxes.has(element)) {
    const row = boxes.get(element);
    if (!row) continue;
    const label = groupLabel(element) || headingBefore(element) || labelOf(element);
    push(element, { kind: "text", label: cut(label, 200), hint: { kind: "boxes", complete: "one-time-code", id: element.id }, boxes: row });
  } else if (standIn(element)) {
    push(element, { kind: "checkbox", label: cut(labelOf(element), 200), empty: attribute(element, "aria-checked") !== "true" });
  } else if (combobox && !matches(element, "select")) {
    if (!(usable(element) || restyled(element)) || firstIn(element, "[role=combobox]") || attribute(element, "aria-hidden") === "true") continue;
    // The button that opens a box's list is a part of the box.
    if (matches(element, "button") && firstIn(parentOf(element), "input[role=combobox]")) continue;
    const listed = (attribute(element, "aria-controls") || attribute(element, "aria-owns") || "").split(/\s+/);
    const list = listed.map(id => rootOf(element).getElementById?.(id)).find(Boolean);
    const options = list ? all("[role=option]", list).filter(visible).map(nameOf) : [];
    push(element, { kind: "combobox", label: cut(comboboxLabel(element), 200), options, empty: matches(element, "input") && !element.value });
  } else if (matches(element, "[role=radio]")) {
    if (!usable(element)) continue;
    const group = closest(element, "[role=radiogroup]");
    intoGroup(element, group ? idOf(group) : "alone", nameOf(element), groupLabel(element));
  } else if (matches(element, "input, select, textarea")) {
    const type = (element.type || "").toLowerCase();
    if (["hidden", "submit", "button", "reset", "image", "file", "search"].includes(type)) continue;
    const choice = type === "radio" || type === "checkbox";
    if (element.disabled || element.readOnly) continue;
    if (attribute(element, "role") === "switch" && !firstWithin(element.form, "input[type=password], input[type=email]")) continue;
    if (closest(element, "[aria-hidden=true]") && !visible(element)) continue;
    if (!visible(element) && !(choice && stoodInFor(element)) && !(matches(element, "select") && overlays(element))) continue;
    if (closest(element, "[role=search], form[role=search]")) continue;
    const label = cut(labelOf(element), 200);
    const kind = kindOf(element);
    if (kind === "radio") {
      const form = element.form ? idOf(element.form) : "";
      intoGroup(element, `${form} ${element.name}`, label, groupLabel(element) || element.name);
      continue;
    }
    push(element, {
      kind, label, hint: hintOf(element, kind), ...(choice ? { empty: !element.checked } : {}),
      placeholder: cut(fold(attribute(element, "placeholder")), 100),
      options: matches(element, "select") ? [...element.options].filter(option => !option.disabled && !option.hidden).slice(0, MOST).map(option => fold(option.label)) : [],
    });
  }
}

for (const { wanted, element } of overridden) {
  if (element && wanted.is === "field" && !fields.some(field => field.element === element)) push(element, { kind: "text", label: cut(labelOf(element), 200) });
}

// ---- Controls.
// One of several buttons side by side of which one is pressed: it shows a part of what is below, and switches nothing on.
const isFilter = element => matches(element, "[aria-pressed]") && !!parentOf(element) &&
  [...elementsIn(parentOf(element))].filter(other => matches(other, "[aria-pressed]")).length > 1;
const submits = forms.map(() => null);
const controls = clickables.map((element, index) => {
  const form = forms.findIndex(one => one === element.form || (matches(one, "form") ? holds(one, element) : !element.form && holds(one, element)));
  const sends = matches(element, "form *, [form]") ? ["submit", "image"].includes(element.type) : false;
  if (form >= 0 && sends && submits[form] === null && !matches(element, "[role=switch]")) submits[form] = index;
  const cell = cellOf(element);
  const state = attribute(element, "aria-checked") ?? attribute(element, "aria-pressed");
  return {
    element,
    role: matches(element, "a, [role=link]") ? "link" : "button",
    name: cut(nameOf(element), 200),
    href: matches(element, "a[href]") && element.href.length <= LONGEST_ADDRESS ? element.href : null,
    near: nearOf(element),
    in_navigation: inNavigation(element) || matches(element, "[role=tab]"),
    opens: matches(element, "[role=tab]") || isFilter(element) ? "tab" : matches(element, "[aria-haspopup=menu], [aria-haspopup=true], summary") ? "menu" : null,
    around: around(element),
    cell: cut(said(cell), 200),
    group: parentOf(cell) ? idOf(parentOf(cell)) : null,
    form: form < 0 ? null : form,
    dialog: dialogOf(element),
    on: matches(element, "[role=switch], [aria-pressed]") && !isFilter(element) && state !== null ? state === "true" : null,
  };
});

// ---- Text. Class names are in English whatever language the page is in.
const LIVE = "[role=alert], [role=alertdialog], [role=status], dialog[open], [role=dialog], [aria-live=polite], [aria-live=assertive]";
const LIKE_LIVE = /(^|[-_\s])(alert|toast|snackbar|notification|notice|flash|message|error|banner)s?([-_\s]|$)/i;
const messages = every.filter(element => matches(element, LIVE) ||
  (LIKE_LIVE.test(attribute(element, "class") || "") && !matches(element, "body, main, form, input, button, label") && !closest(element, "form")))
  .filter(visible).map(element => cut(said(element), 1000)).filter(text => text && text.length < 600);
// What stands below a heading: the largest surroundings that have no other.
const sectionOf = heading => {
  let section = null;
  for (let at = parentOf(heading); at && !matches(at, "main, body, html") && headingsIn(at) <= 1; at = parentOf(at)) section = at;
  return section ? cut(said(section), 300) : "";
};
// What a form has against a field stands beside it: the field points there, or its class says what it is.
const objections = every.filter(element => matches(element, "[aria-invalid=true]")).flatMap(element =>
  `${attribute(element, "aria-errormessage") || ""} ${attribute(element, "aria-describedby") || ""}`.split(/\s+/).filter(Boolean)
    .map(id => rootOf(element).getElementById?.(id)).filter(Boolean));
const IN_FORM = /(^|[-_\s])(error|errors|invalid|invalid-feedback|danger)([-_\s]|$)/i;
objections.push(...every.filter(element => closest(element, "form") && IN_FORM.test(attribute(element, "class") || "") &&
  matches(element, "p, span, small, strong, em, li, ul, div") && !firstIn(element, "input, select, textarea, button")));
messages.push(...objections.filter(visible).map(element => cut(said(element), 300)).filter(Boolean));
const headings = every.filter(element => matches(element, "h1, h2, h3, h4, [role=heading]")).filter(visible).slice(0, MOST)
  .map(element => ({ text: cut(said(element), 300), level: Number(attribute(element, "aria-level") || tagOf(element)[1]) || 2, in_navigation: inNavigation(element), dialog: dialogOf(element), section: sectionOf(element) }))
  .filter(heading => heading.text).slice(0, MOST);
for (const element of every.filter(one => matches(one, DIALOG) && visible(one))) dialogOf(element);
// What the page itself says, but for lists, tables, quotations, forms and what frames it on every page.
const prose = outermost(every.filter(element => matches(element, "p, div, span, pre, h1, h2, h3, h4, strong, b, em, td, center, main, body, section, article"))
  .filter(element => ![...elementsIn(element)].some(child => !INLINE.test(getComputedStyle(child).display)) && visible(element))
  .filter(element => !closest(element, `li, table, blockquote, form, label, button, a, select, ${NAVIGATION}`) || closest(element, "center")))
  .map(element => said(element)).filter(Boolean).map(text => (/[.!?。！？:]$/.test(text) ? text : `${text}.`)).join(" ");

// Other documents in frames: each is read by a script of its own. The small ones are for measuring and paying, not for reading.
const frames = every.filter(element => matches(element, "iframe, frame")).filter(frame => {
  const box = boxOf(frame);
  return visible(frame) && box.width >= 100 && box.height >= 100;
});

// A page that says when it goes on, and one that shows that it is loading.
const refresh = firstInDocument(document, "meta[http-equiv=refresh i]")?.content.trim().match(/^\d+/);
const LOADS = "[aria-busy=true], [role=progressbar], progress:not([value])";
const brief = body && said(body).length < 400;
const busy = every.some(element => visible(element) && (matches(element, LOADS) || brief && !elementsIn(element).length &&
  !matches(element, "a, button, option, label, input") && /(…|\.\.\.)$/.test(said(element))));
// ---- A picture that is wide enough to be read.
const canHoldText = element => { const { width, height } = boxOf(element); return width >= 200 && height >= 40; };
// ---- A check that somebody is human: known by what such widgets leave in a page, or a small frame of another site within a form.
const WIDGETS = [["reCAPTCHA", ".g-recaptcha, .grecaptcha-badge, [name=g-recaptcha-response], iframe[src*='/recaptcha/']"],
  ["hCaptcha", ".h-captcha, [name=h-captcha-response], iframe[src*='hcaptcha.com']"],
  ["Turnstile", ".cf-turnstile, [name=cf-turnstile-response], iframe[src*='challenges.cloudflare.com']"],
  ["Friendly Captcha", ".frc-captcha, [name=frc-captcha-solution], [name=frc-captcha-response]"], ["ALTCHA", "altcha-widget"],
  ["mCaptcha", ".mtcaptcha, #mcaptcha__token, iframe[src*='mcaptcha']"], ["Arkose Labs", "iframe[src*='arkoselabs.com'], [name=fc-token]"],
  ["a captcha", "[data-sitekey], img[src*=captcha i], iframe[src*=captcha i], input[name*=captcha i]:not([type=hidden])"]];
const isForeign = frame => { try { return new URL(frame.src, location.href).host !== location.host; } catch { return false; } };
const isChecksSize = ({ width, height }) => width >= 120 && width <= 420 && height >= 40 && height <= 160;
const botCheck = () => {
  const known = WIDGETS.find(([, selector]) => every.some(element => matches(element, selector)));
  if (known) return known[0];
  const frame = every.find(element => matches(element, "iframe") && visible(element) && /^https?:/.test(element.src) && isForeign(element) &&
    isChecksSize(boxOf(element)) && closest(element, "form"));
  return frame ? `a frame of ${new URL(frame.src).host}` : null;
};
// ---- Whether it shows that it is at work: a form that was sent and waits for its answer is none that asks again.
const WORKING = "[aria-busy=true], [role=progressbar]:not([aria-valuenow]), progress:not([value])";
const LIKE_WORKING = /(^|[-_\s])(spinner|spinning|loading|loader)s?([-_\s]|$)/i;
const isShut = element => matches(element, "button:disabled, input[type=submit]:disabled, button[aria-disabled=true]") &&
  !!firstWithin(closest(element, "form"), "input[type=password], input[type=email], input[autocomplete=one-time-code]");
const working = every.some(element => (matches(element, WORKING) || LIKE_WORKING.test(attribute(element, "class") || "") || isShut(element)) && visible(element));

const navigation = performance.getEntriesByType("navigation")[0];
return {
  url: location.href,
  title: cut(titleOf(document), 1000),
  origin: Math.round(performance.timeOrigin * 1000),
  answered: Math.round((performance.timeOrigin + (navigation?.responseStart || 0)) * 1000),
  status: navigation?.responseStatus || null,
  media_type: contentTypeOf(document) || null,
  klaviyo_page: firstInDocument(document, "meta[name=klaviyo-page]")?.content || null,
  headings: headings.map(heading => heading.text),
  outline: headings,
  text: cut(body ? said(body) : "", 20000),
  prose: cut(prose, 5000),
  alerts: [...new Set(messages)].slice(0, MOST),
  refresh: refresh ? Number(refresh[0]) : null,
  scripts: [...document.scripts].filter(script => !script.type || /javascript|module/.test(script.type)).length + every.filter(element => matches(element, "iframe, frame, embed, object")).length,
  busy,
  language: root.lang || null,
  pictures: every.filter(element => matches(element, "img") && visible(element) && !nameOf(element) && !inNavigation(element) && canHoldText(element))
    .slice(0, 5).map(element => (element.currentSrc || element.src).split(/[?#]/)[0].slice(0, 200)),
  controls,
  fields,
  submits,
  dialogs: dialogs.map(dialog => ({ modal: dialog.modal && visible(dialog.element), text: cut(said(dialog.element), 1000) })),
  frames,
  bot_check: fields.length ? botCheck() : null,
  working,
  overridden: overridden.map(({ wanted, element, wrong }) => ({
    part: wanted.part,
    control: element && wanted.is === "control" ? clickables.indexOf(element) : null,
    field: element && wanted.is === "field" ? fields.findIndex(field => field.element === element) : null,
    text: element ? cut(said(element), 1000) : null,
    wrong: wrong || null,
  })),
};
