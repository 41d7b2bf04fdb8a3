// The flows in selenium-webdriver: a session per flow.
import { Browser, Builder, By, until } from 'selenium-webdriver';
import chrome from 'selenium-webdriver/chrome.js';
import { flows } from './flows.mjs';
import { openWorld } from './world.mjs';

const WITHIN = 10_000;
const service = () => new chrome.ServiceBuilder(process.env.DRIVER);

async function open() {
  const options = new chrome.Options()
    .addArguments('--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--window-size=1280,900')
    .setBinaryPath(process.env.BROWSER);
  return new Builder().forBrowser(Browser.CHROME).setChromeOptions(options).setChromeService(service()).build();
}

function hand(driver, sessions) {
  const control = name => By.xpath(`//*[self::button or self::a][normalize-space(.)="${name}" or @aria-label="${name}"]`);
  const field = label => By.xpath(`//*[@id=//label[normalize-space(.)="${label}"]/@for] | //label[normalize-space(text())="${label}"]//*[self::input or self::select]`);
  const found = async what => driver.wait(until.elementLocated(what), WITHIN);
  return {
    go: address => driver.get(address),
    click: async name => (await found(control(name))).click(),
    fill: async (label, text) => (await found(field(label))).sendKeys(text),
    choose: async (label, option) =>
      (await found(field(label))).findElement(By.xpath(`.//option[normalize-space(.)="${option}"]`)).click(),
    back: () => driver.navigate().back(),
    see: name => found(control(name)),
    cookies: async (cookies, at) => {
      await driver.get(`${at}/robots.txt`);
      for (const { name, value, domain } of cookies) await driver.manage().addCookie({ name, value, domain, path: '/' });
    },
    other: async () => {
      sessions.push(await open());
      return hand(sessions.at(-1), sessions);
    },
  };
}

const queue = Object.values(flows);
await Promise.all(Array.from({ length: Number(process.env.WORKERS ?? 2) }, async () => {
  for (let flow = queue.shift(); flow; flow = queue.shift()) {
    const world = await openWorld();
    const sessions = [await open()];
    try {
      await flow(hand(sessions[0], sessions), world);
    } finally {
      await Promise.all([world.close(), ...sessions.map(session => session.quit())]);
    }
  }
}));
