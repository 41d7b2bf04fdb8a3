//! A disconnect option is easy to find in the app.

use flowcheck_evidence::{PagePart, Purpose};

use super::ended_install::{installed_at, question_left};
use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::never_shown_installed::never_shown;
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::settings_page::{or_not_found, unsure_of};
use crate::verdict::{Finding, Value, Verdict, statement};

/// Clicks within which a disconnect control is easy to find.
const EASY: u32 = 2;

/// `uninstall.app.findable`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.app.findable",
    group: Group::Uninstall,
    requirement: "A disconnect option is easy to find in the app",
    judged: "A control with a telling name, at most two clicks from the app's settings",
    source: documents::FROM_APP,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "put a control named \"Disconnect Klaviyo\" on the page that shows the integration",
    guidance: Topic::Disconnect,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let expected = "a control with a telling name that disconnects Klaviyo, at most two clicks from the app's settings";
    let found = flow.events.acts().find_map(|act| match act.it.purpose {
        Purpose::Disconnect { clicks, control: true } => Some((act, clicks)),
        _ => None,
    });
    if let (Some((act, _)), Some((page, control))) = (&found, question_left(flow)) {
        let saw = statement!(
            "{gesture}, which brought \"{control}\" on {page}: it may be a question, and flowcheck knew no answer",
            gesture = &act.it.gesture,
            control = Value::text(&control.name),
            page = place(page.it, flow.setup)
        );
        let likely = "the app asks once more, in words that flowcheck does not know; `overrides.confirm` in flowcheck.yaml can name the control that says yes";
        return Verdict::Review(Finding::app(expected, saw).likely(likely).at(page.seq));
    }
    match found {
        Some((act, clicks)) if clicks <= EASY => {
            Verdict::Pass(statement!("{gesture}, click {clicks}", gesture = &act.it.gesture, clicks = clicks))
        }
        Some((act, clicks)) => Verdict::Fail(
            Finding::app(
                expected,
                statement!("{gesture} is {clicks} clicks away", gesture = &act.it.gesture, clicks = clicks),
            )
            .at(act.seq),
        ),
        None => match flow.events.failed_after(installed_at(flow)) {
            Some(failed) => {
                if let Some(blocked) = never_shown(flow, failed.seq) {
                    return blocked;
                }
                let page = flow.events.before(failed.seq).pages().next_back();
                if page.is_some_and(|page| !page.it.kind.is_the_apps()) {
                    // It came to no page of the app's.
                    return cut_short(flow, "a disconnect control was looked for");
                }
                if let Some(review) = unsure_of(flow, PagePart::Disconnect, expected) {
                    return review;
                }
                let saw = page.map_or_else(
                    || "none".into(),
                    |page| {
                        statement!(
                            "none at {page} (\"{headline}\")",
                            page = place(page.it, flow.setup),
                            headline = Value::text(page.it.headline())
                        )
                    },
                );
                let finding = Finding::app(expected, saw)
                    .likely("the app has no way to disconnect, or its name does not say so")
                    .at(page.map_or(failed.seq, |page| page.seq));
                Verdict::Fail(or_not_found(finding, flow))
            }
            None => cut_short(flow, "a disconnect control was looked for"),
        },
    }
}
