//! What a world weighs: one fake Klaviyo with its gateway, without the app and the browser's part.

use flowcheck::gateway::{Gateway, Options};
use flowcheck::klaviyo::Settings;

use super::client::scene_with;
use super::measure::resident;
use super::mock::{block_on, refresh_of};
use super::page::tell;

const WORLDS: u32 = 50;
/// Exchanges in a journal that is weighed.
const EXCHANGES: u32 = 100_000;

pub(crate) fn measure() {
    block_on(async {
        let before = weight();
        let mut worlds = Vec::new();
        for _ in 0..WORLDS {
            let scene = scene_with(Settings::default()).await;
            let gateway = Gateway::start(&scene.klaviyo, Options::default()).await.expect("it listens");
            worlds.push((scene, gateway));
        }
        let each = (weight() - before) / f64::from(WORLDS);
        tell(format!("a fake Klaviyo and its gateway, one of {WORLDS} in a process"), format!("{each:.2} MiB"));
        drop(worlds);
        let scene = scene_with(Settings { rate_limits: false, ..Settings::default() }).await;
        let (_, refresh) = scene.installed().await;
        let before = weight();
        refresh_of(&scene, &refresh).times(EXCHANGES as usize).await;
        let each = (weight() - before) * 1024.0 / f64::from(EXCHANGES);
        tell(format!("a token request on record, with the token, one of {EXCHANGES}"), format!("{each:.1} KiB"));
    });
}

fn weight() -> f64 {
    resident(std::process::id()).unwrap_or(f64::NAN)
}
