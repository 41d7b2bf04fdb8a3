//! Who acts in a scenario.

use rand::distr::{Alphanumeric, SampleString};

use crate::browser::{PageSnapshot, User};
use crate::evidence::{AccountSetup, ConfiguredSecret, Recorder, SignInState};
use crate::runner::world::person::Person;
use crate::scenario::{Accounts, AppFile, AppUser, Persona, Script};

/// Someone who acts: the person, their browser, and what is in front of them.
#[derive(Debug)]
pub(in crate::runner) struct Actor {
    pub(in crate::runner) person: Person,
    /// Their browser context, once it is open.
    pub(in crate::runner) context: Option<User>,
    /// The page in front of them, once it was read.
    pub(in crate::runner) sight: Option<PageSnapshot>,
    /// The last of their authorization attempts that reached consent.
    pub(in crate::runner) attempt: Option<String>,
}

/// The people and accounts of one world.
#[derive(Debug)]
pub(in crate::runner) struct Actors {
    /// The app's users; the first acts unless the script switches.
    all: Vec<Actor>,
    /// Who acts now.
    current: usize,
    /// Klaviyo accounts that they may install for.
    pub(in crate::runner) accounts: Vec<AccountSetup>,
    /// Which of them the user chooses; not the first at first, or an app that ignores the choice would look right.
    pub(in crate::runner) account: usize,
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
            _ if app.accounts == Accounts::Klaviyo => Person::visitor("user", standing),
            Persona::NoAccount => newcomer.map_or_else(|| Person::stranger(&app.newcomer.domain), Person::newcomer),
            Persona::SeveralTenants => {
                Person::of("user", standing, app.user_with_several_tenants().ok_or(MissingUser::SeveralTenants)?)
            }
            Persona::NotInstalledOnHost => {
                Person::of("user", standing, app.user_not_on_host().ok_or(MissingUser::NotOnHost)?)
            }
            Persona::SignedIn | Persona::SignedOut => {
                Person::of("user", standing, app.user_with_one_tenant().ok_or(MissingUser::OneTenant)?)
            }
        };
        let mut people = vec![first];
        people[0].klaviyo.role = script.given.klaviyo_role;
        if script.given.other_user && app.accounts == Accounts::Klaviyo {
            people.push(Person::visitor("other user", SignInState::SignedIn));
        } else if script.given.other_user {
            let other = app.other_user().ok_or(MissingUser::Second)?;
            people.push(Person::of("other user", SignInState::SignedIn, other));
        }
        Ok(Self::with_accounts(people, usize::from(script.given.accounts.max(1))))
    }

    /// Every user of `flowcheck.yaml`, each signed in.
    pub(in crate::runner) fn everybody(app: &AppFile) -> Self {
        let people = app.users.iter().map(|user| Person::of("user", SignInState::SignedIn, &user.value));
        Self::with_accounts(people.collect(), 1)
    }

    fn with_accounts(mut people: Vec<Person>, accounts: usize) -> Self {
        for person in people.iter_mut().skip(1) {
            "colleague@klaviyo-account.example".clone_into(&mut person.klaviyo.email);
        }
        let accounts: Vec<_> = ACCOUNT_NAMES
            .iter()
            .take(accounts)
            .map(|name| AccountSetup { id: account_id(), name: (*name).to_owned() })
            .collect();
        let account = accounts.len() - 1;
        let all = people.into_iter().map(|person| Actor { person, context: None, sight: None, attempt: None });
        Self { all: all.collect(), current: 0, accounts, account }
    }

    /// Who acts now.
    pub(in crate::runner) fn acting(&self) -> &Actor {
        &self.all[self.current]
    }

    pub(in crate::runner) fn acting_mut(&mut self) -> &mut Actor {
        &mut self.all[self.current]
    }

    /// The first who does not act now.
    pub(in crate::runner) fn other(&self) -> Option<&Actor> {
        self.all.iter().enumerate().find(|(index, _)| *index != self.current).map(|(_, actor)| actor)
    }

    /// How many there are.
    pub(in crate::runner) fn count(&self) -> usize {
        self.all.len()
    }

    /// From now on, this one acts.
    pub(in crate::runner) fn act_as(&mut self, index: usize) {
        self.current = index;
    }

    /// From now on, the next one acts.
    pub(in crate::runner) fn switch_user(&mut self) {
        self.current = (self.current + 1) % self.all.len();
    }

    pub(in crate::runner) fn all_mut(&mut self) -> impl Iterator<Item = &mut Actor> {
        self.all.iter_mut()
    }

    pub(in crate::runner) fn people(&self) -> impl Iterator<Item = &Person> {
        self.all.iter().map(|actor| &actor.person)
    }

    /// Their passwords.
    pub(in crate::runner) fn secrets(&self) -> Vec<ConfiguredSecret> {
        let people = self.people().map(|person| (&person.login, &person.password));
        let at_klaviyo = self.people().map(|person| (&person.klaviyo.email, &person.klaviyo.password));
        let all = people.chain(at_klaviyo);
        all.map(|(login, password)| ConfiguredSecret::new("password", password).of(login)).collect()
    }

    /// Tells the recorder what a secret must not be.
    pub(in crate::runner) fn introduce(&self, recorder: &Recorder) {
        for person in self.people() {
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

/// Account ids are six characters (observed).
fn account_id() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), 6)
}
