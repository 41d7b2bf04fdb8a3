//! The app shows itself as installed.

use flowcheck_evidence::{Declared, Page, PageKind, Place, Purpose};

use crate::flow::{At, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{review, shows, signs};
use crate::judging::not_run::{cut_short, not_started, without_tokens};
use crate::judging::retry_outcome::started_again;
use crate::judging::settings_page::{is_not_found, or_not_found};
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Value, Verdict, statement};

/// `install.shown`.
pub(crate) static ITEM: Item = Item {
    id: "install.shown",
    group: Group::Install,
    requirement: "The app shows itself as installed",
    judged: "The state on the landing page and on the settings page",
    source: documents::BOTH_SIDES,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "let the page that shows the integration read the tokens that the callback stored",
    guidance: Topic::Callback,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let Some(attempt) = flow.attempts.iter().rfind(|attempt| attempt.issued().is_some()) else {
        return not_started(flow);
    };
    let expected = "the app showing itself as installed after Allow";
    let settings = attempt.events.looks(|place| matches!(place, Place::Settings(_))).first().copied();
    let landing = attempt.landing(&Purpose::Allow).filter(|_| attempt.is_over());
    let denies = |page: &At<'_, Page>| shows(page.it, PageKind::NotInstalled);
    if let Some(page) = [settings, landing].into_iter().flatten().find(denies) {
        if let Some(verdict) = started_again(flow, attempt.began, page.seq) {
            return verdict;
        }
        let saw = statement!("{page} shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it));
        let finding = Finding::app(expected, saw)
            .likely("the tokens are kept where the page does not look for them")
            .at(page.seq);
        return Verdict::Fail(finding);
    }
    let unknown = flow.setup.app.settings != Declared::Given && is_not_found(flow);
    let absent = matches!(flow.setup.app.settings, Declared::Absent(_));
    match (settings, landing) {
        (Some(settings), _) if shows(settings.it, PageKind::Installed) => Verdict::Pass(statement!(
            "{page} shows {signs}",
            page = place(settings.it, flow.setup),
            signs = signs(settings.it)
        )),
        // The answer of the callback is all that such an app shows.
        (_, Some(landing)) if (unknown || absent) && shows(landing.it, PageKind::Installed) => Verdict::Pass(
            statement!("{page} shows {signs}", page = place(landing.it, flow.setup), signs = signs(landing.it)),
        ),
        (Some(settings), _) if unknown => {
            let saw = statement!(
                "no page that shows it: {page} is \"{headline}\"",
                page = place(settings.it, flow.setup),
                headline = Value::text(settings.it.headline())
            );
            Verdict::Fail(or_not_found(Finding::app(expected, saw).at(settings.seq), flow))
        }
        (Some(settings), _) if !absent && matches!(settings.it.kind, PageKind::Error | PageKind::BrowserError) => {
            Verdict::Fail(
                Finding::app(expected, Stop::at_rest(settings).words(flow.setup))
                    .likely("the page that shows the state does not work for a user who has installed the app")
                    .at(settings.seq),
            )
        }
        (_, Some(landing)) if absent => review(expected, &landing, flow.setup),
        (Some(settings), _) => review(expected, &settings, flow.setup),
        (None, _) => cut_short(flow, "the app's settings were looked at"),
    }
}
