//! Once a tenant is chosen, the user reaches Klaviyo's OAuth page.

use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, install, remedies, usual_causes};

/// `embedded.tenant.resumes`.
pub(crate) static ITEM: Item = Item {
    id: "embedded.tenant.resumes",
    group: Group::Embedded,
    requirement: "Once a tenant is chosen, the user reaches Klaviyo's OAuth page",
    judged: "No click between the choice and Klaviyo",
    source: documents::FLOW_ON_HOST,
    tier: Tier::Gate,
    judge: install::tenant_resumes::judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: remedies::EMBEDDED,
    guidance: Topic::Tenants,
    twin: None,
    over_the_run: None,
};
