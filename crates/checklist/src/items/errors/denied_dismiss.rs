//! That message can be dismissed.

use flowcheck_evidence::{Page, PageKind, PagePart, Purpose};

use super::failed_attempt::denied;
use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::settings_page::unsure_of;
use crate::judging::wording::{FailureMessage, message_of_denial};
use crate::verdict::{Finding, Value, Verdict, statement};

/// `error.denied.dismiss`.
pub(crate) static ITEM: Item = Item {
    id: "error.denied.dismiss",
    group: Group::Errors,
    requirement: "That message can be dismissed",
    judged: "A button, link or close control leads back to a working page",
    source: documents::ERRORS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::ERROR_DENIED,
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (attempt, page) = match denied(flow) {
        Ok(seen) => seen,
        Err(verdict) => return verdict,
    };
    if message_of_denial(flow, page) == FailureMessage::Nothing {
        return Verdict::blocked_by("error.denied.message", "there was no message to dismiss");
    }
    let expected = "a button, link or close control that leads from the message back to a working page";
    let Some(dismissed) = attempt.events.acts().find(|act| act.it.purpose == Purpose::Dismiss) else {
        if let Some(review) = unsure_of(flow, PagePart::Dismiss, expected) {
            return review;
        }
        // That there is no such control means something only once it was looked for.
        return match attempt.events.failed_after(page.seq) {
            Some(_) => Verdict::Fail(
                Finding::app(
                    expected,
                    statement!("no such control beside \"{headline}\"", headline = Value::text(page.it.headline())),
                )
                .likely("the message is a dead end: nothing on it leads back into the app")
                .at(page.seq),
            ),
            None => cut_short(flow, "the message was dismissed"),
        };
    };
    match attempt.events.pages().find(|after| after.seq > dismissed.seq) {
        Some(after) if is_broken(after.it) => Verdict::Fail(
            Finding::app(
                expected,
                statement!(
                    "{gesture} led to \"{headline}\"",
                    gesture = &dismissed.it.gesture,
                    headline = Value::text(after.it.headline())
                ),
            )
            .hops(attempt.hop_lines(after.seq))
            .likely("the control leads to a page that does not work, or to the message again")
            .at(after.seq),
        ),
        Some(after) => Verdict::Pass(statement!(
            "{gesture} led to {page}",
            gesture = &dismissed.it.gesture,
            page = place(after.it, flow.setup)
        )),
        None => cut_short(flow, "a page was seen behind the message"),
    }
}

fn is_broken(page: &Page) -> bool {
    matches!(page.kind, PageKind::Error | PageKind::BrowserError | PageKind::Blank)
        || page.status.is_some_and(|status| status >= 400)
}
