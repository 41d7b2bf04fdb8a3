//! What an app does not have, as its `flowcheck.yaml` says with a reason.

use crate::evidence::Declared;

use super::app_action::AppAction;
use super::app_file::AppFile;

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

impl AppFile {
    /// Keeps the reasons of `none` apart, so that every other field is one that the app has.
    pub(crate) fn with_absent(mut self) -> Self {
        self.absent.trigger = take(&mut self.trigger);
        take(&mut self.reset);
        if let Some(update) = &mut self.scopes_update {
            self.absent.revoke = take(&mut update.revoke);
        }
        self.absent.scopes_update = self.scopes_update.as_ref().and_then(|update| update.none.clone());
        self.scopes_update = self.scopes_update.filter(|update| update.none.is_none());
        self
    }

    /// What the file says of a trigger.
    pub fn declares_trigger(&self) -> Declared {
        Declared::of(self.trigger.is_some(), self.absent.trigger.as_deref())
    }

    /// What it says of updates of the app's scopes.
    pub fn declares_scopes_update(&self) -> Declared {
        Declared::of(self.scopes_update.is_some(), self.absent.scopes_update.as_deref())
    }

    /// What it says of outdated installs being revoked, which is no more than it says of updates at all.
    pub fn declares_revoke(&self) -> Declared {
        match self.declares_scopes_update() {
            Declared::Given => {
                let given = self.scopes_update.as_ref().is_some_and(|update| update.revoke.is_some());
                Declared::of(given, self.absent.revoke.as_deref())
            }
            other => other,
        }
    }
}

/// Takes an action out that the app does not have; the reason.
fn take(action: &mut Option<AppAction>) -> Option<String> {
    let reason = action.as_ref().and_then(|action| action.none.clone())?;
    *action = None;
    Some(reason)
}
