//! The recorder: plays the fixture app, honest and with each defect seeded, and writes the recorded evidence.
//!
//! `cargo test --test judges -- --ignored record` writes everything anew; `FLOWCHECK_RECORD=no-pkce,honest` only these,
//! `FLOWCHECK_RECORD=honest:scopes/least` only this scenario.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::time::Duration;

use flowcheck::evidence::{AppEvent, Event, Evidence};
use flowcheck::scenario::AppFile;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::PrettyFormatter;

use crate::embedded::{EMBEDDED, FRAMED, SEVERAL};
use crate::fixture_app;
use crate::recordings::{HONEST, file};
use crate::table::{HANG, TABLE};

/// Exchanges of one kind that are kept; apps that call without end make thousands.
const MOST_ALIKE: usize = 20;
/// Ports are another for each run; in recordings they are these.
const APP_PORT: &str = "3000";
const HOST_PORT: &str = "3001";
const KLAVIYO_PORT: &str = "8443";

#[test]
#[ignore = "needs a browser and minutes, and writes fixtures/evidence anew"]
fn record() {
    let wanted = std::env::var("FLOWCHECK_RECORD").ok();
    let wanted = |defect: &str, scenario: &str| {
        let means = |one: &str| one == defect || one.split_once(':') == Some((defect, scenario));
        wanted.as_ref().is_none_or(|wanted| wanted.split(',').any(means))
    };
    for scenario in fixture_app::scenarios() {
        let id = scenario.script.id.value.clone();
        if wanted(HONEST, &id) {
            write(HONEST, &id, app(file_for(&id)));
        }
    }
    let rows = TABLE.iter().map(|row| (row.file(), row));
    let embedded = EMBEDDED.iter().map(|embedded| (embedded.file, &embedded.row));
    for (file, row) in rows.chain(embedded) {
        for scenario in row.touches.iter().filter(|scenario| wanted(row.defect, scenario)) {
            let mut app = app(file);
            if HANG.contains(&row.defect) {
                app.timing.page = Duration::from_secs(6).into();
            }
            let start = app.start.as_mut().expect("flowcheck starts it");
            start.env.insert("DEFECTS".to_owned(), row.defect.to_owned());
            write(row.defect, scenario, app);
        }
    }
}

/// Plays one scenario, and keeps what was seen as a recording.
fn write(defect: &str, scenario: &str, app: AppFile) {
    let script = fixture_app::scenarios()
        .into_iter()
        .find(|loaded| loaded.script.id.value == scenario)
        .expect("the scenario is built in");
    let mut outcome = fixture_app::play(app, vec![script], 1);
    let evidence = outcome.scenarios.remove(0).evidence.expect("it was played");
    let path = file(defect, scenario);
    fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("the folder can be made");
    fs::write(&path, text(evidence)).expect("the file can be written");
}

/// The honest app's configuration in which a scenario applies.
fn file_for(scenario: &str) -> &'static str {
    match scenario {
        "embedded/several-tenants" => SEVERAL,
        _ if scenario.starts_with("embedded/") => FRAMED,
        _ if scenario.starts_with("user/") => "per-user.flowcheck.yaml",
        _ if scenario.ends_with("text-box") => "text-box.flowcheck.yaml",
        _ => "flowcheck.yaml",
    }
}

/// The app with less patience: it has no pages that move on by themselves.
fn app(name: &str) -> AppFile {
    let mut file = fixture_app::file(name);
    file.timing.quiet = Duration::from_secs(1).into();
    file
}

/// Evidence as a recording keeps it: without the app's log and pictures, and with what differs from run to run made the same
/// where that is simple.
fn text(mut evidence: Evidence) -> String {
    evidence.timeline.retain(|entry| !matches!(entry.event, Event::App(AppEvent::Log(_))));
    let mut asked: HashMap<String, usize> = HashMap::new();
    evidence.timeline.retain(|entry| {
        let Event::Exchange(exchange) = &entry.event else { return true };
        let times = asked.entry(format!("{} {}", exchange.method, exchange.path)).or_default();
        *times += 1;
        *times <= MOST_ALIKE
    });
    for (seq, entry) in (0..).zip(&mut evidence.timeline) {
        entry.seq = seq;
        match &mut entry.event {
            Event::Page(page) => page.shot = None,
            Event::Exchange(exchange) => exchange.took_us = 0,
            _ => {}
        }
    }
    let mut text = spaced(&evidence);
    let host = evidence.setup.app.host.as_ref().map(|host| (port(&host.url), HOST_PORT));
    let own = [(port(&evidence.setup.app.url), APP_PORT), (port(&evidence.setup.klaviyo_hosts[0]), KLAVIYO_PORT)];
    for (port, fixed) in own.into_iter().chain(host) {
        for before in [":", "%3A"] {
            text = text.replace(&format!("{before}{port}"), &format!("{before}{fixed}"));
        }
    }
    for (number, fingerprint) in fingerprints(&text).into_iter().enumerate() {
        text = text.replace(&fingerprint, &format!("f{number:011}"));
    }
    text
}

/// One value a line, so that a difference shows, and indented by one blank, so that files stay small.
fn spaced(evidence: &Evidence) -> String {
    let mut bytes = Vec::new();
    let mut writer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b" "));
    evidence.serialize(&mut writer).expect("evidence is JSON");
    String::from_utf8(bytes).expect("JSON is UTF-8") + "\n"
}

/// The port; where there is none, what stands nowhere.
fn port(address: &str) -> String {
    let last = address.trim_end_matches('/').rsplit(':').next().unwrap_or_default();
    if last.parse::<u16>().is_ok() { last.to_owned() } else { "no port".to_owned() }
}

/// Every fingerprint in the text, in the order in which they are first met.
fn fingerprints(text: &str) -> Vec<String> {
    let is_one = |word: &&str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let in_brackets = text.split('‹').skip(1).filter_map(|rest| rest.split('›').next()?.rsplit(' ').next());
    let in_facts = text.split("\"fingerprint\": \"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut met = BTreeSet::new();
    in_brackets.chain(in_facts).filter(is_one).filter(|word| met.insert(*word)).map(str::to_owned).collect()
}
