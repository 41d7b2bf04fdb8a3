//! The people of a scenario, and what is known of them by now.

use rand::distr::{Alphanumeric, SampleString};

use crate::evidence::{Role, SignInState, UserSetup};
use crate::scenario::{AppUser, Tenant};

/// A user of the app.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone)]
pub(in crate::runner) struct Person {
    pub(in crate::runner) label: &'static str,
    /// Their user at Klaviyo.
    pub(in crate::runner) klaviyo: KlaviyoUser,
    pub(in crate::runner) sign_in_state: SignInState,
    pub(in crate::runner) login: String,
    pub(in crate::runner) password: String,
    /// What the person's authenticator makes one-time passwords of.
    pub(in crate::runner) totp: Option<String>,
    /// The half minute of the last of them that was used.
    pub(in crate::runner) totp_step: Option<u64>,
    /// The tenant to install for first, then the others.
    pub(in crate::runner) tenants: Vec<Tenant>,
    /// Whether the person signs up before the first step.
    pub(in crate::runner) signs_up: bool,
    /// Whether the person has an account with the app by now.
    pub(in crate::runner) registered: bool,
    /// Whether the person has installed an embedded app on its host by now.
    pub(in crate::runner) on_host: bool,
    /// Whether the app should show itself to the person as installed by now; only decides how long to look.
    pub(in crate::runner) should_be_installed: bool,
    /// The page of the app's settings, where it was found by looking.
    pub(in crate::runner) found_settings: Option<AppLocation>,
    /// The pages from which it was looked for.
    pub(in crate::runner) looked_from: Vec<String>,
    /// The page where the person's last installation ended.
    pub(in crate::runner) landed: Option<String>,
}

/// A place in the app: an address, and the controls that are clicked there one after the other, by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::runner) struct AppLocation {
    pub(in crate::runner) address: String,
    pub(in crate::runner) clicks: Vec<String>,
}

/// A user of Klaviyo.
#[derive(Debug, Clone)]
pub(in crate::runner) struct KlaviyoUser {
    pub(in crate::runner) email: String,
    pub(in crate::runner) password: String,
    pub(in crate::runner) role: Role,
}

impl Person {
    pub(super) fn of(label: &'static str, sign_in_state: SignInState, user: &AppUser) -> Self {
        let mut tenants = user.tenants.clone();
        // Not the first that the app would take by itself, or an app that ignores the choice would look right.
        if tenants.len() > 1 {
            tenants.swap(0, 1);
        }
        let (login, password) = (user.login.clone(), user.password.clone());
        Self {
            login,
            password,
            totp: user.totp.clone(),
            tenants,
            on_host: user.installed_on_host,
            ..Self::visitor(label, sign_in_state)
        }
    }

    /// Someone at an app without accounts of its own.
    pub(super) fn visitor(label: &'static str, sign_in_state: SignInState) -> Self {
        Self {
            label,
            klaviyo: KlaviyoUser::owner(),
            sign_in_state,
            login: String::new(),
            password: String::new(),
            totp: None,
            totp_step: None,
            tenants: Vec::new(),
            signs_up: false,
            registered: true,
            on_host: true,
            should_be_installed: false,
            found_settings: None,
            looked_from: Vec::new(),
            landed: None,
        }
    }

    pub(super) fn stranger(domain: &str) -> Self {
        let name = Alphanumeric.sample_string(&mut rand::rng(), 8).to_lowercase();
        Self {
            label: "user",
            klaviyo: KlaviyoUser::owner(),
            sign_in_state: SignInState::NoAccount,
            login: format!("new-{name}@{domain}"),
            password: secret(),
            totp: None,
            totp_step: None,
            tenants: Vec::new(),
            signs_up: false,
            registered: false,
            on_host: true,
            should_be_installed: false,
            found_settings: None,
            looked_from: Vec::new(),
            landed: None,
        }
    }

    pub(super) fn newcomer(user: &AppUser) -> Self {
        let (login, password) = (user.login.clone(), user.password.clone());
        Self { login, password, signs_up: true, ..Self::stranger("") }
    }

    /// Whether the person had no account with the app when the scenario began.
    pub(in crate::runner) fn is_stranger(&self) -> bool {
        self.sign_in_state == SignInState::NoAccount
    }

    pub(in crate::runner) fn seen(&self) -> UserSetup {
        UserSetup {
            label: self.label.to_owned(),
            sign_in_state: self.sign_in_state,
            tenants: self.tenants.iter().map(|tenant| tenant.name.clone()).collect(),
            klaviyo_user: self.klaviyo.email.clone(),
            role: self.klaviyo.role,
        }
    }
}

impl KlaviyoUser {
    fn owner() -> Self {
        Self { email: "owner@klaviyo-account.example".to_owned(), password: secret(), role: Role::Owner }
    }
}

/// A password that usual rules accept: letters of both cases, digits, a mark.
fn secret() -> String {
    format!("Aa1-{}", Alphanumeric.sample_string(&mut rand::rng(), 20))
}
