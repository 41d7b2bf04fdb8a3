//! A user with several tenants on the host is asked which one to install for.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.tenant.chosen`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.tenant.chosen",
    group: Group::Embedded,
    requirement: "A user with several tenants on the host is asked which one to install for",
    judged: "A page with the choice stands before Klaviyo's consent page",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::tenant_chosen::judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED,
    guidance: Topic::Tenants,
    twin: None,
    over_the_run: None,
};
