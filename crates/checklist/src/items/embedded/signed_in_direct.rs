//! A user who is signed in to the host platform enters Klaviyo's OAuth page directly.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.signed-in.direct`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.signed-in.direct",
    group: Group::Embedded,
    requirement: "A user who is signed in to the host platform enters Klaviyo's OAuth page directly",
    judged: "After Install, no page in between asks for a click or a field",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::signed_in_direct::judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED,
    guidance: Topic::Resume,
    twin: None,
    over_the_run: None,
};
