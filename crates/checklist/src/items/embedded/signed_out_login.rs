//! A user who is signed out of the host platform is sent to its login page.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.signed-out.login`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.signed-out.login",
    group: Group::Embedded,
    requirement: "A user who is signed out of the host platform is sent to its login page",
    judged: "The first page that waits for the user has a login form, on the host",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::signed_out_login::judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED,
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};
