//! A callback with a missing or altered state is refused without a token request, and the app survives.

use flowcheck_evidence::{Act, PageKind, Purpose, Tampering};

use super::callback_visits::{in_words, not_opened};
use crate::flow::{At, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::retry_outcome::{RetryOutcome, retry_outcome};
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Verdict};

/// `oauth.state.checked`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.state.checked",
    group: Group::Oauth,
    requirement: "A callback with a missing or altered state is refused without a token request, and the app survives",
    judged: "Both are opened in the user's browser with a good code; the user installs after it. Another user's state is judged by oauth.state.bound",
    source: documents::STATE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::OAUTH_STATE,
    guidance: Topic::Authorize,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = "a callback whose state is missing or altered to be refused, without a token request";
    let mut ended = Vec::new();
    let tampered = |act: &At<'_, Act>| {
        matches!(act.it.purpose, Purpose::Callback(Tampering::Missing | Tampering::Altered)).then_some(act.seq)
    };
    for act in flow.events.acts().filter(|act| tampered(act).is_some()) {
        let (rest, has_ended) = flow.events.rest_of_step(act.seq);
        let missing = act.it.purpose == Purpose::Callback(Tampering::Missing);
        let what = if missing { "without a state" } else { "with an altered state" };
        if let Some(call) = rest.code_exchanges().next() {
            let finding = Finding::app(expected, format!("{} after a callback {what}", in_words(&call)))
                .likely(if missing {
                    "the callback looks at state only where there is one"
                } else {
                    "the callback does not compare state with the one that was sent"
                })
                .at(call.seq);
            return Verdict::Fail(finding);
        }
        if let Some(page) = rest.pages().find(|page| page.it.kind == PageKind::BrowserError) {
            let saw = format!("no answer to a callback {what}");
            return Verdict::Fail(
                Finding::app(expected, saw).likely("the app crashed or hung over it; its log tells more").at(page.seq),
            );
        }
        if has_ended {
            ended.push((missing, act.seq));
        }
    }
    let (Some(last), true, true) = (
        ended.iter().map(|(_, seq)| *seq).max(),
        ended.iter().any(|(missing, _)| *missing),
        ended.iter().any(|(missing, _)| !*missing),
    ) else {
        return not_opened(flow, "callbacks without and with an altered state were opened");
    };
    survives_refusing(flow, last, expected)
}

/// After callbacks that were refused, the user can still install.
fn survives_refusing(flow: &Flow<'_>, last: u32, expected: &str) -> Verdict {
    let (earlier, later) = flow.attempts_around(last);
    let Some(attempt) = later.first() else { return cut_short(flow, "the app was installed after that") };
    let stuck = match retry_outcome(flow, attempt, earlier, "the installation after that was seen to its end") {
        RetryOutcome::AsWell => {
            let saw = "both refused without a token request, and the user could install after it";
            return Verdict::Pass(saw.to_owned());
        }
        RetryOutcome::Unknown(verdict) => return verdict,
        RetryOutcome::Worse(stuck) => stuck,
    };
    let stop = Stop::last_page(attempt, stuck);
    let saw = format!("installing after it leads to {}", stop.words(flow.setup));
    Verdict::Fail(
        Finding::app(expected, saw)
            .hops(attempt.hop_lines(stop.seq()))
            .likely("one bad callback is remembered against the user")
            .at(stop.seq()),
    )
}
