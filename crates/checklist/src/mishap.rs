//! An app that ended, hung, or called without end: its fault, and told on the item that was in progress.

use super::view::{At, ended_after, short, steps};
use super::{Blame, Finding, ItemId, JudgedItem, Verdict};
use flowcheck_evidence::{AppEvent, Entry, Event, Evidence, StepPhase, clip};

/// Characters of the app's log that a failure quotes.
const LINE: usize = 100;

/// Tells each verdict that a mishap of the app explains by that mishap. What was met before it stays as it is; the first item
/// that it kept from being judged fails, unless another already fails by it, and the rest are blocked by that one.
pub(super) fn explain(mut judged: Vec<JudgedItem>, evidence: &Evidence) -> Vec<JudgedItem> {
    let all: Vec<_> = mishaps(evidence).collect();
    for (index, mishap) in all.iter().enumerate() {
        blame(&mut judged, *mishap, index + 1 == all.len(), evidence);
    }
    // An app that ends has failed, whatever it was at; one that ends again and again has failed once.
    let words: Vec<String> = all.iter().map(|mishap| in_words(mishap.it, evidence)).collect();
    let is_told = |one: &JudgedItem| matches!(&one.verdict, Verdict::Fail(finding) if words.contains(&finding.saw));
    if let Some(end) = all.iter().find(|mishap| ends_the_app(mishap.it))
        && !judged.iter().any(is_told)
        && let Some(last) = judged.iter_mut().rfind(|one| matches!(one.verdict, Verdict::Pass(_)))
    {
        last.verdict = fails(*end, &in_words(end.it, evidence), evidence);
    }
    judged
}

/// Each mishap as a failure tells of it, with what it was and where, but for figures that differ from one time to the next.
pub(super) fn met_in(evidence: &Evidence) -> Vec<(String, String)> {
    mishaps(evidence).map(|mishap| (in_words(mishap.it, evidence), mark(mishap, evidence))).collect()
}

/// Blames a mishap for what it explains: what was met in its step, and if nothing went well after it, all that was to come.
fn blame(judged: &mut [JudgedItem], mishap: At<'_, AppEvent>, is_last: bool, evidence: &Evidence) {
    // Until the step is over, what it was there for may still come.
    let Some(over) = ended_after(&evidence.timeline, mishap.seq) else { return };
    let ended_the_app = ends_the_app(mishap.it);
    let goes_on = !is_last || started_again(evidence, mishap);
    let cut_short = evidence.since(over.seq).iter().any(|entry| matches!(entry.event, Event::HarnessError(_)));
    let nothing_more = is_last && cut_short || ended_the_app && !goes_on;
    let then = step_began(evidence, mishap.seq)..=if goes_on { over.seq } else { u32::MAX };
    let told = in_words(mishap.it, evidence);
    let mut blamed: Option<ItemId> = None;
    // In the order in which a scenario gets to its items.
    for one in judged.iter_mut() {
        let open = match &mut one.verdict {
            Verdict::Fail(finding)
                if finding.blame == Blame::App && finding.at.is_some_and(|at| then.contains(&at)) =>
            {
                finding.saw.clone_from(&told);
                finding.likely = Some(cause(mishap.it, evidence));
                blamed.get_or_insert_with(|| one.item.clone());
                false
            }
            Verdict::NotRun { blocked_by: None, .. } => nothing_more,
            Verdict::Review(finding) => finding.at.is_none_or(|at| then.contains(&at)),
            _ => false,
        };
        if !open {
            continue;
        }
        one.verdict = if let Some(item) = &blamed {
            Verdict::NotRun { reason: told.clone(), blocked_by: Some(item.clone()) }
        } else {
            blamed = Some(one.item.clone());
            fails(mishap, &told, evidence)
        };
    }
}

fn fails(mishap: At<'_, AppEvent>, told: &str, evidence: &Evidence) -> Verdict {
    let finding = Finding::app("the app to answer to the end", told);
    Verdict::Fail(finding.likely(cause(mishap.it, evidence)).at(mishap.seq))
}

