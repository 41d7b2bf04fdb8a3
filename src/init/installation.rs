//! What following an installation showed.

use super::exploration::clicked;
use super::scene_timeline::{linked_address, pages, request};
use super::tenants::asked;
use super::url_template::{as_written, page};
use crate::checklist::ScenarioOutcome;
use crate::doctor::{Blame, Finding, State, read_trial};
use crate::evidence::{
    AuthorizeCall, Entry, Event, Facts, Gesture, Page, PageKind, Purpose, StepKind, StepPhase, Tenancy, TokenOutcome,
};
use crate::scenario::AppFile;

/// What following an installation showed.
#[derive(Debug, Clone, Default)]
pub struct Installation {
    /// Whether the installation URL led by itself to Klaviyo's consent page, or to the tenant choice.
    pub led: bool,
    /// How the app asked for a tenant, and which ones it offered; none where it did not ask.
    pub tenants: Option<(Tenancy, Vec<String>)>,
    /// Whether the installation stopped there, since the user's tenants were not known.
    pub stopped_at_tenant: bool,
    /// The app's authorization request, with the redirect URI written as in `flowcheck.yaml`.
    pub request: Option<AuthorizeCall>,
    /// What the settings page said once the app was installed.
    pub shown: Option<String>,
    /// Whether the app got tokens.
    pub completed: bool,
    /// The address of the page that showed it, written as in `flowcheck.yaml`.
    pub shown_at: Option<String>,
    /// The control that disconnects.
    pub disconnect: Option<String>,
    /// The page at whose opening the installed app called Klaviyo, written as in `flowcheck.yaml`, and its call.
    pub calls: Option<(String, String)>,
    /// Findings to print.
    pub findings: Vec<Finding>,
}

impl Installation {
    /// Whether it came to its end, and the page that should show it does not.
    pub fn is_not_shown(&self) -> bool {
        let not_shown =
            |finding: &Finding| finding.name == "installed is seen" && matches!(finding.state, State::Fails { .. });
        self.findings.iter().any(not_shown)
    }
}

const DISCONNECT: &str = "disconnect";
/// Findings that were printed before, or are of no interest to `init`.
const TOLD: [&str; 3] = ["app", "login", "trigger"];

/// Reads the outcome of an installation of the app.
pub fn read_installation(outcome: &ScenarioOutcome, app: &AppFile) -> Installation {
    let timeline = outcome.evidence.as_ref().map_or([].as_slice(), |evidence| &evidence.timeline);
    let disconnects = step(timeline, |step| *step == StepKind::Disconnect, |phase| *phase == StepPhase::Began);
    let before = &timeline[..disconnects.unwrap_or(timeline.len())];
    let choice = pages(timeline).find_map(asked);
    let ended = install_ended(timeline);
    let phase = ended.and_then(|at| phase(&timeline[at]));
    let stopped_at_tenant = matches!(phase, Some(StepPhase::Failed(_)))
        && pages(&timeline[..ended.unwrap_or_default()]).last().and_then(asked).is_some();
    let base = outcome.evidence.as_ref().map_or(app.url.value.as_str(), |evidence| &evidence.setup.app.url);
    let written = |address: &str| as_written(address, base, &app.url.value);
    let mut seen = Installation {
        led: leads_by_itself(timeline) && (matches!(phase, Some(StepPhase::Done)) || stopped_at_tenant),
        tenants: choice.map(|asked| (asked.tenancy, asked.names)),
        stopped_at_tenant,
        request: timeline.iter().find_map(request).cloned().map(|mut asked| {
            asked.redirect_uri = asked.redirect_uri.as_deref().map(written);
            asked
        }),
        ..Installation::default()
    };
    if stopped_at_tenant {
        return seen;
    }
    // The doctor reads an installation up to the settings page.
    let mut trial = outcome.clone();
    if let Some(evidence) = &mut trial.evidence {
        evidence.timeline.truncate(before.len());
    }
    seen.findings = read_trial(&trial, app).into_iter().filter(|finding| !TOLD.contains(&finding.name)).collect();
    let shown = pages(before).last().filter(|page| page.kind == PageKind::Installed);
    seen.shown = shown.map(|page| page.why.join("; "));
    seen.shown_at = shown.map(|shown| written(&linked_address(&shown.url, timeline)));
    seen.completed = timeline.iter().any(has_tokens);
    seen.calls = calls_at_a_page(before).map(|(at, call)| (written(&page(at)), call));
    if let Some(from) = disconnects
        && seen.shown.is_some()
    {
        let after = &timeline[from..];
        seen.disconnect = after.iter().rfind(|entry| is_control(entry)).and_then(clicked);
        let gone =
            pages(after).last().filter(|page| page.kind == PageKind::NotInstalled && page.certainty >= Page::SURE);
        seen.findings.push(match (&seen.disconnect, gone) {
            (Some(name), Some(_)) => Finding::holds(DISCONNECT, format!("\"{name}\" disconnects")),
            (Some(name), None) => Finding::unknown(
                DISCONNECT,
                format!("\"{name}\" was used, and the app does not show that it is disconnected; flowcheck run uninstall"),
            ),
            (None, _) => Finding::unknown(
                DISCONNECT,
                "no control that surely disconnects was found beside the one that connects; flowcheck run uninstall shows what is there",
            ),
        });
    }
    if seen.findings.is_empty() {
        seen.findings.push(Finding::fails("install URL", Blame::Configuration, "nothing was seen", "flowcheck doctor"));
    }
    seen
}

