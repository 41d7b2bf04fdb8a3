//! A hundred thousand installs at once: what they weigh, and whether answers still come as fast.

use std::sync::Arc;
use std::time::Instant;

use flowcheck::evidence::Recorder;
use flowcheck::klaviyo::{Account, Server, Settings, User};

use super::client::{Browser, PASSWORD, Scene, app, authorize, parameter};
use super::measure::resident;
use super::mock::{block_on, refresh_of};

const INSTALLS: usize = 100_000;
/// Who install at the same time.
const SIDE_BY_SIDE: usize = 16;
/// As `serve` keeps, so that what is weighed is installs and not a journal.
const REMEMBERED: usize = 10_000;

pub(crate) fn measure() {
    block_on(async {
        let settings = Settings { rate_limits: false, ..Settings::default() };
        let recorder = Recorder::bounded(REMEMBERED);
        let mut builder = Server::builder().recorder(recorder.clone()).settings(settings).client(app());
        for number in 0..INSTALLS {
            let account = Account::named("One of many").with_id(&id(number));
            let user = User { email: email(number), password: PASSWORD.into(), accounts: vec![id(number).as_str().into()] };
            builder = builder.account(account).user(user);
        }
        let scene = Arc::new(Scene { klaviyo: builder.bind("127.0.0.1:0").await.expect("binds"), recorder });
        let (_, refresh) = install(&scene, 0).await;
        let ask = refresh_of(&scene, &refresh);
        let (before, weight) = (ask.rate().await, resident(std::process::id()));
        let began = Instant::now();
        let workers: Vec<_> = (0..SIDE_BY_SIDE)
            .map(|worker| {
                let scene = Arc::clone(&scene);
                tokio::spawn(async move {
                    for number in (1..INSTALLS).skip(worker).step_by(SIDE_BY_SIDE) {
                        install(&scene, number).await;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.expect("a worker ends");
        }
        let took = began.elapsed().as_secs_f64();
        assert_eq!(scene.klaviyo.installs().len(), INSTALLS, "each is there");
        let (after, heavier) = (ask.rate().await, resident(std::process::id()));
        println!("  {INSTALLS} installs made over HTTP in {took:.0} s, all held");
        println!(
            "  token endpoint: {:.0}/s with one install, {:.0}/s with all; ratio {:.2}",
            before.per_second,
            after.per_second,
            after.per_second / before.per_second
        );
        if let (Some(weight), Some(heavier)) = (weight, heavier) {
            println!("  memory: {:.0} MiB more", heavier - weight);
        }
    });
}

async fn install(scene: &Scene, number: usize) -> (String, String) {
    let browser = Browser::signed_in(scene, &email(number)).await;
    let state = format!("state-of-{number}");
    let back = browser.decide(&authorize(&[("state", &state)]), "allow").await;
    super::client::tokens(scene.exchange(&parameter(&back, "code").expect("a code")).await).await
}

fn id(number: usize) -> String {
    format!("M{number:05}")
}

fn email(number: usize) -> String {
    format!("user-{number}@many.example")
}
