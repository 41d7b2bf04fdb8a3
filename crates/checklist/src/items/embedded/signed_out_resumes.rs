//! That user reaches Klaviyo's OAuth page after login.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.signed-out.resumes`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.signed-out.resumes",
    group: Group::Embedded,
    requirement: "That user reaches Klaviyo's OAuth page after login",
    judged: "No click between sending the login form and Klaviyo",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::signed_out_resumes::judge,
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
