// The kit's app with one fault, which the variable FAULT names in JSON: what happens, at which moment, and whether once or each time.
// It reaches the other processes of the run as their relative: it looks for them in /proc.
import { appendFileSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { App } from '../../fixtures/apps/kit.mjs';

const fault = JSON.parse(process.env.FAULT ?? '{}');
const fired = process.env.FAULT_FILE; // survives this process, as one that happens once must not happen to the next
const app = new App();

/** The moment of each request; others are none. */
const MOMENTS = {
  'GET /login': 'login',
  'POST /login': 'submit',
  'GET /klaviyo/install': 'consent',
  'GET /klaviyo/callback': 'callback',
  'GET /settings': 'settings',
};
/** How long after the app has sent the user to Klaviyo the consent page is in front of them. */
const AT_CONSENT = 700;

// ---- Other processes
function processes() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1];
      return [{ pid: Number(pid), parent: Number(parent), words, line: words.join(' ') }];
    } catch { return []; }
  });
}
function named(target) {
  const all = processes();
  const by = (pid) => all.find((one) => one.pid === pid);
  let root = by(process.pid);
  while (root && !(basename(root.words[0]) === 'flowcheck' && root.words[1] === 'run')) root = by(root.parent);
  if (!root) return [];
  const family = new Set([root.pid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const one of all) if (family.has(one.parent)) family.add(one.pid);
  }
  const is = {
    flowcheck: (one) => one.pid === root.pid,
    watchdog: (one) => one.words.includes('watchdog'),
    driver: (one) => basename(one.words[0]) === 'chromedriver',
    browser: (one) => one.line.includes('--remote-debugging-port') && !one.line.includes('--type='),
    network: (one) => one.line.includes('network.mojom.NetworkService'),
    renderer: (one) => one.line.includes('--type=renderer'),
    gpu: (one) => one.line.includes('--type=gpu-process'),
  }[target];
  return all.filter((one) => family.has(one.pid) && is(one)).map((one) => one.pid);
}
function signal(signal, pids) {
  for (const pid of pids) try { process.kill(pid, signal); } catch { /* it has ended meanwhile */ }
}

// ---- What happens
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const page = (c, body) => c.html(app.layout(c, 'Pebble', body));
const DIALOG = (close) => `<div role="dialog" aria-modal="true" aria-label="News" style="position:fixed;inset:0;background:#fff">
<h2>What is new</h2><p>Points can be given for reviews now.</p>${close}</div>`;
const CLOSE = `<button type="button" onclick="this.closest('[role=dialog]').remove()">Close</button>`;
/** A veil that is no dialog to assistive technology either. */
const VEIL = '<div style="position:fixed;inset:0;background:rgba(0,0,0,.4)"></div>';
const FILLS_MEMORY = '<script>const all = []; for (;;) all.push(new Array(1e5).fill({}));</script>';

/** Whether the answer is given by the fault. */
const ACTIONS = {
  async exits() { console.error('TypeError: Cannot read properties of undefined'); process.exit(3); },
  async killed() { process.kill(process.pid, 'SIGKILL'); await pause(5_000); },
  async hangs() { return true; },
  async slow(c) { await pause(fault.ms); },
  async drips(c) { c.res.writeHead(200, { 'content-type': 'text/html' }); c.res.write('<!doctype html><title>Pebble</title>'); return true; },
  async 'redirects to itself'(c) { c.go(c.req.url); return true; },
  async 'loads itself again'(c) { page(c, '<h1>One moment</h1><script>location.reload()</script>'); return true; },
  async 'breaks the connection off'(c) { c.res.socket.destroy(); return true; },
  async answers(c) { c.html('<!doctype html><title>Error</title><h1>Something went wrong</h1>', fault.status); return true; },
  async 'refuses the login'(c) { c.html(app.layout(c, 'Log in', app.loginBody(c, 'E-mail or password is wrong.')), 401); return true; },
  async 'calls without end'() {
    const call = async () => { for (;;) { try { await app.token({ grant_type: 'refresh_token', refresh_token: 'old' }); } catch { /* again */ } } };
    for (let side = 0; side < 8; side++) call();
  },
  async 'out of memory'() { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); },
  async 'out of descriptors'() { for (;;) openSync('/dev/null', 'r'); },
  async 'no disk'() { writeFileSync('/dev/full', 'session'); },
  async 'stops itself'() { setImmediate(() => process.kill(process.pid, 'SIGSTOP')); await pause(500); },
  async 'blocks the tab'(c) { page(c, `<h1>Pebble</h1><script>addEventListener("load", () => { const until = Date.now() + ${fault.ms ?? 1e9}; while (Date.now() < until); ${fault.ms ? 'location.replace(location.href + (location.search ? "&" : "?") + "after=1")' : ''} })</script>`); return true; },
  async 'crashes the tab'(c) { page(c, `<h1>Pebble</h1>${FILLS_MEMORY}`); return true; },
  async 'covers the page'(c) { c.cover = DIALOG(fault.close ? CLOSE : ''); },
  async 'veils the page'(c) { c.cover = VEIL; },
  async signal(c) {
    const pids = named(fault.to);
    appendFileSync(fired, `${fault.signal} ${fault.to} ${pids.join(' ')}\n`);
    signal(`SIG${fault.signal}`, pids);
    if (fault.signal === 'STOP' && fault.ms) setTimeout(() => signal('SIGCONT', pids), fault.ms);
    await pause(300);
  },
};

async function happens(c) {
  if (!fault.do || (fault.once && existsSync(fired)) || (fault.ms && c?.query.has('after'))) return false;
  appendFileSync(fired, `${fault.do} at ${fault.at}\n`);
  return (await ACTIONS[fault.do](c)) ?? false;
}

const layout = app.layout.bind(app);
app.layout = (c, title, body, extra = {}) => layout(c, title, body, { ...extra, foot: (extra.foot ?? '') + (c.cover ?? '') });
app.before((c) => {
  const moment = MOMENTS[`${c.req.method} ${c.url.pathname}`];
  // The settings are looked at once the connection stands, or there would be nothing to show.
  if (moment !== fault.at || moment === 'settings' && !app.connections.size) return false;
  if (moment === 'consent') { setTimeout(() => happens(c), AT_CONSENT); return false; }
  return happens(c);
});
if (process.env.HOST_URL) {
  // Who is signed in on the host is signed in here.
  app.before((c) => {
    if (c.user || !['/', '/settings', '/klaviyo/install'].includes(c.url.pathname)) return false;
    c.go(`${process.env.HOST_URL}/launch?next=${encodeURIComponent(c.req.url)}`);
    return true;
  });
  app.on('GET /enter', (c) => { c.signIn(app.users.get(c.query.get('email'))); c.go(c.query.get('next')); });
}
if (fault.at === 'end') process.once('SIGTERM', () => happens());
if (fault.at === 'start') await happens();
app.start();
