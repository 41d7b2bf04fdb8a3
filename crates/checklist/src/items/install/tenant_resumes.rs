//! Once a tenant is chosen, the user reaches Klaviyo's OAuth page.

use flowcheck_evidence::{PageKind, Purpose};

use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::host_platform::for_kind;
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::reaches_klaviyo;
use crate::judging::scenario_user::with_tenants;
use crate::verdict::Verdict;

/// `install.tenant.resumes`.
pub(crate) static ITEM: Item = Item {
    id: "install.tenant.resumes",
    group: Group::Install,
    requirement: "Once a tenant is chosen, the user reaches Klaviyo's OAuth page",
    judged: "No click between the choice and Klaviyo",
    source: documents::STANDALONE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "redirect to Klaviyo's authorization page in the answer to the choice",
    guidance: Topic::Tenants,
    twin: Some("embedded.tenant.resumes"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_tenants(flow, |attempt, _| {
        let chosen = attempt.events.acts().rfind(|act| matches!(act.it.purpose, Purpose::ChooseTenant(_)));
        match chosen {
            Some(act) => reaches_klaviyo(
                flow,
                attempt,
                act.seq,
                &[],
                "Klaviyo's OAuth page after the tenant was chosen",
                |stop| match stop.kind() {
                    Some(PageKind::TenantChoice) => "the app does not take the choice",
                    _ => "the choice drops the installation that it was made for",
                },
            ),
            None if attempt.path_is_over() => Verdict::blocked_by(
                for_kind(flow.setup, "install.tenant.chosen", "embedded.tenant.chosen"),
                "the app never asked for the tenant",
            ),
            None => cut_short(flow, "the app asked for the tenant"),
        }
    })
}
