//! Installing works from klaviyo.com and its subdomains.

use flowcheck_evidence::Start;

use crate::flow::{Attempt, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::for_kind;
use crate::judging::not_run::not_started;
use crate::judging::path_to_consent::completes_from_there;
use crate::verdict::Verdict;

/// `install.any-klaviyo-host`.
pub(crate) static ITEM: Item = Item {
    id: "install.any-klaviyo-host",
    group: Group::Install,
    requirement: "Installing works from klaviyo.com and its subdomains",
    judged: "The same flow, with the listing at marketplace.klaviyo.com",
    source: documents::EVERY_HOST,
    tier: Tier::Gate,
    judge,
    causes: &[
        &usual_causes::APP_ENDED,
        &usual_causes::REDIRECT_LOOP,
        &usual_causes::EXCHANGE_REFUSED,
        &usual_causes::CRASHED,
    ],
    remedy: "do not look at Referer or Origin; every host of Klaviyo's may send users",
    guidance: Topic::Callback,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let Some(attempt) = flow.attempts.iter().find(|attempt| attempt.start == Start::KlaviyoSubdomain) else {
        return not_started(flow);
    };
    // Where the usual listing leads no further, it is not the host that the app looks at.
    let usual = flow.attempts.iter().find(|usual| usual.start == Start::Klaviyo && usual.began < attempt.began);
    if let Some(usual) = usual.filter(|usual| usual.path_is_over()) {
        let stops = |attempt: &Attempt<'_>| (attempt.reached_klaviyo().is_none(), attempt.unforeseen_acts().count());
        if stops(usual) != (false, 0) && stops(attempt) >= stops(usual) {
            let direct = for_kind(flow.setup, "install.signed-in.direct", "embedded.signed-in.direct");
            return Verdict::blocked_by(direct, "the listing on www.klaviyo.com leads no further");
        }
        if attempt.reached_klaviyo().is_some() && attempt.is_over() && attempt.issued().is_none() {
            return Verdict::blocked_by("install.completes", "the installation did not complete");
        }
    }
    completes_from_there(
        flow,
        attempt,
        "the same way to consent from a listing on another of Klaviyo's subdomains",
        "the installation URL looks at where the user comes from and knows www.klaviyo.com only",
    )
}
