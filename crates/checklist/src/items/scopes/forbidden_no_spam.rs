//! The user is told without being spammed.

use super::forbidden_told::notified;
use flowcheck_evidence::{Mail, Purpose};

use super::feature_use::{asking_mails, refusal};
use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::notice::notices;
use crate::verdict::{Finding, Value, Verdict, statement};

/// Uses of a feature that show whether its notice is repeated.
const USES: usize = 2;

/// `scope.forbidden.no-spam`.
pub(crate) static ITEM: Item = Item {
    id: "scope.forbidden.no-spam",
    group: Group::Scopes,
    requirement: "The user is told without being spammed",
    judged: "Several 403s bring one mail at most, and no page shows the same notice several times",
    source: documents::HANDLING,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::SCOPE_FORBIDDEN,
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (update, met) = match notified(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let allowed = flow.attempt_after(met).and_then(|attempt| attempt.decided(&Purpose::Allow));
    let until = allowed.unwrap_or(u32::MAX);
    let from = refusal(flow.events.after(met).before(until), &update).unwrap_or(met);
    let entries = flow.events.after(from).before(until);
    let expected = "one notice, however often Klaviyo refuses";
    let mails: Vec<(u32, &Mail)> = asking_mails(entries).collect();
    if let [_, (seq, mail), ..] = mails.as_slice() {
        return Verdict::Fail(
            Finding::app(
                expected,
                statement!(
                    "{mails} mails, \"{subject}\" the last",
                    mails = mails.len(),
                    subject = Value::text(&mail.subject)
                ),
            )
            .likely("each 403 sends a mail; when the user was last told is not kept")
            .at(*seq),
        );
    }
    for page in entries.pages() {
        let shown = notices(page.it);
        let repeated = shown.iter().enumerate().find(|(index, notice)| shown[..*index].contains(notice));
        if let Some((_, notice)) = repeated {
            return Verdict::Fail(
                Finding::app(
                    expected,
                    statement!(
                        "the same notice several times on {page}: \"{notice}\"",
                        page = place(page.it, flow.setup),
                        notice = Value::text(*notice)
                    ),
                )
                .likely("each 403 leaves a notice, and all of them are shown")
                .at(page.seq),
            );
        }
    }
    let uses =
        flow.events.after(update.seq).before(until).acts().filter(|act| act.it.purpose == Purpose::UseFeature).count();
    match allowed {
        Some(_) if uses >= USES => Verdict::Pass(statement!("used {uses} times, told once", uses)),
        Some(_) => Verdict::not_run("what the new scopes are for was used only once"),
        None => cut_short(flow, "the user authorized again"),
    }
}