fn ends_the_app(event: &AppEvent) -> bool {
    matches!(event, AppEvent::Exited(_) | AppEvent::Stormed { .. })
}

/// Whether the app was started again after it had ended.
fn started_again(evidence: &Evidence, mishap: At<'_, AppEvent>) -> bool {
    let is_ready = |entry: &Entry| matches!(entry.event, Event::App(AppEvent::Ready(_)));
    ends_the_app(mishap.it) && evidence.since(mishap.seq).iter().any(is_ready)
}

fn mark(mishap: At<'_, AppEvent>, evidence: &Evidence) -> String {
    match mishap.it {
        AppEvent::Exited(how) => {
            let before = evidence.timeline.iter().take_while(|entry| entry.seq < mishap.seq);
            let asked = before.filter_map(|entry| match &entry.event {
                Event::Hop(hop) => Some(short(&hop.url, evidence)),
                _ => None,
            });
            format!("{how} at {}", asked.last().unwrap_or_default())
        }
        AppEvent::Stalled { url, begun, .. } => format!("stalled, {begun}, at {}", short(url, evidence)),
        AppEvent::Stormed { endpoint, .. } => format!("stormed {endpoint}"),
        AppEvent::LimitedLogin(_) => "limited logins".to_owned(),
        _ => String::new(),
    }
}

fn mishaps(evidence: &Evidence) -> impl Iterator<Item = At<'_, AppEvent>> {
    evidence.timeline.iter().filter_map(|entry| match &entry.event {
        Event::App(event) if event.is_incident() => Some(At { seq: entry.seq, it: event }),
        _ => None,
    })
}

/// Where the step began in which something happened.
fn step_began(evidence: &Evidence, at: u32) -> u32 {
    let began = steps(&evidence.timeline).filter(|mark| mark.it.phase == StepPhase::Began && mark.seq <= at);
    began.last().map_or(0, |mark| mark.seq)
}

fn in_words(event: &AppEvent, evidence: &Evidence) -> String {
    match event {
        AppEvent::Exited(how) => format!("the app {how}"),
        AppEvent::Stalled { url, begun: false, after_ms } => {
            format!("the app answered nothing for {} s at {}", seconds(*after_ms), short(url, evidence))
        }
        AppEvent::Stalled { url, begun: true, after_ms } => {
            let place = short(url, evidence);
            format!("{place} was still loading after {} s without news", seconds(*after_ms))
        }
        AppEvent::Stormed { endpoint, calls, within_ms } => {
            format!("the app called {endpoint} {calls} times in {} s", seconds(*within_ms))
        }
        AppEvent::LimitedLogin(how) => format!("the app refused the login: {how}"),
        _ => String::new(),
    }
}

/// Whole seconds, at least one.
fn seconds(ms: u64) -> u64 {
    (ms + 500) / 1_000 + u64::from(ms < 500)
}

fn cause(event: &AppEvent, evidence: &Evidence) -> String {
    match event {
        AppEvent::Exited(_) => {
            let mut lines = evidence.timeline.iter().filter_map(|entry| match &entry.event {
                Event::App(AppEvent::Log(line)) => Some(line.as_str()),
                _ => None,
            });
            match lines.next_back() {
                Some(line) => format!("its last words: {}", clip(line, LINE)),
                None => "it crashed; its log tells more".to_owned(),
            }
        }
        AppEvent::Stalled { begun: false, .. } => {
            "it waits for something that does not come; calls to Klaviyo need a deadline of their own".to_owned()
        }
        AppEvent::Stalled { begun: true, .. } => "it begins an answer and never ends it".to_owned(),
        AppEvent::Stormed { .. } => "a call that fails is repeated at once and without end".to_owned(),
        AppEvent::LimitedLogin(_) => "it limits logins; allow more of them where flowcheck runs".to_owned(),
        _ => String::new(),
    }
}
