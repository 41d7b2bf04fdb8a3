// Loaded into Node by flowcheck before the app: its clock follows Klaviyo's, which flowcheck moves.
//
// Date is this machine's, plus the seconds in a file, unless libfaketime has moved it already; that moves no timers. Timers of a minute or more end early when the clock is moved past their end;
// shorter ones (deadlines of requests, pauses) count real time. Once the process calls Klaviyo it says so by a file of its own.
'use strict';

const file = process.env.FLOWCHECK_CLOCK;
if (file) {
  const fs = require('node:fs');
  const net = require('node:net');
  const { performance } = require('node:perf_hooks');

  const Real = Date;
  let ahead = 0;
  let read = -1;
  const realNow = Real.now;
  const isMoved = (process.env.LD_PRELOAD || '').includes('faketime');
  const now = () => {
    if (isMoved) return realNow();
    const at = performance.now();
    if (read < 0 || at - read >= 1) {
      read = at;
      try {
        ahead = 1000 * (Number.parseInt(fs.readFileSync(file, 'utf8'), 10) || 0);
      } catch {
        // The app goes on by the time it knew last.
      }
    }
    return realNow() + ahead;
  };

  function Following(...given) {
    if (!new.target) return new Real(now()).toString();
    return Reflect.construct(Real, given.length ? given : [now()], new.target === Following ? Real : new.target);
  }
  Object.defineProperties(Following, { name: { value: 'Date' }, length: { value: Real.length } });
  Object.assign(Following, { now, parse: Real.parse, UTC: Real.UTC, prototype: Real.prototype });
  const value = { value: Following, writable: true, configurable: true };
  if (!isMoved) {
    Object.defineProperty(Real.prototype, 'constructor', value);
    Object.defineProperty(globalThis, 'Date', value);
  }

  const LONG = 60_000;
  const waiting = new Set();
  let watch;
  const wait = (timer, due, end) => {
    waiting.add({ timer, due, end });
    watch ??= setEvery(() => {
      for (const one of [...waiting]) {
        if (one.timer._destroyed) waiting.delete(one);
        else if (now() >= one.due) one.end(one);
      }
    }, 50).unref();
    return timer;
  };
  const { setTimeout: setOnce, setInterval: setEvery } = globalThis;
  const isLong = (call, delay) => typeof call === 'function' && delay >= LONG;
  const once = (call, delay, ...given) => {
    if (!isLong(call, delay)) return setOnce(call, delay, ...given);
    const timer = setOnce(call, delay, ...given);
    return wait(timer, now() + delay, (one) => {
      waiting.delete(one);
      clearTimeout(timer);
      call(...given);
    });
  };
  const every = (call, delay, ...given) => {
    if (!isLong(call, delay)) return setEvery(call, delay, ...given);
    const timer = setEvery(call, delay, ...given);
    return wait(timer, now() + delay, (one) => {
      one.due = now() + delay;
      call(...given);
    });
  };
  const timers = require('node:timers');
  // `util.promisify(setTimeout)` finds its promise by a symbol.
  for (const [name, patched] of [['setTimeout', once], ['setInterval', every]]) {
    const original = globalThis[name];
    for (const key of Reflect.ownKeys(original)) {
      if (typeof key === 'symbol') Object.defineProperty(patched, key, Object.getOwnPropertyDescriptor(original, key));
    }
    globalThis[name] = patched;
    timers[name] = patched;
  }

  // Times of files are this machine's. An app that compares them with its clock (a lock that is stale, a cache that is old) wants its own.
  const { join, dirname } = require('node:path');
  let moves = [];
  let movesRead = -1;
  const latestMoves = () => {
    const at = performance.now();
    if (movesRead < 0 || at - movesRead >= 1) {
      movesRead = at;
      try {
        const lines = fs.readFileSync(join(dirname(file), 'moves'), 'utf8').trim().split('\n');
        moves = lines.map((line) => line.split(' ').map(Number));
      } catch {
        // It goes on by those that it knew last.
      }
    }
    return moves;
  };
  const toApp = (ms) => 1000 * (latestMoves().findLast(([when]) => when <= ms)?.[1] ?? 0);
  const toMachine = (ms) => {
    let until = Infinity;
    for (const [when, by] of [...latestMoves()].reverse()) {
      // What the app's clock skipped stands for the moment when it was moved.
      if (when + 1000 * by <= ms) return Math.min(ms - 1000 * by, until);
      until = when;
    }
    return ms;
  };
  const shown = (stats) => {
    for (const kind of stats ? ['atime', 'mtime', 'ctime', 'birthtime'] : []) {
      const at = stats[`${kind}Ms`];
      const by = toApp(Number(at));
      if (!by) continue;
      if (typeof at === 'bigint') stats[`${kind}Ns`] += BigInt(by) * 1_000_000n;
      stats[`${kind}Ms`] = typeof at === 'bigint' ? at + BigInt(by) : at + by;
      stats[kind] = new Real(Number(at) + by);
    }
    return stats;
  };
  const kept = (time) => {
    const ms = time instanceof Real ? time.getTime() : 1000 * Number(time);
    return Number.isFinite(ms) ? toMachine(ms) / 1000 : time;
  };
  const keeps = (given) => given.map((one, at) => (at === 1 || at === 2 ? kept(one) : one));
  const whenTold = (given) => given.map((one) => (typeof one === 'function' ? (error, stats) => one(error, shown(stats)) : one));
  const wrap = (owner, name, wrapped) => {
    const original = owner[name];
    if (original) owner[name] = function (...given) { return wrapped(original.bind(this), given); };
  };
  for (const name of ['stat', 'lstat', 'fstat']) {
    wrap(fs, name, (original, given) => original(...whenTold(given)));
    wrap(fs, `${name}Sync`, (original, given) => shown(original(...given)));
    wrap(fs.promises, name, async (original, given) => shown(await original(...given)));
  }
  for (const name of ['utimes', 'lutimes', 'futimes']) {
    for (const [owner, called] of [[fs, name], [fs, `${name}Sync`], [fs.promises, name]]) {
      wrap(owner, called, (original, given) => original(...keeps(given)));
    }
  }
  require('node:module').syncBuiltinESMExports();

  const ports = (process.env.FLOWCHECK_KLAVIYO_PORTS || '').split(',').map(Number).filter(Boolean);
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...given) {
    const options = Array.isArray(given[0]) ? given[0][0] : given[0];
    const host = options && typeof options === 'object' ? options.host : given[1];
    const port = options && typeof options === 'object' ? options.port : options;
    if (ports.includes(Number(port)) || (typeof host === 'string' && /(^|\.)klaviyo\.com\.?$/i.test(host))) {
      try {
        fs.writeFileSync(`${file}.seen`, '');
      } catch {
        // Then flowcheck believes that this clock stood still, and leaves more to a person.
      }
    }
    return connect.apply(this, given);
  };
}
