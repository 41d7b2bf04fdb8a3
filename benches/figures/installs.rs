//! A hundred thousand installs at once: what they weigh, and whether answers still come as fast.

use std::sync::Arc;
use std::time::Instant;

use flowcheck::evidence::Recorder;
use flowcheck::klaviyo::{Account, Server, Settings, User};

use reqwest::Client;

use super::client::{
    APP, PASSWORD, REVISION, SECRET, Scene, app, authorize, exchange_of, field, http, location, parameter, text, tokens,
};
use super::measure::resident;
use super::mock::{block_on, refresh_of};
use super::page::tell;

const INSTALLS: usize = 100_000;
/// Who install at the same time.
const SIDE_BY_SIDE: usize = 16;
/// As `serve` keeps, so that what is weighed is installs and not a journal.
const REMEMBERED: usize = 2_000;

pub(crate) fn measure() {
    block_on(async {
        let settings = Settings { rate_limits: false, ..Settings::default() };
        let recorder = Recorder::bounded(REMEMBERED);
        let mut builder = Server::builder().recorder(recorder.clone()).settings(settings).client(app());
        for number in 0..INSTALLS {
            let account = Account::named("One of many").with_id(id(number));
            let user =
                User { email: email(number), password: PASSWORD.into(), accounts: vec![id(number).as_str().into()] };
            builder = builder.account(account).user(user);
        }
        let scene = Arc::new(Scene {
            klaviyo: builder.bind("127.0.0.1:0").await.expect("binds"),
            recorder,
            revision: REVISION,
        });
        let http = http(scene.klaviyo.addr(), false);
        let (_, refresh) = install(&scene, &http, 0).await;
        let ask = refresh_of(&scene, &refresh);
        let (before, weight) = (ask.rate().await, resident(std::process::id()));
        let began = Instant::now();
        let workers: Vec<_> = (0..SIDE_BY_SIDE)
            .map(|worker| {
                let (scene, http) = (Arc::clone(&scene), http.clone());
                tokio::spawn(async move {
                    for number in (1..INSTALLS).skip(worker).step_by(SIDE_BY_SIDE) {
                        install(&scene, &http, number).await;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.expect("a worker ends");
        }
        let took = began.elapsed().as_secs_f64();
        assert_eq!(scene.klaviyo.installs().len(), INSTALLS, "each is there");
        // Weighed first: what is asked for afterwards is on record, too.
        let heavier = resident(std::process::id());
        let after = ask.rate().await;
        tell(format!("{INSTALLS} installs made over HTTP, {SIDE_BY_SIDE} at a time"), format!("{took:.0} s, all held"));
        tell("token endpoint with one install", format!("{:.0}/s, p99 {:.2} ms", before.per_second, before.p99_ms));
        tell("token endpoint with all of them", format!("{:.0}/s, p99 {:.2} ms", after.per_second, after.p99_ms));
        if let (Some(weight), Some(heavier)) = (weight, heavier) {
            tell("memory for all of them", format!("{:.0} MiB", heavier - weight));
        }
    });
}

async fn install(scene: &Scene, http: &Client, number: usize) -> (String, String) {
    let link = scene.klaviyo.sign_in_link(&email(number), "/integrations");
    let answer = http.get(link).send().await.expect("Klaviyo answers");
    let cookie =
        answer.headers()["set-cookie"].to_str().expect("plain text").split(';').next().expect("a pair").to_owned();
    let www = |path: &str| scene.klaviyo.www().join(path).expect("an address");
    let state = format!("state-of-{number}");
    let consent = http.get(www(&authorize(&[("state", &state)]))).header("cookie", &cookie).send().await;
    let consent = text(consent.expect("Klaviyo answers")).await;
    let hidden = ["csrf", "attempt", "account"].map(|name| (name, field(&consent, name)));
    let mut form: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("decision", "allow"));
    let decided = http.post(www("/oauth/authorize/decision")).header("cookie", &cookie).form(&form).send().await;
    let back = location(&decided.expect("Klaviyo answers")).parse().expect("an address");
    let code = parameter(&back, "code").expect("a code");
    let exchange = http.post(scene.klaviyo.api().join("/oauth/token").expect("an address"));
    let exchanged = exchange.basic_auth(APP, Some(SECRET)).form(&exchange_of(&code)).send().await;
    tokens(exchanged.expect("Klaviyo answers")).await
}

fn id(number: usize) -> String {
    format!("M{number:05}")
}

fn email(number: usize) -> String {
    format!("user-{number}@many.example")
}
