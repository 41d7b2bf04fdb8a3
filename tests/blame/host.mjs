// A platform that the app lives in: it signs users in, and sends them on to the app. FAULT names a fault of its own.
import http from 'node:http';

const { HOST_PORT, APP_URL, HOST_FAULT = '' } = process.env;
const page = (body) => `<!doctype html><html lang="en"><title>Quay</title><h1>Quay</h1>${body}</html>`;
const form = (next) => page(`<form method="post" action="/login"><input type="hidden" name="next" value="${next}">
<label>E-mail <input type="email" name="email" required></label><label>Password <input type="password" name="password" required></label>
<button>Log in</button></form>`);

const server = http.createServer(async (req, res) => {
  const url = new URL(req.url, `http://${req.headers.host}`);
  const [how, at] = HOST_FAULT.split(' at ');
  if (at === url.pathname.slice(1) && req.method === 'GET') {
    if (how === 'exits') { console.error('Quay: out of order'); process.exit(5); }
    if (how === 'hangs') return;
    if (how === 'answers 500') { res.writeHead(500, { 'content-type': 'text/html' }); return res.end(page('<p>Out of order</p>')); }
  }
  const user = /user=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  const go = (to, headers = {}) => { res.writeHead(303, { location: to, ...headers }); res.end(); };
  const html = (body) => { res.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' }); res.end(body); };
  const next = url.searchParams.get('next') ?? '/';
  if (url.pathname === '/healthz') return res.end('ok');
  if (req.method === 'POST') {
    let raw = '';
    for await (const chunk of req) raw += chunk;
    const sent = new URLSearchParams(raw);
    return go(sent.get('next'), { 'set-cookie': `user=${encodeURIComponent(sent.get('email'))}; Path=/; HttpOnly` });
  }
  if (url.pathname === '/login' || !user) return html(form(url.pathname === '/launch' ? url.pathname + url.search : '/'));
  if (url.pathname === '/launch') return go(`${APP_URL}/enter?email=${user}&next=${encodeURIComponent(next)}`);
  html(page(`<p>Signed in as ${decodeURIComponent(user)}</p><p><a href="${APP_URL}/settings">Pebble Loyalty</a></p><p><a href="/logout">Log out</a></p>`));
});
if (HOST_FAULT === 'exits at start') { console.error('Quay: out of order'); process.exit(5); }
server.listen(Number(HOST_PORT));
