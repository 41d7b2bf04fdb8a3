//! The installs of a scenario's two users of one account.

use flowcheck_evidence::{Event, KlaviyoEvent, Page, Place, Purpose, StepKind, StepPhase, UserSetup};

use crate::flow::{At, Flow, Window};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::judging::retry_outcome::{RetryOutcome, retry_outcome};
use crate::judging::stop::Stop;
use crate::verdict::{Finding, Verdict};

/// A user with the install that is theirs.
pub(super) struct Installed<'a> {
    /// The user.
    pub(super) user: &'a UserSetup,
    /// The install's id.
    pub(super) install: &'a str,
}

/// Both users with their installs, and where the second one's was made.
pub(super) struct TwoUsers<'a> {
    pub(super) first: Installed<'a>,
    pub(super) second: Installed<'a>,
    pub(super) since: u32,
}

/// Both users' installs; a failure where the app has none for the second.
pub(super) fn two_users<'a>(flow: &Flow<'a>) -> Result<TwoUsers<'a>, Verdict> {
    if let Some(blocked) = without_tokens(flow) {
        return Err(blocked);
    }
    let [first, second, ..] = flow.setup.users.as_slice() else {
        return Err(Verdict::not_run("the scenario has no second user"));
    };
    let Some((_, of_first)) = installed(flow, first) else {
        return Err(cut_short(flow, "the first user installed the app"));
    };
    if let Some((since, of_second)) = installed(flow, second) {
        return Ok(TwoUsers {
            first: Installed { user: first, install: of_first },
            second: Installed { user: second, install: of_second },
            since,
        });
    }
    let [earlier, attempt, ..] = flow.attempts.as_slice() else {
        return Err(cut_short(flow, "the second user installed the app"));
    };
    let earlier = std::slice::from_ref(earlier);
    let stuck = match retry_outcome(flow, attempt, earlier, "the second user's installation was seen to its end") {
        RetryOutcome::AsWell => return Err(cut_short(flow, "the second user's install was recorded")),
        RetryOutcome::Unknown(verdict) => return Err(verdict),
        RetryOutcome::Worse(stuck) => stuck,
    };
    let stop = Stop::last_page(attempt, stuck);
    Err(Verdict::Fail(
        Finding::app("an install of the second user's own, beside the first user's", stop.words(flow.setup))
            .hops(attempt.hop_lines(stop.seq()))
            .likely("the app takes the account for installed already, and has no install for one more of its users")
            .at(stop.seq()),
    ))
}

/// Where a user's install was made, and its id.
fn installed<'a>(flow: &Flow<'a>, of: &UserSetup) -> Option<(u32, &'a str)> {
    flow.events.entries().iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Installed { install, user: Some(user), .. })
            if user.eq_ignore_ascii_case(&of.klaviyo_user) =>
        {
            Some((entry.seq, install.as_str()))
        }
        _ => None,
    })
}

/// The settings pages that a user looked at in a stretch of the timeline.
pub(super) fn looks_of<'a>(seen: Window<'a>, user: &UserSetup) -> Vec<At<'a, Page>> {
    let pages = seen.looks(|place| matches!(place, Place::Settings(_)));
    pages.into_iter().filter(|page| page.it.user == user.label).collect()
}

/// The steps in which a user looked at the settings.
pub(super) fn look_steps<'a>(seen: Window<'a>, user: &UserSetup) -> Vec<Window<'a>> {
    let looks = seen
        .acts()
        .filter(|act| act.it.user == user.label && matches!(&act.it.purpose, Purpose::Look(Place::Settings(_))));
    looks.map(|look| seen.rest_of_step(look.seq).0).collect()
}

/// Where the scenario next goes on as the other user, after a position; the end where it does not.
pub(super) fn next_switch(flow: &Flow<'_>, after: u32) -> u32 {
    let switch = flow
        .events
        .after(after)
        .steps()
        .find(|mark| mark.it.step == StepKind::SwitchUser && mark.it.phase == StepPhase::Began);
    switch.map_or(u32::MAX, |mark| mark.seq)
}
