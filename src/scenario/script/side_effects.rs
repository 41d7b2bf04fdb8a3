//! What a scenario leaves behind in an app that keeps running, derived from its steps.

use crate::scenario::app_file::AppFile;

use super::script::{Persona, Script};
use super::step::Step;

/// The gravest side effect of a scenario on an app that keeps running. Scenarios are run against such an app in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SideEffect {
    /// Disconnects in the app. Every later scenario is undone by that, so it must be known first whether it works.
    Disconnects,
    /// Expects a write to Klaviyo that an earlier scenario would already have caused.
    ExpectsWrite,
    /// Only installs, or tries to.
    InstallsOnly,
    /// Exposes the app to malfunctions or hostile input, which may crash it.
    StressesApp,
    /// Creates an account in the app.
    CreatesAccount,
    /// Leaves the app with other scopes.
    UpdatesScopes,
    /// Leaves the app installed on its host platform.
    InstallsOnHost,
}

impl Script {
    /// The scenario's gravest side effect.
    pub fn side_effect(&self) -> SideEffect {
        let signs_up = (self.given.user == Persona::NoAccount).then_some(SideEffect::CreatesAccount);
        self.steps
            .iter()
            .filter_map(|step| side_effect_of(&step.value))
            .chain(signs_up)
            .max()
            .unwrap_or(SideEffect::InstallsOnly)
    }

    /// Why the scenario cannot be run against an app that keeps running: a side effect that cannot be undone.
    pub fn lasting_side_effect(&self, app: &AppFile) -> Option<&'static str> {
        let allowed = app.staging.as_ref().is_some_and(|staging| staging.sign_ups);
        match self.side_effect() {
            SideEffect::CreatesAccount if !allowed => {
                Some("it would leave an account in the app; `staging: { sign_ups: true }` allows that")
            }
            SideEffect::UpdatesScopes => {
                Some("it updates the app's scopes, which can be undone only in an app that flowcheck starts")
            }
            SideEffect::InstallsOnHost => Some("it would leave the app installed on the host platform"),
            _ => None,
        }
    }
}

fn side_effect_of(step: &Step) -> Option<SideEffect> {
    match step {
        Step::Disconnect => Some(SideEffect::Disconnects),
        Step::Throttle => Some(SideEffect::ExpectsWrite),
        Step::Fault(_) | Step::Callback(_) | Step::Rush(_) => Some(SideEffect::StressesApp),
        Step::UpdateScopes | Step::RevokeOutdated => Some(SideEffect::UpdatesScopes),
        Step::InstallOnHost => Some(SideEffect::InstallsOnHost),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{builtin, parse_app, parse_scenario};

    fn app(staging: &str) -> AppFile {
        let text = format!(
            "name: An app\nreach: urls\n{staging}url: http://app.example\nklaviyo:\n  client_id: id\n  client_secret: secret\n  \
             scopes: [accounts:read]\n  redirect_uris: ['http://app.example/callback']\n  \
             install_url: http://app.example/install\n"
        );
        parse_app("flowcheck.yaml", &text).expect("a sound file")
    }

    fn script(id: &str) -> Script {
        let file = format!("scenarios/{id}.yaml");
        let ours = builtin().iter().find(|builtin| builtin.file == file).expect("a scenario of ours");
        parse_scenario(ours.file, ours.source).expect("it is sound").script
    }

    #[test]
    fn disconnecting_comes_first_and_what_may_crash_the_app_last() {
        let ids = ["oauth/hostile", "install/signed-in", "rate/throttled", "uninstall/in-app"];
        let mut scripts: Vec<Script> = ids.into_iter().map(script).collect();
        scripts.sort_by_key(Script::side_effect);
        let order: Vec<&str> = scripts.iter().map(|script| script.id.value.as_str()).collect();
        assert_eq!(order, ["uninstall/in-app", "rate/throttled", "install/signed-in", "oauth/hostile"]);
    }

    #[test]
    fn accounts_are_left_behind_only_where_that_is_allowed() {
        let careful = app("staging: { klaviyo: '127.0.0.1:7070' }\n");
        let free = app("staging: { klaviyo: '127.0.0.1:7070', sign_ups: true }\n");
        assert!(
            script("install/no-account")
                .lasting_side_effect(&careful)
                .is_some_and(|why| why.contains("sign_ups: true"))
        );
        assert_eq!(script("install/no-account").lasting_side_effect(&free), None);
        assert_eq!(script("install/signed-in").lasting_side_effect(&careful), None);
        assert!(script("scopes/old-install").lasting_side_effect(&free).is_some());
    }
}
