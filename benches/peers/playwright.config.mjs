import { defineConfig } from '@playwright/test';

const recorded = process.env.RECORD === '1' ? 'on' : 'off';

export default defineConfig({
  testDir: '.',
  testMatch: 'flows.spec.mjs',
  fullyParallel: true,
  workers: Number(process.env.WORKERS ?? 2),
  reporter: 'line',
  outputDir: process.env.OUTPUT ?? 'test-results',
  use: {
    viewport: { width: 1280, height: 900 },
    trace: recorded,
    screenshot: recorded,
    launchOptions: {
      executablePath: process.env.BROWSER,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    },
  },
});
