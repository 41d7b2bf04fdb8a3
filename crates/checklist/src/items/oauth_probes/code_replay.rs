//! Reloading or revisiting the callback does no harm.

use flowcheck_evidence::{Declared, Page, PageKind, Place, Purpose, Tampering};

use super::callback_visits::breaks;
use crate::flow::{At, Attempt, Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{review, shows, signs};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::settings_page::is_not_found;
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Verdict, statement};

/// `oauth.code-replay`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.code-replay",
    group: Group::Oauth,
    requirement: "Reloading or revisiting the callback does no harm",
    judged: "Reload, Back and the same callback again after installing: no second token request, still installed",
    source: documents::REPLAY,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "forget the attempt once its code is exchanged, and answer a second visit with the page the first led to",
    guidance: Topic::Callback,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let expected = "reloading and revisiting the callback to change nothing";
    let installed = flow.attempts.iter().find_map(Attempt::issued).map_or(0, |call| call.seq);
    let mut replayed = None;
    for act in flow.events.since(installed).acts() {
        match act.it.purpose {
            Purpose::Revisit(_) => {}
            Purpose::Callback(Tampering::Replayed) => replayed = Some(act.seq),
            _ => continue,
        }
        let (rest, _) = flow.events.rest_of_step(act.seq);
        if let Some(call) = rest.code_exchanges().next() {
            let saw =
                statement!("the code sent to the token endpoint a second time: {gesture}", gesture = &act.it.gesture);
            return Verdict::Fail(
                Finding::app(expected, saw)
                    .likely("a state that was used works again; Klaviyo may end the installation's tokens over it")
                    .at(call.seq),
            );
        }
        let broken = |page: &At<'_, Page>| breaks(page.it.kind, page.it.status);
        if let Some(page) = rest.pages().find(broken) {
            let saw = statement!(
                "{gesture}: {stop}",
                gesture = &act.it.gesture,
                stop = Stop::at_rest(page).words(flow.setup)
            );
            return Verdict::Fail(
                Finding::app(expected, saw).likely("an attempt that is over is taken for a bug").at(page.seq),
            );
        }
    }
    let first = flow.events.since(installed).acts().find(|act| matches!(act.it.purpose, Purpose::Revisit(_)));
    let after = first.map_or(u32::MAX, |act| act.seq);
    let seen = flow.events.since(after).looks(|place| matches!(place, Place::Settings(_)));
    if let Some(page) = seen.iter().find(|page| shows(page.it, PageKind::NotInstalled)) {
        let saw = statement!("{page} then shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it));
        return Verdict::Fail(
            Finding::app(expected, saw).likely("the second visit puts away what the first had stored").at(page.seq),
        );
    }
    match (replayed, seen.last()) {
        (Some(replayed), Some(page)) if page.seq > replayed => {
            let works = flow.events.after(replayed).api_calls().any(|call| call.succeeded());
            let has_none = is_not_found(flow) || matches!(flow.setup.app.settings, Declared::Absent(_));
            if shows(page.it, PageKind::Installed) {
                Verdict::Pass("no second token request, and still installed".into())
            } else if works || has_none {
                // What Klaviyo knows decides where no page says it.
                Verdict::Pass("no second token request, and no page tells of trouble".into())
            } else {
                review(expected, page, flow.setup)
            }
        }
        _ => cut_short(flow, "the app's settings were looked at after all that"),
    }
}
