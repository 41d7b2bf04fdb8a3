//! A callback with a missing or altered state is refused without a token request, and the app survives.

use flowcheck_evidence::{PageKind, Purpose, Tampering, TokenCall, TokenOutcome};

use super::callback_visits::{in_words, not_opened};
use crate::flow::{At, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::retry_outcome::{RetryOutcome, retry_outcome};
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// `oauth.state.checked`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.state.checked",
    group: Group::Oauth,
    requirement: "A callback with a missing or altered state is refused without a token request, and the app survives",
    judged: "Callbacks without a state, and with an empty, altered, shorter, longer, unsigned or otherwise changed one, each with a good code; the user installs after it. Another user's state is judged by oauth.state.bound",
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
    let mut accepted = Vec::new();
    let mut unanswered = Vec::new();
    let mut refused = Vec::new();
    for act in flow.events.acts() {
        let Purpose::Callback(tampering) = act.it.purpose else { continue };
        if !tampering.is_of_state() {
            continue;
        }
        let (rest, has_ended) = flow.events.rest_of_step(act.seq);
        if let Some(call) = rest.code_exchanges().next() {
            accepted.push((tampering, call));
        } else if let Some(page) = rest.pages().find(|page| page.it.kind == PageKind::BrowserError) {
            unanswered.push((tampering, page.seq));
        } else if has_ended {
            refused.push((tampering, act.seq));
        }
    }
    let issued = |call: &At<'_, TokenCall>| matches!(call.it.outcome, TokenOutcome::Issued { .. });
    // The worst counts: tokens issued, a request for some, and no answer at all.
    let worst = accepted.iter().find(|(_, call)| issued(call)).or_else(|| accepted.first());
    if let Some((tampering, call)) = worst {
        let all: Vec<Tampering> = accepted.iter().map(|(tampering, _)| *tampering).collect();
        let others = all.iter().filter(|other| *other != tampering);
        let others = Value::list("", others.map(|other| statement!("; also {other}", other = *other)));
        let saw = statement!(
            "{outcome} after a callback {tampering}{others}",
            outcome = in_words(call),
            tampering = *tampering,
            others
        );
        let refused: Vec<Tampering> = refused.iter().map(|(tampering, _)| *tampering).collect();
        return Verdict::Fail(
            Finding::app(expected(*tampering), saw).likely(why_accepted(&all, &refused)).at(call.seq),
        );
    }
    if let Some((tampering, seq)) = unanswered.first() {
        let finding = Finding::app(
            expected(*tampering),
            statement!("no answer to a callback {tampering}", tampering = *tampering),
        );
        return Verdict::Fail(finding.likely(why_unanswered(*tampering)).at(*seq));
    }
    let was = |wanted: Tampering| refused.iter().any(|(tampering, _)| *tampering == wanted);
    let (Some(last), true, true) =
        (refused.iter().map(|(_, seq)| *seq).max(), was(Tampering::Missing), was(Tampering::Altered))
    else {
        return not_opened(flow, "callbacks without and with an altered state were opened");
    };
    survives_refusing(flow, last, refused.len())
}

fn expected(tampering: Tampering) -> Statement {
    statement!("a callback {tampering} to be refused, without a token request", tampering)
}

/// What the app does, by what it accepts and what it refuses.
fn why_accepted(accepted: &[Tampering], refused: &[Tampering]) -> &'static str {
    let takes = |wanted| accepted.contains(&wanted);
    let lacks = takes(Tampering::Missing) || takes(Tampering::Empty);
    let differs = [Tampering::Altered, Tampering::Longer, Tampering::Shorter].into_iter().filter(|one| takes(*one));
    match (lacks, differs.count(), takes(Tampering::Altered)) {
        (true, _, true) => "the callback does not look at state",
        (true, 0, false) if refused.contains(&Tampering::Altered) => {
            "the callback looks at state only where there is one"
        }
        (_, _, true) => "the callback does not compare state with the one that was sent",
        (false, 1, false) if takes(Tampering::Shorter) => "only as much of state is compared as the callback brings",
        (false, 1, false) if takes(Tampering::Longer) => "only the beginning of state is compared",
        (false, 0, false) if takes(Tampering::OtherCase) => {
            "capitals and small letters are taken for the same, as many a database column does"
        }
        (false, 0, false) if takes(Tampering::Unsigned) || takes(Tampering::ReEncoded) => {
            "the contents of state are believed without a look at its signature"
        }
        _ => "the callback compares state with the one that was sent in part only",
    }
}

fn why_unanswered(tampering: Tampering) -> &'static str {
    match tampering {
        Tampering::Empty | Tampering::Shorter | Tampering::Longer => {
            "states of different lengths are compared by what takes equal ones only (crypto.timingSafeEqual, for example)"
        }
        _ => "the app crashed or hung over it; its log tells more",
    }
}

/// After callbacks that were refused, the user can still install.
fn survives_refusing(flow: &Flow<'_>, last: u32, refused: usize) -> Verdict {
    let (earlier, later) = flow.attempts_around(last);
    let Some(attempt) = later.first() else { return cut_short(flow, "the app was installed after that") };
    let stuck = match retry_outcome(flow, attempt, earlier, "the installation after that was seen to its end") {
        RetryOutcome::AsWell => {
            return Verdict::Pass(statement!(
                "all {refused} refused without a token request, and the user could install after it",
                refused
            ));
        }
        RetryOutcome::Unknown(verdict) => return verdict,
        RetryOutcome::Worse(stuck) => stuck,
    };
    let stop = Stop::last_page(attempt, stuck);
    let saw = statement!("installing after it leads to {stop}", stop = stop.words(flow.setup));
    Verdict::Fail(
        Finding::app("callbacks with a wrong state to leave the user free to install", saw)
            .hops(attempt.hop_lines(stop.seq()))
            .likely("one bad callback is remembered against the user")
            .at(stop.seq()),
    )
}
