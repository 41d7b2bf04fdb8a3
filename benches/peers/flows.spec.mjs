// The flows in Playwright Test.
import { test } from '@playwright/test';
import { flows } from './flows.mjs';
import { playwrightHand } from './playwright-hand.mjs';
import { openWorld } from './world.mjs';

for (const [name, flow] of Object.entries(flows)) {
  test(name, async ({ page, browser }) => {
    const world = await openWorld();
    try {
      const other = async () => playwrightHand(await (await browser.newContext()).newPage());
      await flow(playwrightHand(page, other), world);
    } finally {
      await world.close();
    }
  });
}
