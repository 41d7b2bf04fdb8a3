//! Installing for one tenant of several: asked for, resumed, and kept apart.

use super::attempt::{Attempt, Stop};
use super::kind::twin;
use super::not_run::{cut_short, not_started, without_tokens};
use super::state::{is_unsure, review, shows};
use super::view::{acts, looks, pages, place};
use super::way::{first_from_klaviyo, goes_on, strayed};
use super::{Finding, Verdict};
use flowcheck_evidence::{Evidence, PageKind, Place, Purpose, Tenancy, UserSetup};

pub(super) fn tenant_chosen(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |attempt, _| {
        let consent = attempt.reached_klaviyo();
        let until = consent.unwrap_or(u32::MAX);
        let asked = pages(attempt.entries).find(|page| page.it.kind == PageKind::TenantChoice && page.seq < until);
        if let Some(page) = asked {
            return Verdict::Pass(format!("asked at {} (\"{}\")", place(page.it, evidence), page.it.headline()));
        }
        if !attempt.way_is_over() {
            return cut_short(evidence, "the app asked for the tenant");
        }
        let expected = match evidence.setup.app.tenancy {
            Tenancy::TextBox => "a page with a box for the store's URL before Klaviyo's consent page",
            _ => "a page that offers the user's tenants before Klaviyo's consent page",
        };
        Verdict::Fail(match consent {
            Some(seq) => Finding::app(expected, "Klaviyo's consent page, and no such page before it")
                .hops(attempt.hop_lines(seq))
                .likely("the app silently takes one of the user's tenants")
                .at(seq),
            None => strayed(
                attempt,
                &Stop { page: pages(attempt.way()).last(), act: None },
                expected,
                "the installation URL stops before it asks which tenant to install for",
            ),
        })
    })
}

pub(super) fn tenant_resumes(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |attempt, _| {
        let chosen = acts(attempt.entries).filter(|act| matches!(act.it.purpose, Purpose::ChooseTenant(_))).last();
        match chosen {
            Some(act) => goes_on(attempt, act.seq, &[], "Klaviyo's OAuth page after the tenant was chosen", |stop| {
                match stop.kind() {
                    Some(PageKind::TenantChoice) => "the app does not take the choice",
                    _ => "the choice drops the installation that it was made for",
                }
            }),
            None if attempt.way_is_over() => {
                Verdict::blocked_by(twin(evidence, "install.tenant.chosen"), "the app never asked for the tenant")
            }
            None => cut_short(evidence, "the app asked for the tenant"),
        }
    })
}

pub(super) fn tenant_isolated(evidence: &Evidence) -> Verdict {
    with_tenants(evidence, |_, user| {
        if let Some(blocked) = without_tokens(evidence) {
            return blocked;
        }
        let (chosen, others) = (&user.tenants[0], &user.tenants[1..]);
        let settings_of = |tenant: &String| {
            looks(&evidence.timeline, |place| *place == Place::Settings(Some(tenant.clone()))).last().copied()
        };
        let own = settings_of(chosen);
        let seen: Vec<_> = others.iter().filter_map(|tenant| Some((tenant, settings_of(tenant)?))).collect();
        let expected = format!("\"{chosen}\" shown as installed, and no other tenant");
        let wrong: Vec<_> = seen.iter().filter(|(_, page)| shows(page.it, PageKind::Installed)).collect();
        if let Some((_, first)) = wrong.first() {
            let names: Vec<String> = wrong.iter().map(|(tenant, _)| format!("\"{tenant}\"")).collect();
            let saw = format!("{} shown as installed at {}", names.join(", "), place(first.it, evidence));
            let likely = if own.is_some_and(|own| shows(own.it, PageKind::Installed)) {
                "the installation is kept for the user, so that all tenants share it"
            } else {
                "the installation is kept for another tenant, often the user's first; bind the choice to `state`"
            };
            return Verdict::Fail(Finding::app(expected, saw).likely(likely).at(first.seq));
        }
        let Some(own) = own else { return cut_short(evidence, "the settings of the chosen tenant were looked at") };
        if shows(own.it, PageKind::NotInstalled) {
            return Verdict::Fail(
                Finding::app(expected, format!("\"{chosen}\" not shown as installed at {}", place(own.it, evidence)))
                    .likely("the tenant that was chosen is lost on the way through Klaviyo; bind it to `state`")
                    .at(own.seq),
            );
        }
        if seen.len() < others.len() {
            return cut_short(evidence, "the settings of every other tenant were looked at");
        }
        match seen.iter().map(|(_, page)| page).chain([&own]).find(|page| is_unsure(page.it)) {
            Some(unsure) => review(expected, unsure, evidence),
            None => Verdict::Pass(format!("\"{chosen}\" shows as installed, no other of the user's tenants does")),
        }
    })
}

fn with_tenants(evidence: &Evidence, judge: impl Fn(&Attempt<'_>, &UserSetup) -> Verdict) -> Verdict {
    match evidence.setup.users.first().filter(|user| user.tenants.len() > 1) {
        Some(user) => {
            first_from_klaviyo(evidence).map_or_else(|| not_started(evidence), |attempt| judge(&attempt, user))
        }
        None => Verdict::NotApplicable("the user has no choice of tenants".to_owned()),
    }
}
