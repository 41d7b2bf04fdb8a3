//! A user with several tenants is asked which one to install for.

use flowcheck_evidence::{PageKind, Tenancy};

use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::cut_short;
use crate::judging::path_to_consent::stopped_at;
use crate::judging::scenario_user::with_tenants;
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Value, Verdict, statement};

/// `install.tenant.chosen`.
pub(crate) static ITEM: Item = Item {
    id: "install.tenant.chosen",
    group: Group::Install,
    requirement: "A user with several tenants is asked which one to install for",
    judged: "A page with the choice stands before Klaviyo's consent page",
    source: documents::STANDALONE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "ask for the tenant before redirecting to Klaviyo when the user has more than one",
    guidance: Topic::Tenants,
    twin: Some("embedded.tenant.chosen"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_tenants(flow, |attempt, _| {
        let consent = attempt.reached_klaviyo();
        let until = consent.unwrap_or(u32::MAX);
        let asked = attempt.events.pages().find(|page| page.it.kind == PageKind::TenantChoice && page.seq < until);
        if let Some(page) = asked {
            return Verdict::Pass(statement!(
                "asked at {page} (\"{headline}\")",
                page = place(page.it, flow.setup),
                headline = Value::text(page.it.headline())
            ));
        }
        if !attempt.path_is_over() {
            return cut_short(flow, "the app asked for the tenant");
        }
        let expected = match flow.setup.app.tenancy {
            Tenancy::TextBox => "a page with a box for the store's URL before Klaviyo's consent page",
            _ => "a page that offers the user's tenants before Klaviyo's consent page",
        };
        Verdict::Fail(match consent {
            Some(seq) => Finding::app(expected, "Klaviyo's consent page, and no such page before it")
                .hops(attempt.hop_lines(seq))
                .likely("the app silently takes one of the user's tenants")
                .at(seq),
            None => stopped_at(
                flow,
                attempt,
                &Stop { page: attempt.path_to_klaviyo().pages().next_back(), act: None },
                expected,
                "the installation URL stops before it asks which tenant to install for",
            ),
        })
    })
}
