//! Installing takes no manual, avoidable step.

use flowcheck_evidence::Purpose;

use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::host;
use crate::judging::not_run::{not_started, undecided};
use crate::judging::token_refusal::refused_before;
use crate::verdict::{Finding, Value, Verdict, counted, statement};

/// Characters of the runner's words that a likely cause quotes.
const QUOTED: usize = 80;

/// `install.no-manual-steps`.
pub(crate) static ITEM: Item = Item {
    id: "install.no-manual-steps",
    group: Group::Install,
    requirement: "Installing takes no manual, avoidable step",
    judged: "Clicks and fields other than login, sign-up, tenant and consent are counted; there are none",
    source: documents::MANUAL,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "do by yourself what the page asks the user for, or ask after the installation is complete",
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let all = &flow.attempts;
    let Some(attempt) = all.first() else { return not_started(flow) };
    let avoidable: Vec<_> = attempt.unforeseen_acts().collect();
    let Some(first) = avoidable.first() else {
        // Some apps ask for more only after consent, so the decision must have been seen to its end, too.
        let decided = attempt.decided(&Purpose::Allow).or(attempt.decided(&Purpose::Deny));
        return if decided.is_some() && attempt.is_over() {
            Verdict::Pass("no click and no field beyond login, sign-up, tenant and consent".into())
        } else {
            undecided(flow, attempt)
        };
    };
    if let Some(blocked) = refused_before(attempt, first.seq) {
        return blocked;
    }
    let platform = host(flow.setup).map(|platform| platform.url.as_str());
    let path_only = |what: &str| {
        let what = what.replace(&flow.setup.app.url, "");
        platform.map_or_else(|| what.clone(), |platform| what.replace(platform, ""))
    };
    let list: Vec<Value> = avoidable.iter().map(|act| Value::text(path_only(&act.it.gesture.to_string()))).collect();
    let steps = counted(list.len(), "avoidable step", "avoidable steps");
    let saw = statement!("{steps}: {gestures}", steps, gestures = Value::list(", ", list));
    let likely = match &first.it.purpose {
        Purpose::Recover(what) => {
            statement!(
                "the app could do by itself what it stops the user for: {what}",
                what = Value::clipped(what, QUOTED)
            )
        }
        Purpose::StartAnew(what) => {
            statement!(
                "the way ends, and the user has to begin anew in the app: {what}",
                what = Value::clipped(what, QUOTED)
            )
        }
        _ => "".into(),
    };
    Verdict::Fail(
        Finding::app("no step beyond login, sign-up, tenant and consent", saw)
            .hops(attempt.hop_lines(first.seq))
            .likely(likely)
            .at(first.seq),
    )
}
