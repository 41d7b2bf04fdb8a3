//! The HTML report.

use std::collections::HashSet;
use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;

use flowcheck::checklist::{Finding, Outcome, Verdict, aggregate};
use flowcheck::evidence::{Event, PageKind, SignInState};
use flowcheck::report::html;
use ring::digest::{SHA256, digest};

use super::evidence_builder::EvidenceBuilder;
use super::sample::{hop, passing, sample, scenario};
use super::screenshot_png::png;

fn page(outcome: &Outcome) -> String {
    html(outcome, &|name| Some(png(name)))
}

/// The page as its script makes it: the timelines unpacked, each in its place.
fn unpacked(outcome: &Outcome) -> String {
    unpack(&page(outcome))
}

/// The same of any page.
pub(super) fn unpack(page: &str) -> String {
    let packed = page.split("id=\"packed\">").nth(1).and_then(|rest| rest.split('<').next()).expect("it is there");
    let bytes = STANDARD.decode(packed).expect("it is Base64");
    let mut json = String::new();
    DeflateDecoder::new(bytes.as_slice()).read_to_string(&mut json).expect("it is deflated");
    let bodies: Vec<String> = serde_json::from_str(&json).expect("it is JSON");
    let mut whole = page.replace(packed, "");
    for (index, body) in bodies.iter().enumerate() {
        let place = format!("data-packed=\"{index}\"");
        if let Some(at) = whole.find(&place) {
            let end = at + whole[at..].find('>').expect("a tag ends") + 1;
            whole.insert_str(end, body);
        }
    }
    whole
}

/// The values of an attribute, in order.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn every_item_has_its_id_as_anchor_and_every_link_leads_somewhere() {
    let outcome = sample();
    let page = unpacked(&outcome);
    let ids = values(&page, "id");
    let known: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "ids are unique");
    for item in aggregate(&outcome) {
        assert!(known.contains(item.item.id), "{}", item.item.id);
    }
    for target in values(&page, "href").into_iter().filter_map(|href| href.strip_prefix('#')) {
        assert!(known.contains(target), "{target}");
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_nothing_runs() {
    let page = page(&sample());
    for attribute in ["src", "href", "action", "poster", "srcset"] {
        for value in values(&page, attribute) {
            assert!(value.starts_with('#') || value.starts_with("data:"), "{attribute}={value}");
        }
    }
    for forbidden in ["@import", "url(", " onclick", "<iframe", "<form", "fetch(", "XMLHttpRequest", "eval("] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    // One script, which the page allows by its hash, and the packed timelines, which are none.
    assert_eq!(page.matches("<script").count(), 2);
    let script = page.split("<script>").nth(1).and_then(|rest| rest.split("</script>").next()).expect("a script");
    let hash = STANDARD.encode(digest(&SHA256, script.as_bytes()));
    assert!(page.contains(&format!("script-src 'sha256-{hash}';")), "the policy names this script");
}

#[test]
fn failed_items_are_open_and_others_closed() {
    let page = page(&sample());
    let open: Vec<&str> = page
        .split("<details class=\"item ")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
        .filter(|tag| tag.ends_with(" open"))
        .collect();
    assert_eq!(open.len(), 3, "{open:?}");
    assert!(open.iter().all(|tag| tag.starts_with("fail\"")));
}

#[test]
fn a_screenshot_is_embedded_once_wherever_it_is_shown() {
    let page = unpacked(&sample());
    let pictures: Vec<&str> = values(&page, "href").into_iter().filter(|href| href.starts_with("data:image")).collect();
    assert_eq!(pictures.iter().collect::<HashSet<_>>().len(), pictures.len());
    assert!(page.matches("<use href=\"#shot-").count() > pictures.len());
    let embedded: usize = pictures.iter().map(|picture| picture.len()).sum();
    assert!(page.len() - embedded < 700_000, "{} beside the pictures", page.len() - embedded);
    assert!(page.matches("role=\"img\" aria-label=\"Screenshot, ").count() >= pictures.len());
}

#[test]
fn a_run_in_which_all_fails_with_large_pictures_stays_below_3_mb() {
    let mut outcome = sample();
    outcome.scenarios.clear();
    for (number, item) in flowcheck::checklist::catalogue().iter().enumerate() {
        let mut builder = EvidenceBuilder::new("a/b", "A", SignInState::SignedIn);
        for page in 0..6 {
            let text = "a page unlike any other ".to_owned() + &"i".repeat(1 + number * 6 + page);
            builder.page(PageKind::Other, "http://localhost:3000/", "Page", &text);
            builder.call("GET", "/api/accounts", 403, flowcheck::evidence::Facts::Unknown("nothing".into()));
        }
        let finding = Finding::app("something", "something else").at(builder.last());
        let id = format!("a/{}", item.id.replace('.', "-"));
        let mut failed = scenario(&id, "A", Some(builder.evidence()), vec![(item.id, Verdict::Fail(finding))]);
        for (seq, entry) in failed.evidence.iter_mut().flat_map(|evidence| &mut evidence.timeline).enumerate() {
            if let flowcheck::evidence::Event::Page(page) = &mut entry.event {
                page.shot = Some(format!("{number}-{seq}.png"));
            }
        }
        outcome.scenarios.push(failed);
    }
    // As large as the largest of a real run, no two alike.
    let large = |name: &str| {
        let mut bytes = png(name);
        bytes.extend(name.bytes().cycle().take(45_000));
        Some(bytes)
    };
    let page = html(&outcome, &large);
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    assert!(page.len() > 2_000_000, "{} bytes: there was room for more pictures", page.len());
    assert!(page.contains("in the run's folder"), "what has no room is named");
}

#[test]
fn mails_and_the_apps_calls_stand_beside_a_finding() {
    let mut builder = EvidenceBuilder::new("a/b", "A", SignInState::SignedIn);
    builder.open(flowcheck::evidence::Purpose::Prepare, "/segments");
    builder.call("GET", "/api/segments", 403, flowcheck::evidence::Facts::Unknown("nothing".into()));
    builder.saw(Event::Mail(Box::new(flowcheck::evidence::Mail {
        from: "hello@harbour.example".into(),
        to: vec!["ada@harbour.example".into()],
        subject: "Klaviyo needs your permission".into(),
        text: "Please update the permissions.".into(),
        links: vec![flowcheck::evidence::MailLink {
            href: "http://localhost:3000/update".into(),
            words: "Update".into(),
        }],
        codes: vec![],
    })));
    let finding = Finding::app("one mail", "two mails").at(builder.last());
    let mut outcome = sample();
    let failed = vec![("scope.forbidden.no-spam", Verdict::Fail(finding))];
    outcome.scenarios = vec![scenario("a/b", "A", Some(builder.evidence()), failed)];
    let page = page(&outcome);
    let moment = page.split("Also at that moment").nth(1).expect("what came with it is told");
    for told in ["<b>Klaviyo needs your permission</b>", "ada@harbour.example", "Update <span", "data-copy=\"curl "] {
        assert!(moment.contains(told), "{told}");
    }
}

#[test]
fn missing_and_broken_screenshots_are_left_out() {
    for bytes in [None, Some(b"no picture".to_vec()), Some(b"\x89PNG\r\n\x1a\n".to_vec())] {
        let page = html(&sample(), &|_| bytes.clone());
        assert!(!page.contains("<use ") && page.contains("Fails the checklist"));
    }
}

#[test]
fn what_the_app_wrote_is_text_and_nothing_else() {
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}";
    let mut builder = EvidenceBuilder::new("a/b", evil, SignInState::SignedIn);
    builder.page_with(PageKind::Error, &format!("javascript:alert(1)//{evil}"), evil, evil, |page| {
        page.alerts.push(evil.into());
        page.headings.push(evil.into());
        page.why.push(evil.into());
        page.controls[0].name = evil.into();
        page.shot = Some(evil.into());
    });
    builder.hop(evil, evil, 302, Some(evil));
    builder.call(evil, evil, 404, flowcheck::evidence::Facts::Unknown(evil.into()));
    builder.saw(Event::App(flowcheck::evidence::AppEvent::Log(evil.into())));
    let finding = Finding::app(evil, evil).likely(evil).hops(vec![hop(200, evil, Some(evil))]).at(0);
    let mut outcome = sample();
    outcome.run.app = evil.into();
    outcome.run.browser = evil.into();
    outcome.run.config = evil.into();
    outcome.run.began = evil.into();
    outcome.scenarios =
        vec![scenario(evil, evil, Some(builder.evidence()), vec![("install.shown", Verdict::Fail(finding))])];
    let page = unpacked(&outcome);
    assert_eq!(page.matches("<script").count(), 2, "flowcheck's own");
    for forbidden in ["<script>alert", "<img", "href=\"javascript", "src=x onerror=alert(1)>"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.matches("alert(1)").count() > 10 && page.contains("{{ 7*7 }}"));
}

