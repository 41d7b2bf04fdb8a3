//! A user who has no account reaches the host's login page and can create one from there.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.no-account.sign-up`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.no-account.sign-up",
    group: Group::Embedded,
    requirement: "A user who has no account reaches the host's login page and can create one from there",
    judged: "Sign-up is reached from the login page, and the account is created",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::no_account_sign_up::judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED,
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};
