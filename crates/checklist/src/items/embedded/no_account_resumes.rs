//! A new user of the host reaches Klaviyo's OAuth page after signing up.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.no-account.resumes`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.no-account.resumes",
    group: Group::Embedded,
    requirement: "A new user of the host reaches Klaviyo's OAuth page after signing up",
    judged: "No click between sign-up (and login, where it is asked for) and Klaviyo",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::no_account_resumes::judge,
    causes: &[
        &usual_causes::APP_ENDED,
        &usual_causes::REDIRECT_LOOP,
        &usual_causes::NO_RETURN_TARGET,
        &usual_causes::RETURN_TARGET_DROPPED,
        &usual_causes::CRASHED,
    ],
    remedy: remedies::EMBEDDED,
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};