#[test]
fn headings_do_not_skip_a_level() {
    let page = unpacked(&sample());
    let mut last = 0;
    for level in page.match_indices("<h").filter_map(|(at, _)| page[at + 2..].chars().next()?.to_digit(10)) {
        assert!(level <= last + 1, "h{level} after h{last}");
        last = level;
    }
}

#[test]
fn the_top_states_the_result() {
    let failing = page(&sample());
    assert!(failing.contains("Fails the checklist: 3 items fail."));
    assert!(failing.contains("items of the checklist of 2026-11 were looked at"));
    assert!(failing.contains("What to fix first") && failing.contains("4 further items wait for this one"));
    assert!(failing.contains("21 November 2026, 9:14 UTC") || failing.contains("21 November 2026, 09:14 UTC"));
    let all = passing().scenarios[0].items.len();
    let passing = page(&passing());
    assert!(passing.contains(&format!("Passed, as far as this run looked: all {all} items that apply are met.")));
    assert!(!passing.contains("What to fix first"));
    let mut interrupted = sample();
    interrupted.run.interrupted = true;
    assert!(page(&interrupted).contains("This run was interrupted."));
    interrupted.scenarios.clear();
    assert!(page(&interrupted).contains("No item was judged in this run."));
}

#[test]
fn every_verdict_has_a_word_and_a_shape() {
    let page = page(&sample());
    for class in ["pass", "fail", "warn", "review", "not-run", "n-a"] {
        assert!(page.contains(&format!("class=\"badge {class}\"")), "{class}");
        assert!(page.contains(&format!(".badge.{class} ")), "{class}");
    }
}

/// `FLOWCHECK_SAMPLE=FOLDER cargo test --test report -- --ignored` writes the samples, to be looked at.
#[test]
#[ignore = "writes files for a person to look at"]
fn the_samples_to_look_at() {
    if let Some(folder) = std::env::var_os("FLOWCHECK_SAMPLE").map(std::path::PathBuf::from) {
        let mut interrupted = sample();
        interrupted.run.interrupted = true;
        for (name, outcome) in [("sample", sample()), ("passing", passing()), ("interrupted", interrupted)] {
            std::fs::write(folder.join(name).with_extension("html"), page(&outcome)).unwrap();
        }
    }
}
