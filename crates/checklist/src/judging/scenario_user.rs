//! The attempt of the kind of user that an item is about.

use flowcheck_evidence::{HostSetup, SignInState, UserSetup};

use super::host_platform::host;
use super::not_run::not_started;
use crate::flow::{Attempt, Flow};
use crate::verdict::Verdict;

/// An item for users in one state, judged on the first attempt from Klaviyo.
pub(crate) fn with_user(flow: &Flow<'_>, state: SignInState, judge: impl Fn(&Attempt<'_>) -> Verdict) -> Verdict {
    if flow.setup.users.first().map(|user| user.sign_in_state) != Some(state) {
        return Verdict::not_run("the scenario has another kind of user");
    }
    flow.first_from_klaviyo().map_or_else(|| not_started(flow), judge)
}

/// An item for users with several tenants, judged on the first attempt from Klaviyo.
pub(crate) fn with_tenants(flow: &Flow<'_>, judge: impl Fn(&Attempt<'_>, &UserSetup) -> Verdict) -> Verdict {
    match flow.setup.users.first().filter(|user| user.tenants.len() > 1) {
        Some(user) => flow.first_from_klaviyo().map_or_else(|| not_started(flow), |attempt| judge(attempt, user)),
        None => Verdict::NotApplicable("the user has no choice of tenants".into()),
    }
}

/// An item for users who have not installed the app on its host, judged on the first attempt from Klaviyo.
pub(crate) fn with_host(flow: &Flow<'_>, judge: impl Fn(&HostSetup, &Attempt<'_>) -> Verdict) -> Verdict {
    let Some(host) = host(flow.setup) else {
        return Verdict::NotApplicable("the app lives in no host platform".into());
    };
    with_user(flow, SignInState::NotOnHost, |attempt| judge(host, attempt))
}
