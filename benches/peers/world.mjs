// A world for one flow, as flowcheck gives each scenario one: a fake Klaviyo and an instance of the fixture app, both fresh.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { FLOWCHECK, PARTNER, APP_FILE } = process.env;

export async function openWorld() {
  const port = await freePort();
  const data = await mkdtemp(join(tmpdir(), 'peer-'));
  const serve = spawn(FLOWCHECK, ['serve', '--listen', '127.0.0.1:0', '--config', APP_FILE, '--app-port', String(port)],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PARTNER } });
  const klaviyo = await told(serve);
  const app = spawn(PARTNER, ['--port', String(port), '--data', data, '--demo-data', '--multi-tenant', 'drop-down',
    '--klaviyo-www', klaviyo.www, '--klaviyo-api', klaviyo.api],
    { stdio: 'ignore', env: { ...process.env, KLAVIYO_CLIENT_ID: klaviyo.id, KLAVIYO_CLIENT_SECRET: klaviyo.secret } });
  const world = { app: `http://localhost:${port}`, klaviyo };
  await ready(`${world.app}/healthz`);
  return {
    ...world,
    /** Moves Klaviyo's clock. */
    advance: seconds => fetch(`${klaviyo.control}clock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${klaviyo.controlSecret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ advance_s: seconds }),
    }).then(answer => { if (!answer.ok) throw new Error(`the clock answered ${answer.status}`); }),
    /** Cookies of a browser that is signed in to Klaviyo, as a stored login state would hold them. */
    klaviyoCookies: () => signIn(klaviyo),
    async close() {
      serve.kill('SIGKILL');
      app.kill('SIGKILL');
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function told(serve) {
  const said = {};
  for await (const line of createInterface({ input: serve.stdout })) {
    const variable = line.match(/^export (\w+)=(.*)$/);
    const word = line.match(/^(listing|integrations|control|sign in as)\s+(.*)$/);
    if (variable) said[variable[1]] = variable[2];
    if (word) said[word[1]] = word[2];
    if (line.startsWith('Ctrl-C')) break;
  }
  const [control, controlSecret] = said.control.split(' with Authorization: Bearer ');
  const [user, password] = said['sign in as'].split(', password ');
  return {
    www: said.KLAVIYO_WWW_URL, api: said.KLAVIYO_API_URL, id: said.KLAVIYO_CLIENT_ID, secret: said.KLAVIYO_CLIENT_SECRET,
    listing: said.listing, integrations: said.integrations, control, controlSecret, user, password,
  };
}

async function signIn(klaviyo) {
  // `*.localhost` need not be known to this machine's resolver: the port is enough, and a Host header.
  const { port, host } = new URL(klaviyo.www);
  const form = await plain(port, host, 'GET', '/login');
  const csrf = form.body.match(/name="csrf" value="([^"]+)"/)[1];
  const sent = new URLSearchParams({ csrf, email: klaviyo.user, password: klaviyo.password }).toString();
  const answer = await plain(port, host, 'POST', '/login', form.cookies.map(pair).join('; '), sent);
  if (answer.status !== 303 && answer.status !== 302) throw new Error(`signing in to Klaviyo answered ${answer.status}`);
  const cookies = new Map([...form.cookies, ...answer.cookies].map(cookie => [cookie.name, cookie]));
  return [...cookies.values()];
}

const pair = ({ name, value }) => `${name}=${value}`;

async function plain(port, host, method, path, cookie = '', body = '') {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const headers = { host, cookie, 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
    const asked = request({ port, host: '127.0.0.1', method, path, headers }, answer => {
      let text = '';
      answer.on('data', chunk => { text += chunk; });
      answer.on('end', () => resolve({
        status: answer.statusCode,
        body: text,
        cookies: (answer.headers['set-cookie'] ?? []).map(line => {
          const [first, ...rest] = line.split(';').map(part => part.trim());
          const domain = rest.find(part => /^domain=/i.test(part))?.slice(7);
          const [name, ...value] = first.split('=');
          return { name, value: value.join('='), domain: domain ? `.${domain.replace(/^\./, '')}` : host.split(':')[0], path: '/' };
        }),
      }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function ready(address) {
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      if ((await fetch(address)).ok) return;
    } catch { /* not yet */ }
    if (Date.now() > until) throw new Error(`${address} does not answer`);
    await new Promise(wake => setTimeout(wake, 5));
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
