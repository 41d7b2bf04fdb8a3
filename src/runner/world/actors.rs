//! Who acts in a scenario.

use rand::distr::{Alphanumeric, SampleString};

use crate::evidence::{AccountSetup, ConfiguredSecret, Recorder, Role, SignInState, UserSetup};
use crate::scenario::{Accounts, AppFile, AppUser, Persona, Script, Tenant};

/// The people and accounts of one world.
#[derive(Debug)]
pub(in crate::runner) struct Actors {
    /// The app's users; the first acts unless the script switches.
    pub(in crate::runner) people: Vec<Actor>,
    /// Klaviyo accounts that they may install for.
    pub(in crate::runner) accounts: Vec<AccountSetup>,
    /// Which of them the user chooses; not the first at first, or an app that ignores the choice would look right.
    pub(in crate::runner) account: usize,
}

/// A user of the app.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone)]
pub(in crate::runner) struct Actor {
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
    pub(in crate::runner) found_settings: Option<Spot>,
    /// The pages from which it was looked for.
    pub(in crate::runner) looked_from: Vec<String>,
    /// The page where the person's last installation ended.
    pub(in crate::runner) landed: Option<String>,
}

/// A place in the app: an address, and the controls that are clicked there one after the other, by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::runner) struct Spot {
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

/// A user that a scenario needs and `flowcheck.yaml` does not name.
#[derive(Debug, thiserror::Error)]
pub(in crate::runner) enum MissingUser {
    #[error("flowcheck.yaml names no user with several tenants")]
    SeveralTenants,
    #[error("flowcheck.yaml names no user who has not installed the app on the host")]
    NotOnHost,
    #[error(
        "flowcheck.yaml names no user with one tenant; add one to `users`, or `accounts: klaviyo` where nobody logs in to the app"
    )]
    OneTenant,
    #[error("flowcheck.yaml names no second user with one tenant")]
    Second,
}

/// Names of the accounts in a world; a person tells them apart at a glance.
const ACCOUNT_NAMES: [&str; 5] =
    ["Juniper Trading", "Fernhill Goods", "Saltwater Supply", "Lanternlight Market", "Copperfield Store"];

impl Actors {
    /// Casts a script with the users of `flowcheck.yaml`; a user without an account is the newcomer, where one is
    /// named, who signs up before the first step.
    pub(in crate::runner) fn of(
        script: &Script,
        app: &AppFile,
        newcomer: Option<&AppUser>,
    ) -> Result<Self, MissingUser> {
        let standing = script.given.user.sign_in_state();
        let first = match script.given.user {
            _ if app.accounts == Accounts::Klaviyo => Actor::visitor("user", standing),
            Persona::NoAccount => newcomer.map_or_else(|| Actor::stranger(&app.newcomer.domain), Actor::newcomer),
            Persona::SeveralTenants => {
                Actor::of("user", standing, app.user_with_several_tenants().ok_or(MissingUser::SeveralTenants)?)
            }
            Persona::NotInstalledOnHost => {
                Actor::of("user", standing, app.user_not_on_host().ok_or(MissingUser::NotOnHost)?)
            }
            Persona::SignedIn | Persona::SignedOut => {
                Actor::of("user", standing, app.user_with_one_tenant().ok_or(MissingUser::OneTenant)?)
            }
        };
        let mut people = vec![first];
        people[0].klaviyo.role = script.given.klaviyo_role;
        if script.given.other_user && app.accounts == Accounts::Klaviyo {
            people.push(Actor::visitor("other user", SignInState::SignedIn));
        } else if script.given.other_user {
            let other = app.other_user().ok_or(MissingUser::Second)?;
            people.push(Actor::of("other user", SignInState::SignedIn, other));
        }
        Ok(Self::with_accounts(people, usize::from(script.given.accounts.max(1))))
    }

    /// Every user of `flowcheck.yaml`, each signed in.
    pub(in crate::runner) fn everybody(app: &AppFile) -> Self {
        let people = app.users.iter().map(|user| Actor::of("user", SignInState::SignedIn, &user.value));
        Self::with_accounts(people.collect(), 1)
    }

    fn with_accounts(mut people: Vec<Actor>, accounts: usize) -> Self {
        for person in people.iter_mut().skip(1) {
            "colleague@klaviyo-account.example".clone_into(&mut person.klaviyo.email);
        }
        let accounts: Vec<_> = ACCOUNT_NAMES
            .iter()
            .take(accounts)
            .map(|name| AccountSetup { id: account_id(), name: (*name).to_owned() })
            .collect();
        let account = accounts.len() - 1;
        Self { people, accounts, account }
    }

    /// Their passwords.
    pub(in crate::runner) fn secrets(&self) -> Vec<ConfiguredSecret> {
        let people = self.people.iter().map(|person| (&person.login, &person.password));
        let at_klaviyo = self.people.iter().map(|person| (&person.klaviyo.email, &person.klaviyo.password));
        let all = people.chain(at_klaviyo);
        all.map(|(login, password)| ConfiguredSecret::new("password", password).of(login)).collect()
    }

    /// Tells the recorder what a secret must not be.
    pub(in crate::runner) fn introduce(&self, recorder: &Recorder) {
        for person in &self.people {
            if !person.login.is_empty() {
                recorder.known(&person.login, "the user's login");
            }
        }
        for account in &self.accounts {
            recorder.known(&account.id, "the Klaviyo account's id");
        }
    }

    /// The account that the user chooses where there are several.
    pub(in crate::runner) fn chosen_account(&self) -> &AccountSetup {
        &self.accounts[self.account]
    }

    /// From now on, another one.
    pub(in crate::runner) fn switch_account(&mut self) {
        self.account = (self.account + 1) % self.accounts.len();
    }
}

impl Actor {
    fn of(label: &'static str, sign_in_state: SignInState, user: &AppUser) -> Self {
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
    fn visitor(label: &'static str, sign_in_state: SignInState) -> Self {
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

    fn stranger(domain: &str) -> Self {
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

    fn newcomer(user: &AppUser) -> Self {
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

/// Account ids are six characters (observed).
fn account_id() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), 6)
}
