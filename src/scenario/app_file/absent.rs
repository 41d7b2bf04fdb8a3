//! What an app does not have, as its `flowcheck.yaml` says with a reason.

use super::app_action::AppAction;

/// The reasons that `none` gave, by the field that it stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Absent {
    /// Of `trigger`.
    pub trigger: Option<String>,
    /// Of `scopes_update`.
    pub scopes_update: Option<String>,
    /// Of `scopes_update.revoke`.
    pub revoke: Option<String>,
}

/// Takes an action out that the app does not have; the reason.
pub(super) fn take(action: &mut Option<AppAction>) -> Option<String> {
    let reason = action.as_ref().and_then(|action| action.none.clone())?;
    *action = None;
    Some(reason)
}
