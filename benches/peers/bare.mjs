// The flows in a bare script: one warm browser per worker, a context per flow, nothing recorded.
import { chromium } from '@playwright/test';
import { flows } from './flows.mjs';
import { playwrightHand } from './playwright-hand.mjs';
import { openWorld } from './world.mjs';

const queue = Object.values(flows);
await Promise.all(Array.from({ length: Number(process.env.WORKERS ?? 2) }, async () => {
  const browser = await chromium.launch({
    executablePath: process.env.BROWSER, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  for (let flow = queue.shift(); flow; flow = queue.shift()) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const world = await openWorld();
    const contexts = [context];
    const other = async () => {
      contexts.push(await browser.newContext());
      return playwrightHand(await contexts.at(-1).newPage());
    };
    await flow(playwrightHand(await context.newPage(), other), world);
    await Promise.all([world.close(), ...contexts.map(context => context.close())]);
  }
  await browser.close();
}));
