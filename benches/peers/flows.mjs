// The standalone scenarios as one would write them by hand. `hand` is the tool: go, click, fill, choose, back, see, other.
// Names are those of scenarios/, so that flowcheck can be run on the very same ones.

const SETTINGS = '/stores/harbour-books/settings/integrations';
const PASSWORD = 'harbour-demo';

export const flows = {
  'install/signed-in': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await install(hand, world);
    await allow(hand);
    await hand.go(world.app + SETTINGS);
    await hand.see('Disconnect');
    await listed(hand, world);
  },
  'install/signed-out': async (hand, world) => {
    await fromListing(hand, world);
    await credentials(hand, 'ada');
    await allow(hand);
    await hand.go(world.app + SETTINGS);
    await hand.see('Disconnect');
    await listed(hand, world);
  },
  'install/no-account': async (hand, world) => {
    await fromListing(hand, world);
    await hand.click('Create an account');
    await hand.fill('Your name', 'Tess Trial');
    await hand.fill('E-mail', 'tess@trial.example');
    await hand.fill('Password', 'a long enough password');
    await hand.fill('Store name', 'Trial Store');
    await hand.fill('Store URL', 'https://trial-store.example');
    await hand.click('Create account');
    await allow(hand);
    await listed(hand, world);
  },
  'install/tenant-drop-down': async (hand, world) => {
    await signIn(hand, world, 'sam');
    await fromListing(hand, world);
    await hand.choose('Store', 'Quayside Records');
    await hand.click('Continue');
    await allow(hand);
    await hand.go(`${world.app}/stores/quayside-records/settings/integrations`);
    await hand.see('Disconnect');
    for (const store of ['lighthouse-teas', 'saltmarsh-candles']) {
      await hand.go(`${world.app}/stores/${store}/settings/integrations`);
      await hand.see('Connect Klaviyo');
    }
    await listed(hand, world);
  },
  'install/from-app': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await klaviyo(hand, world);
    await hand.go(world.app + SETTINGS);
    await hand.click('Connect Klaviyo');
    await allow(hand);
    await hand.go(world.app + SETTINGS);
    await hand.see('Disconnect');
    await listed(hand, world);
  },
  'install/klaviyo-subdomain': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await klaviyo(hand, world);
    await hand.go(world.klaviyo.listing.replace('//www.', '//connect.'));
    await hand.click('Install');
    await allow(hand);
  },
  'install/klaviyo-signed-out': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await hand.go(world.klaviyo.listing);
    await hand.click('Install');
    await hand.fill('E-mail', world.klaviyo.user);
    await hand.fill('Password', world.klaviyo.password);
    await hand.click('Log in');
    await allow(hand);
    await hand.go(world.app + SETTINGS);
    await hand.see('Disconnect');
    await listed(hand, world);
  },
  'errors/denied': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await install(hand, world);
    await deny(hand);
    await hand.click('Dismiss');
    await hand.see('Connect Klaviyo');
    await install(hand, world);
    await allow(hand);
  },
  'errors/expired': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await install(hand, world);
    await hand.go(`${world.app}/dashboard`);
    await world.advance(360);
    await hand.back();
    await hand.click('Allow');
    await hand.click('Start the installation again');
    await allow(hand);
  },
  'errors/abandoned': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await install(hand, world);
    await hand.go(`${world.app}/dashboard`);
    await world.advance(120);
    await hand.back();
    await allow(hand);
  },
  'uninstall/in-app': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await install(hand, world);
    await allow(hand);
    await hand.go(world.app + SETTINGS);
    await hand.click('Disconnect');
    await hand.see('Connect Klaviyo');
    await hand.go(world.app + SETTINGS);
    await hand.see('Connect Klaviyo');
    await hand.go(world.klaviyo.integrations);
    await hand.see('Log out');
    await hand.go(`${world.app}/dashboard`);
    await hand.click('Sign out');
    await signIn(hand, world, 'ada');
    await hand.go(world.app + SETTINGS);
    await hand.see('Connect Klaviyo');
    await install(hand, world);
    await allow(hand);
  },
  'uninstall/in-klaviyo': async (hand, world) => {
    await signIn(hand, world, 'ada');
    await install(hand, world);
    await allow(hand);
    await hand.go(world.klaviyo.integrations);
    await hand.click('Uninstall Harbour Reviews');
    await hand.click('Uninstall');
    await hand.see('Log out');
    await fetch(`${world.app}/cron/sync`);
    await hand.go(world.app + SETTINGS);
    await hand.see('Connect Klaviyo');
    await install(hand, world);
    await allow(hand);
  },
  'oauth/fresh': async (hand, world) => {
    await signIn(hand, world, 'ada');
    const other = await hand.other();
    await signIn(other, world, 'mira');
    for (const who of [hand, hand, other]) {
      await install(who, world);
      await deny(who);
    }
  },
};

async function signIn(hand, world, name) {
  await hand.go(`${world.app}/login`);
  await credentials(hand, name);
  await hand.see('Review page');
}

async function credentials(hand, name) {
  await hand.fill('E-mail', `${name}@harbour.example`);
  await hand.fill('Password', PASSWORD);
  await hand.click('Sign in');
}

async function klaviyo(hand, world) {
  await hand.cookies(await world.klaviyoCookies(), world.klaviyo.www);
}

async function fromListing(hand, world) {
  await klaviyo(hand, world);
  await hand.go(world.klaviyo.listing);
  await hand.click('Install');
}

async function install(hand, world) {
  await fromListing(hand, world);
  await hand.see('Allow');
}

async function allow(hand) {
  await hand.click('Allow');
  await hand.see('Disconnect');
}

async function deny(hand) {
  await hand.click('Cancel');
  await hand.see('Dismiss');
}

async function listed(hand, world) {
  await hand.go(world.klaviyo.integrations);
  await hand.see('Uninstall Harbour Reviews');
}
