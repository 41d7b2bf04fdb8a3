//! Uninstalled in Klaviyo, the app shows itself as uninstalled.

use flowcheck_evidence::{AppEvent, Declared, Entry, Event, PageKind, Place, StepKind, StepPhase, StepProblem};

use super::ended_install::{before_next_start, met_refusal, uninstalled_in_klaviyo};
use crate::flow::{At, Flow, Window, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{review, shows, signs};
use crate::judging::not_run::cut_short;
use crate::judging::retry_outcome::started_again;
use crate::judging::settings_page::{is_not_found, or_not_found};
use crate::verdict::{Finding, Value, Verdict, statement};

/// `uninstall.klaviyo.shown`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.klaviyo.shown",
    group: Group::Uninstall,
    requirement: "Uninstalled in Klaviyo, the app shows itself as uninstalled",
    judged: "The state of its settings page as it is opened, and once more after its trigger",
    source: documents::FROM_KLAVIYO,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "take a 401 after a failed refresh for the end of the install, and mark the connection as ended",
    guidance: Topic::Ended,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let after = match uninstalled_in_klaviyo(flow) {
        Ok(after) => after,
        Err(verdict) => return verdict,
    };
    shown_in(flow, before_next_start(flow, after), after)
}

/// Whether the app shows itself as uninstalled in a stretch of the timeline after its install has ended at Klaviyo.
pub(crate) fn shown_in(flow: &Flow<'_>, seen: Window<'_>, after: u32) -> Verdict {
    let expected = "the app no longer showing itself as installed";
    let looks = seen.looks(|place| matches!(place, Place::Settings(_)));
    // The page as it is opened first, as a reviewer opens it, or after a call that Klaviyo refused: once it shows it, it knows.
    if let Some(page) = looks.iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        if let Some(verdict) = started_again(flow, after, page.seq) {
            return verdict;
        }
        return Verdict::Pass(statement!(
            "{page} shows {signs}",
            page = place(page.it, flow.setup),
            signs = signs(page.it)
        ));
    }
    if let Declared::Absent(why) = &flow.setup.app.settings {
        return Verdict::NotApplicable(statement!("{why}", why = Value::text(why)));
    }
    if let Some(failed) = failed_trigger(seen) {
        return Verdict::not_run(failed.it);
    }
    let Some(last) = looks.last() else { return cut_short(flow, "the app's settings were looked at") };
    if is_not_found(flow) {
        let saw = statement!(
            "no page that shows it: {page} is \"{headline}\"",
            page = place(last.it, flow.setup),
            headline = Value::text(last.it.headline())
        );
        return Verdict::Fail(or_not_found(Finding::app(expected, saw).at(last.seq), flow));
    }
    if !shows(last.it, PageKind::Installed) {
        return review(expected, last, flow.setup);
    }
    let finding = Finding::app(
        expected,
        statement!("{page} shows {signs}", page = place(last.it, flow.setup), signs = signs(last.it)),
    )
    .at(last.seq);
    let before = seen.before(last.seq).entries();
    let triggered = |entry: &Entry| matches!(entry.event, Event::App(AppEvent::Triggered(_)));
    let likely = match &flow.setup.app.trigger {
        _ if before.iter().any(met_refusal) => {
            "the page shows what the app once stored, not whether the tokens are still good"
        }
        Declared::Given if !before.iter().any(triggered) => {
            let saw = statement!(
                "{saw}; but the app had met no 401 and had no trigger to call Klaviyo",
                saw = finding.saw.clone()
            );
            return Verdict::Review(Finding { saw, ..finding });
        }
        // A job that nobody declared may ask; whether the app ever learns of it is not seen.
        Declared::Nothing => {
            return Verdict::not_run(
                "no page of the app called Klaviyo after the uninstall: declare the job that does in flowcheck.yaml, as `trigger`, \
                 or that there is none, as `trigger: { none: REASON }`",
            );
        }
        _ => "nothing asks Klaviyo whether the tokens are still good",
    };
    Verdict::Fail(finding.likely(likely))
}

/// A trigger that could not be used, by which the app might have learned of the uninstall.
fn failed_trigger(seen: Window<'_>) -> Option<At<'_, StepProblem>> {
    seen.steps().find_map(|mark| match (&mark.it.step, &mark.it.phase) {
        (StepKind::Trigger, StepPhase::Failed(why)) => Some(mark.part(why)),
        _ => None,
    })
}
