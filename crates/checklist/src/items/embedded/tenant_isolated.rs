//! The installation belongs to the chosen tenant alone.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.tenant.isolated`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.tenant.isolated",
    group: Group::Embedded,
    requirement: "The installation belongs to the chosen tenant alone",
    judged: "The chosen tenant shows as installed, the others do not",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::tenant_isolated::judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED,
    guidance: Topic::Tenants,
    twin: None,
    over_the_run: None,
};
