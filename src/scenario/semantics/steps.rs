//! Checks that each step is possible after the steps before it.

use crate::evidence::Installs;
use crate::scenario::diagnostic::{Diagnostic, Source};
use crate::scenario::script::{CallbackWith, FaultKind, FaultOn, InstallFrom, LookAt, Persona, Script, Step};
use crate::scenario::yaml::Node;

/// Every step that is not possible in its position.
pub(super) fn of(source: &Source, tree: &Node, script: &Script) -> Vec<Diagnostic> {
    if script.steps.is_empty() {
        let error = source.error(&tree.span_of(&["steps"]), "`steps` is empty", "");
        return vec![error.help("most scenarios begin with `- install: klaviyo`")];
    }
    let places = tree.get("steps").map(Node::items).unwrap_or_default();
    let mut state = FlowState::default();
    let mut errors = Vec::new();
    for (step, node) in script.steps.iter().zip(places) {
        if let Some((message, help)) = state.refuses(&step.value).or_else(|| missing_prerequisite(&step.value, script))
        {
            errors.push(source.error(&node.span, message, "").help(help));
        }
        state.advance(&step.value);
    }
    errors
}

/// The state of the flow, as far as the steps determine it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact")]
struct FlowState {
    /// The consent page is open.
    consent: bool,
    /// The consent page was left without a decision.
    left: bool,
    /// The app may be showing a message about the decision.
    message: bool,
    /// An installation was allowed.
    allowed: bool,
    /// An installation was begun, by either user.
    begun: bool,
    /// What is known of the other tab, where there is one.
    other_tab: Option<OtherTab>,
}

/// What is known of a tab that is not in front.
#[derive(Debug, Clone, Copy, Default)]
struct OtherTab {
    consent: bool,
    left: bool,
    message: bool,
}

impl FlowState {
    fn refuses(&self, step: &Step) -> Option<(String, &'static str)> {
        match step {
            Step::Allow | Step::Deny | Step::Leave(_) if !self.consent => {
                let message = format!("`{}` needs an open consent page", word(step));
                Some((message, "put `install: klaviyo` before it, or `return` if the page was left"))
            }
            Step::Return if !self.left => Some((
                "`return` needs a consent page that was left".to_owned(),
                "put `leave: 1m`, or another duration, before it",
            )),
            Step::SwitchTab if self.other_tab.is_none() => {
                Some(("`switch-tab` needs a second tab".to_owned(), "put `new-tab` before it"))
            }
            Step::Dismiss | Step::Install(InstallFrom::Message) if !self.message => Some((
                format!("`{}` needs a message that is shown", word(step)),
                "put `allow` or `deny` before it, after which the app may show one",
            )),
            Step::Callback(CallbackWith::Replayed) if !self.allowed => Some((
                "`callback: replayed` needs an installation that was allowed".to_owned(),
                "put `install: klaviyo` and `allow` before it",
            )),
            Step::Callback(_) if !self.begun => {
                Some(("`callback` needs an installation that was begun".to_owned(), "put `install: klaviyo` before it"))
            }
            _ => None,
        }
    }

