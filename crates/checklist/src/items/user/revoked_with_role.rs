//! The app notices that a user's install has ended because the user was removed or has another role.

use flowcheck_evidence::{Event, KlaviyoEvent, PageKind, UserSetup};

use super::two_users::{looks_of, next_switch, two_users};
use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::uninstall::klaviyo_shown::shown_in;
use crate::items::uninstall::{klaviyo_quiet, reinstalls};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::{shows, signs};
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict, statement};

/// `user.revoked-with-role`.
pub(crate) static ITEM: Item = Item {
    id: "user.revoked-with-role",
    group: Group::User,
    requirement: "The app notices that a user's install has ended because the user was removed or has another role",
    judged: "After each change: the user's settings page and the calls with dead tokens; the other user's page, and whether the user can install again",
    source: documents::PER_USER,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "take a 401 after a failed refresh for the end of that user's install, and of no other's",
    guidance: Topic::Users,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let users = match two_users(flow) {
        Ok(users) => users,
        Err(verdict) => return verdict,
    };
    let (first, second) = (users.first.user, users.second.user);
    let Some(of_first) = changed(flow, first) else { return cut_short(flow, "the first user's role was changed") };
    let until = next_switch(flow, of_first);
    let noticed = shown_in(flow, flow.events.after(of_first).before(until), of_first);
    let unaffected = || {
        let of_second = changed(flow, second).unwrap_or(u32::MAX);
        let pages = looks_of(flow.events.after(of_first).before(of_second), second);
        let gone = pages.iter().find(|page| shows(page.it, PageKind::NotInstalled))?;
        let saw = statement!(
            "the other user's {page} shows {signs}",
            page = place(gone.it, flow.setup),
            signs = signs(gone.it)
        );
        let finding = Finding::app("the end of one user's install to leave the other's as it is", saw);
        Some(Verdict::Fail(
            finding.likely("the connections of all users of the account are ended together").at(gone.seq),
        ))
    };
    let removed = || {
        let of_second = changed(flow, second)?;
        Some(shown_in(flow, flow.events.after(of_second).before(next_switch(flow, of_second)), of_second))
    };
    let Some(removed) = removed() else {
        return worst([noticed].into_iter().chain(unaffected()), || cut_short(flow, "the other user was removed"));
    };
    let quiet = Some(klaviyo_quiet::judge(flow)).filter(|verdict| matches!(verdict, Verdict::Fail(_)));
    let again = reinstalls(flow, of_first);
    let all = [noticed].into_iter().chain(unaffected()).chain([removed]).chain(quiet).chain([again]);
    worst(all, || {
        Verdict::Pass("each user's end was noticed, for that user alone, and the user installed again".into())
    })
}

/// The first failure, else the first that is not decided; what does not apply says nothing.
fn worst(verdicts: impl Iterator<Item = Verdict>, fine: impl FnOnce() -> Verdict) -> Verdict {
    let (failed, others): (Vec<_>, Vec<_>) = verdicts.partition(|verdict| matches!(verdict, Verdict::Fail(_)));
    let open = |verdict: &Verdict| !matches!(verdict, Verdict::Pass(_) | Verdict::NotApplicable(_));
    failed.into_iter().next().or_else(|| others.into_iter().find(open)).unwrap_or_else(fine)
}

/// Where a user's place in the account was changed.
fn changed(flow: &Flow<'_>, user: &UserSetup) -> Option<u32> {
    flow.events.entries().iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::UserChanged { user: email, .. })
            if email.eq_ignore_ascii_case(&user.klaviyo_user) =>
        {
            Some(entry.seq)
        }
        _ => None,
    })
}
