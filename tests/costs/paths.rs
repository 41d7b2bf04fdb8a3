//! The hot paths, and what each asks the allocator for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowcheck::checklist::{ScenarioEnd, judge};
use flowcheck::klaviyo::Settings;
use tokio::runtime::{Builder, Runtime};

use crate::client::{ADA, APP, Browser, SECRET, Scene, authorize, exchange_of, parameter, scene_with};
use crate::raw_connection::Line;
use crate::recorded_costs::{Cost, Costs};
use crate::recordings;

/// Requests of each kind that are counted, after as many that are not, so that what grows now and then is spread.
const REQUESTS: usize = 64;

/// What each path costs: a request, or the judging of all recorded scenarios of one run.
pub(crate) fn costs() -> Costs {
    // Everything happens on this thread, which is the one that is counted.
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let scene = runtime.block_on(scene_with(Settings { rate_limits: false, ..Settings::default() }));
    let exchanges = runtime.block_on(exchanges(&scene));
    let (access, refresh) = runtime.block_on(scene.installed());
    let bearer = format!("authorization: Bearer {access}\r\nrevision: 2026-10-15\r\n");
    let refreshing = form("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", &refresh)]);
    let nowhere = form("/nowhere", &[("name", "Ada"), ("code", "not-one-of-ours")]);
    let paths = [
        ("token: refreshed", "200", vec![refreshing]),
        ("API: profiles listed", "200", vec![request("GET", "/api/profiles", &bearer, "")]),
        ("journal: a request that nothing is done for", "404", vec![nowhere]),
        // Last, since it ends the refresh tokens from before.
        ("token: a code exchanged", "200", exchanges),
    ];
    let mut costs: Costs = paths
        .into_iter()
        .map(|(name, status, requests)| (name.to_owned(), asking(&runtime, &scene, &requests, status)))
        .collect();
    costs.insert("judging a full run".to_owned(), judging());
    costs
}

/// What a request costs, on average.
fn asking(runtime: &Runtime, scene: &Scene, requests: &[String], status: &str) -> Cost {
    let mut line = runtime.block_on(Line::to(scene.klaviyo.addr()));
    let mut all = requests.iter().cycle();
    let mut turn = || {
        for request in all.by_ref().take(REQUESTS) {
            runtime.block_on(line.ask(request.as_bytes(), status));
        }
    };
    turn();
    counted(REQUESTS, turn)
}

fn judging() -> Cost {
    let run: Vec<_> =
        recordings::honest().into_iter().map(|one| (recordings::expects(&one.scenario), one.evidence)).collect();
    let turn = || run.iter().map(|(expects, seen)| judge(expects, &ScenarioEnd::Completed, Some(seen)).len()).sum();
    // What is made on first use is not the run's.
    let judged: usize = turn();
    assert!(judged > 0, "there are items to judge");
    counted(1, || {
        turn();
    })
}

fn counted(turns: usize, work: impl FnOnce()) -> Cost {
    let counted = allocation_counter::measure(work);
    let turns = u64::try_from(turns).expect("a countable number");
    Cost { allocations: counted.count_total / turns, bytes: counted.bytes_total / turns }
}

/// A request for each of enough codes, which are good once.
async fn exchanges(scene: &Scene) -> Vec<String> {
    let browser = Browser::signed_in(scene, ADA).await;
    let mut requests = Vec::new();
    for number in 0..2 * REQUESTS {
        let state = format!("state-of-attempt-{number}");
        let back = browser.decide(&authorize(&[("state", &state)]), "allow").await;
        let code = parameter(&back, "code").expect("a code");
        requests.push(form("/oauth/token", &exchange_of(&code)));
    }
    requests
}

/// A form as the app sends it, with its credentials.
fn form(path: &str, pairs: &[(&str, &str)]) -> String {
    let credentials = STANDARD.encode(format!("{APP}:{SECRET}"));
    let headers = format!("authorization: Basic {credentials}\r\ncontent-type: application/x-www-form-urlencoded\r\n");
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    request("POST", path, &headers, &body)
}

fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
}