    fn advance(&mut self, step: &Step) {
        match step {
            Step::Install(_) | Step::Return => {
                *self = Self { consent: true, begun: true, other_tab: self.other_tab, ..Self::default() };
            }
            Step::Allow => {
                let other_tab = self.other_tab;
                *self = Self { message: true, allowed: true, begun: true, other_tab, ..Self::default() };
            }
            Step::Deny => *self = Self { message: true, begun: true, other_tab: self.other_tab, ..Self::default() },
            Step::Leave(_) => *self = Self { left: true, begun: true, other_tab: self.other_tab, ..Self::default() },
            Step::NewTab => {
                self.other_tab = Some(OtherTab { consent: self.consent, left: self.left, message: self.message });
                (self.consent, self.left, self.message) = (false, false, false);
            }
            Step::SwitchTab => {
                let OtherTab { consent, left, message } = self.other_tab.unwrap_or_default();
                self.other_tab = Some(OtherTab { consent: self.consent, left: self.left, message: self.message });
                (self.consent, self.left, self.message) = (consent, left, message);
            }
            Step::Dismiss => self.message = false,
            // The other user has a separate browser, in which nothing has happened yet.
            Step::SwitchUser | Step::InstallOnHost => *self = Self { begun: self.begun, ..Self::default() },
            Step::Callback(_) | Step::Revisit(_) => (self.consent, self.left) = (false, false),
            Step::Wait(_)
            | Step::Look(_)
            | Step::Disconnect
            | Step::UninstallInKlaviyo
            | Step::ChangeKlaviyoUser(_)
            | Step::Trigger
            | Step::SwitchAccount
            | Step::Fault(_)
            | Step::NoFaults
            | Step::Rush(_)
            | Step::SignInAgain
            | Step::SignOut
            | Step::UpdateScopes
            | Step::UseFeature
            | Step::RevokeOutdated
            | Step::Throttle
            | Step::WaitOut => {}
        }
    }
}

/// What the step needs from `given` or `applies_to`.
fn missing_prerequisite(step: &Step, script: &Script) -> Option<(String, &'static str)> {
    let (message, help) = match step {
        Step::SwitchUser if !script.given.other_user => {
            ("`switch-user` needs another user", "add `other_user: true` to `given`")
        }
        Step::ChangeKlaviyoUser(_) if script.applies_to.installs != Some(Installs::PerUser) => {
            ("`change-klaviyo-user` needs an app that each user installs", "add `installs: per-user` to `applies_to`")
        }
        Step::SwitchAccount if script.given.accounts < 2 => {
            ("`switch-account` needs a second account", "add `accounts: 2` to `given`")
        }
        Step::InstallOnHost if script.given.user != Persona::NotInstalledOnHost => (
            "`install-on-host` needs a user who has not installed the app there",
            "add `user: not-installed-on-host` to `given`",
        ),
        Step::UpdateScopes | Step::UseFeature | Step::Install(InstallFrom::Notice)
            if !script.applies_to.scopes_update =>
        {
            let message = format!("`{}` needs an app with `scopes_update`", word(step));
            return Some((message, "add `scopes_update: true` to `applies_to`"));
        }
        Step::RevokeOutdated if !script.applies_to.revoke_outdated => (
            "`revoke-outdated` needs an app with `scopes_update.revoke`",
            "add `revoke_outdated: true` to `applies_to`",
        ),
        Step::Look(LookAt::SettingsUrl) if !script.applies_to.settings_url => (
            "`look: settings-url` needs an app with `klaviyo.settings_url`",
            "add `settings_url: true` to `applies_to`",
        ),
        Step::Look(LookAt::OtherTenants) if script.given.user != Persona::SeveralTenants => {
            ("`look: other-tenants` needs a user with several tenants", "add `user: several-tenants` to `given`")
        }
        Step::Callback(CallbackWith::Foreign | CallbackWith::OtherUsers) if !script.given.other_user => {
            ("this callback needs another user", "add `other_user: true` to `given`")
        }
        Step::Rush(times) if !(2..=20).contains(times) => {
            ("`rush` needs a number from 2 to 20", "write `rush: 5`, for example")
        }
        Step::Fault(fault) if fault.kind == FaultKind::RotatedRefresh && fault.on != FaultOn::Token => {
            ("refresh tokens are rotated at the token endpoint only", "write `on: token`")
        }
        Step::Fault(fault) if fault.kind == FaultKind::EdgeChallenge && fault.on != FaultOn::Api => {
            ("the edge challenges calls of the API only", "write `on: api`")
        }
        _ => return None,
    };
    Some((message.to_owned(), help))
}

fn word(step: &Step) -> &'static str {
    match step {
        Step::Allow => "allow",
        Step::Deny => "deny",
        Step::Leave(_) => "leave",
        Step::Dismiss => "dismiss",
        Step::UpdateScopes => "update-scopes",
        Step::UseFeature => "use-feature",
        Step::Install(InstallFrom::Notice) => "install: notice",
        _ => "install: message",
    }
}
