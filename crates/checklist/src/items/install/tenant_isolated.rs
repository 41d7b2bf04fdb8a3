//! The installation belongs to the chosen tenant alone.

use flowcheck_evidence::{PageKind, Place};

use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{is_unsure, review, shows};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::scenario_user::with_tenants;
use crate::verdict::{Finding, Value, Verdict, statement};

/// `install.tenant.isolated`.
pub(crate) static ITEM: Item = Item {
    id: "install.tenant.isolated",
    group: Group::Install,
    requirement: "The installation belongs to the chosen tenant alone",
    judged: "The chosen tenant shows as installed, the others do not",
    source: documents::STANDALONE,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP, &usual_causes::CRASHED],
    remedy: "keep the chosen tenant with `state`, and store the tokens for that tenant alone",
    guidance: Topic::Tenants,
    twin: Some("embedded.tenant.isolated"),
    over_the_run: None,
};

pub(crate) fn judge(flow: &Flow<'_>) -> Verdict {
    with_tenants(flow, |_, user| {
        if let Some(blocked) = without_tokens(flow) {
            return blocked;
        }
        let (chosen, others) = (&user.tenants[0], &user.tenants[1..]);
        let settings_of = |tenant: &String| {
            flow.events.looks(|place| *place == Place::Settings(Some(tenant.clone()))).last().copied()
        };
        let own = settings_of(chosen);
        let seen: Vec<_> = others.iter().filter_map(|tenant| Some((tenant, settings_of(tenant)?))).collect();
        let expected = statement!("\"{chosen}\" shown as installed, and no other tenant", chosen = Value::name(chosen));
        let wrong: Vec<_> = seen.iter().filter(|(_, page)| shows(page.it, PageKind::Installed)).collect();
        if let Some((_, first)) = wrong.first() {
            let names = wrong.iter().map(|(tenant, _)| statement!("\"{tenant}\"", tenant = Value::name(*tenant)));
            let names = Value::list(", ", names);
            let saw = statement!("{names} shown as installed at {page}", names, page = place(first.it, flow.setup));
            let likely = if own.is_some_and(|own| shows(own.it, PageKind::Installed)) {
                "the installation is kept for the user, so that all tenants share it"
            } else {
                "the installation is kept for another tenant, often the user's first; bind the choice to `state`"
            };
            return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(first.seq));
        }
        let Some(own) = own else { return cut_short(flow, "the settings of the chosen tenant were looked at") };
        if shows(own.it, PageKind::NotInstalled) {
            return Verdict::Fail(
                Finding::app(
                    expected,
                    statement!(
                        "\"{chosen}\" not shown as installed at {page}",
                        chosen = Value::name(chosen),
                        page = place(own.it, flow.setup)
                    ),
                )
                .likely("the tenant that was chosen is lost on the way through Klaviyo; bind it to `state`")
                .at(own.seq),
            );
        }
        if seen.len() < others.len() {
            return cut_short(flow, "the settings of every other tenant were looked at");
        }
        match seen.iter().map(|(_, page)| page).chain([&own]).find(|page| is_unsure(page.it)) {
            Some(unsure) => review(expected, unsure, flow.setup),
            None => Verdict::Pass(statement!(
                "\"{chosen}\" shows as installed, no other of the user's tenants does",
                chosen = Value::name(chosen)
            )),
        }
    })
}
