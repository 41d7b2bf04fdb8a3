//! Time that costs nothing: Klaviyo's clock moved, the app's moved along, or both left alone.

use std::sync::Arc;
use std::time::Duration;

use flowcheck::checklist::Outcome;
use flowcheck::evidence::{Event, Evidence, Facts, KlaviyoEvent, TokenOutcome, TokenState};
use flowcheck::scenario::{AppFile, Clock, parse_scenario};
use libtest_mimic::Trial;

use crate::fixture_app;

/// A trial for each.
pub(crate) fn trials() -> Vec<Trial> {
    let all: [(&str, fn()); 4] = [
        ("an app with its own clock learns from a 401 that its token died", its_own_clock),
        ("an app whose clock follows refreshes before it is refused", a_clock_that_follows),
        ("an app that looks at its own clock refreshes tokens that live shortly", tokens_that_live_shortly),
        ("time is waited for by who wants that", real_time),
    ];
    let trial = |(name, test): (&str, fn())| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    all.map(trial).into()
}

/// Two hours after the installation the access token has died.
const TWO_HOURS: &str = "[{install: klaviyo}, allow, trigger, {wait: 2h}, trigger]";

fn its_own_clock() {
    let seen = play(app(Clock::Own), "{}", TWO_HOURS, false);
    assert_eq!((expired(&seen), refreshes(&seen)), (1, 1));
}

fn a_clock_that_follows() {
    let seen = play(app(Clock::Follow), "{}", TWO_HOURS, false);
    assert_eq!((expired(&seen), refreshes(&seen)), (0, 1));
    assert!(seen.setup.app.clock_follows);
}

fn tokens_that_live_shortly() {
    let seen = play(app(Clock::Own), "{token_life: 30s}", "[{install: klaviyo}, allow, trigger]", false);
    assert_eq!(expired(&seen), 0);
    assert!(refreshes(&seen) > 0);
}

fn real_time() {
    let seen = play(app(Clock::Own), "{}", "[{install: klaviyo}, {wait: 1s}]", true);
    let moved = |seen: &Event| matches!(seen, Event::Klaviyo(KlaviyoEvent::ClockMoved { .. }));
    assert!(!seen.timeline.iter().any(|entry| moved(&entry.event)));
    // The pause before each of two steps, and the wait.
    assert!(seen.timeline.last().is_some_and(|entry| entry.at_ms >= 5_000));
}

fn app(clock: Clock) -> AppFile {
    let mut file = fixture_app::file("flowcheck.yaml");
    file.timing.quiet = Duration::from_secs(1).into();
    file.start.as_mut().expect("flowcheck starts it").clock = clock;
    file
}

fn play(file: AppFile, given: &str, steps: &str, real_time: bool) -> Evidence {
    let text = format!(
        "id: test/time\ntitle: t\nwhy: w\napplies_to: {{trigger: true}}\ngiven: {given}\nsteps: {steps}\n\
         expects: [oauth.client-auth]\n"
    );
    let scenario = parse_scenario("time.yaml", &text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut outcome: Outcome = fixture_app::play_in(file, vec![Arc::new(scenario)], 1, real_time);
    let scenario = outcome.scenarios.remove(0);
    scenario.evidence.unwrap_or_else(|| panic!("{:?}", scenario.end))
}

/// Calls of the API with a token past its life.
fn expired(evidence: &Evidence) -> usize {
    let facts = facts(evidence);
    facts.filter(|facts| matches!(facts, Facts::Api(call) if call.token_state == TokenState::Expired)).count()
}

/// Refreshes that gave a token.
fn refreshes(evidence: &Evidence) -> usize {
    let refreshed = |facts: &&Facts| {
        matches!(facts, Facts::Token(call)
            if call.refresh_token.is_some() && matches!(call.outcome, TokenOutcome::Issued { .. }))
    };
    facts(evidence).filter(refreshed).count()
}

fn facts(evidence: &Evidence) -> impl Iterator<Item = &Facts> {
    evidence.timeline.iter().filter_map(|entry| match &entry.event {
        Event::Exchange(exchange) => Some(&exchange.facts),
        _ => None,
    })
}
