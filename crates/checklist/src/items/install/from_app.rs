//! The installation can also be started in the app itself.

use flowcheck_evidence::{Declared, Page, PageKind, PagePart, Start};

use crate::flow::{At, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{shows, signs};
use crate::judging::not_run::{cut_short, failed_to_start_in_app};
use crate::judging::path_to_consent::completes_from_there;
use crate::judging::settings_page::{or_not_found, unsure_of};
use crate::verdict::{Blame, Finding, Value, Verdict, statement};

/// `install.from-app`.
pub(crate) static ITEM: Item = Item {
    id: "install.from-app",
    group: Group::Install,
    requirement: "The installation can also be started in the app itself",
    judged: "The app's own connect control leads to consent, and the installation completes",
    source: documents::BOTH_SIDES,
    tier: Tier::Gate,
    judge,
    causes: &[
        &usual_causes::APP_ENDED,
        &usual_causes::CALLBACK_WITHOUT_SESSION,
        &usual_causes::FORM_ACTION,
        &usual_causes::REDIRECT_LOOP,
        &usual_causes::EXCHANGE_REFUSED,
        &usual_causes::CALLBACK_MISSING,
        &usual_causes::SESSION_LOST,
        &usual_causes::CRASHED,
        &usual_causes::NEVER_EXCHANGED,
    ],
    remedy: "put a control named \"Connect Klaviyo\" on the settings page, leading to the installation URL",
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let Some(attempt) = flow.attempts.iter().find(|attempt| attempt.start == Start::App) else {
        return match failed_to_start_in_app(flow) {
            Some((seq, why)) => {
                let page = flow.events.before(seq).pages().next_back();
                if let Some(page) = page.filter(|page| shows(page.it, PageKind::Installed)) {
                    return Verdict::Fail(already_connected(flow, page));
                }
                let saw = page.map_or_else(
                    || why.into(),
                    |page| {
                        statement!(
                            "none at {page} (\"{headline}\")",
                            page = place(page.it, flow.setup),
                            headline = Value::text(page.it.headline())
                        )
                    },
                );
                if let Declared::Absent(why) = &flow.setup.app.settings {
                    return Verdict::NotApplicable(statement!("{why}", why = Value::text(why)));
                }
                let expected = "a control in the app's settings that connects Klaviyo";
                if let Some(review) = unsure_of(flow, PagePart::Connect, expected) {
                    return review;
                }
                let finding = Finding::app(expected, saw)
                    .likely("the app has none, its name does not say so, or `pages.settings` in flowcheck.yaml names another page")
                    .at(page.map_or(seq, |page| page.seq));
                Verdict::Fail(or_not_found(finding, flow))
            }
            None => cut_short(flow, "the installation was started in the app"),
        };
    };
    completes_from_there(
        flow,
        attempt,
        "the app's own connect control to lead to Klaviyo's consent page, and the installation to complete",
        "the connect control does not start an installation",
    )
}

/// Nothing was installed in this scenario, and the app says that it is: it kept that from before.
fn already_connected(flow: &Flow<'_>, page: At<'_, Page>) -> Finding {
    let saw = statement!("{page} shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it));
    Finding::app("an app that is not connected yet when the scenario begins", saw)
        .likely(
            "the app keeps its connections from before the scenario; let `start` in flowcheck.yaml name {data}, or say in `reset` how they are undone",
        )
        .blame(Blame::Config)
        .at(page.seq)
}