/// The page of the settings at whose opening the app called Klaviyo, and its call: it came between the opening and the page at rest.
fn calls_at_a_page(timeline: &[Entry]) -> Option<(&str, String)> {
    let looks = step(timeline, |step| *step == StepKind::LookAtSettings, |phase| *phase == StepPhase::Began)?;
    let after = &timeline[looks..];
    let opened = after
        .iter()
        .position(|entry| matches!(&entry.event, Event::Act(act) if matches!(act.gesture, Gesture::Opened { .. })))?;
    let rests = after[opened..].iter().position(|entry| matches!(entry.event, Event::Page(_)))? + opened;
    let Event::Page(page) = &after[rests].event else { return None };
    after[opened..rests].iter().find_map(|entry| match &entry.event {
        Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_)) => {
            Some((page.url.as_str(), format!("{} {}", exchange.method, exchange.path)))
        }
        _ => None,
    })
}

/// Where the step ended that goes from the listing to consent.
fn install_ended(timeline: &[Entry]) -> Option<usize> {
    let installs = |step: &StepKind| matches!(step, StepKind::Install(_) | StepKind::InstallOnHost);
    step(timeline, installs, |phase| *phase != StepPhase::Began)
}

/// Whether nobody had to help on the way to consent. What the app asks behind it, such as onboarding, does not speak against the URL.
fn leads_by_itself(timeline: &[Entry]) -> bool {
    !timeline[..install_ended(timeline).unwrap_or(timeline.len())].iter().any(strays)
}

fn step(timeline: &[Entry], is: impl Fn(&StepKind) -> bool, fits: impl Fn(&StepPhase) -> bool) -> Option<usize> {
    timeline.iter().position(|entry| matches!(&entry.event, Event::Step(mark) if is(&mark.step) && fits(&mark.phase)))
}

fn phase(entry: &Entry) -> Option<&StepPhase> {
    match &entry.event {
        Event::Step(mark) => Some(&mark.phase),
        _ => None,
    }
}

/// Whether tokens were issued by this exchange.
fn has_tokens(entry: &Entry) -> bool {
    let Event::Exchange(exchange) = &entry.event else { return false };
    matches!(&exchange.facts, Facts::Token(call) if matches!(call.outcome, TokenOutcome::Issued { .. }))
}

fn strays(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Act(act) if matches!(act.purpose, Purpose::Recover(_) | Purpose::StartAnew(_)))
}

fn is_control(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Act(act) if matches!(act.purpose, Purpose::Disconnect { control: true, .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Act, Obstacle, PageRef, Start, StepMark};

    #[test]
    fn what_stands_behind_consent_does_not_speak_against_the_installation_url() {
        let mark = |phase| {
            let step = StepKind::Install(Start::Klaviyo);
            Event::Step(Box::new(StepMark { index: 0, step, line: 1, phase }))
        };
        let helps = || {
            let page = PageRef { path: "/welcome".to_owned(), headline: String::new() };
            let purpose = Purpose::Recover(Obstacle::Page(page));
            Event::Act(Act { user: String::new(), purpose, gesture: Gesture::PressedEnter })
        };
        let led = |events: Vec<Event>| {
            let timeline: Vec<Entry> = (0..).zip(events).map(|(seq, event)| Entry { seq, at_ms: 0, event }).collect();
            leads_by_itself(&timeline)
        };
        assert!(led(vec![mark(StepPhase::Began), mark(StepPhase::Done), helps()]));
        assert!(!led(vec![mark(StepPhase::Began), helps(), mark(StepPhase::Done)]));
        assert!(!led(vec![mark(StepPhase::Began), helps()]));
    }
}
