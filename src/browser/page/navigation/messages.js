// Runs before a page's own scripts, leaves nothing in reach of them, and tells of messages as they appear: some vanish before the page is read.
tell => {
  const LIVE = "[role=alert], [role=alertdialog], [role=status], dialog[open], [aria-live=polite], [aria-live=assertive]";
  const LIKE_LIVE = /(^|[-_\s])(alert|toast|snackbar|notification|notice|flash|message|error)s?([-_\s]|$)/i;
  const MOST = 600;
  const began = Math.round(performance.timeOrigin * 1000);
  const told = new WeakMap();
  const isMessage = element => element.matches(LIVE) ||
    (LIKE_LIVE.test(element.getAttribute("class") || "") && !element.matches("html, body, main, form, input, button, label"));
  // For screen readers alone: cut down to nothing, or far off the page.
  const unseen = element => {
    for (let at = element; at; at = at.parentElement || at.getRootNode()?.host) {
      const box = at.getBoundingClientRect();
      if (box.width <= 1 && box.height <= 1 && getComputedStyle(at).overflow !== "visible" || box.right + scrollX < -1000 || box.bottom + scrollY < -1000) return true;
    }
    return false;
  };
  const look = element => {
    if (!isMessage(element) || !element.checkVisibility({ visibilityProperty: true }) || unseen(element)) return;
    const text = (element.innerText || "").replace(/\s+/g, " ").trim();
    if (!text || text.length > MOST || told.get(element) === text) return;
    told.set(element, text);
    tell(`${began} ${text}`);
  };
  const lookUp = node => {
    for (let at = node; at; at = at.parentElement || at.getRootNode()?.host) if (at.nodeType === Node.ELEMENT_NODE) look(at);
  };
  const lookIn = element => {
    look(element);
    element.querySelectorAll("*").forEach(inside => { look(inside); follow(inside.shadowRoot); });
    follow(element.shadowRoot);
  };
  const followed = new WeakSet();
  const observer = new MutationObserver(records => {
    for (const record of records) {
      lookUp(record.target);
      record.addedNodes.forEach(node => { if (node.nodeType === Node.ELEMENT_NODE) lookIn(node); });
    }
  });
  const follow = root => {
    if (!root || followed.has(root)) return;
    followed.add(root);
    observer.observe(root, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["class", "hidden", "open", "style"] });
    if (root !== document) root.querySelectorAll("*").forEach(element => { look(element); follow(element.shadowRoot); });
  };
  follow(document);
  // No driver's browser blocks windows, and every user's does.
  const activation = navigator.userActivation;
  if (activation && window === top) window.open = new Proxy(window.open, { apply: (open, self, given) => {
    if (activation.isActive || ["_self", "_top", "_parent", window.name || "_self"].includes(String(given[1] ?? ""))) return Reflect.apply(open, self, given);
    tell(`blocked ${new URL(given[0] || "about:blank", document.baseURI).href}`);
    return null;
  } });
  document.addEventListener("securitypolicyviolation", event => tell(`!${began} ${event.effectiveDirective} ${event.blockedURI}`), true);
}
