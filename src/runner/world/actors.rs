//! Who acts in a scenario.

use crate::browser::{BrowserError, PageSnapshot, User};
use crate::evidence::{ConfiguredSecret, Recorder, SignInState};
use crate::runner::world::person::Person;
use crate::scenario::{Accounts, AppFile, AppUser, Persona, Script};

/// Someone who acts: the person, their browser, and what is in front of them.
#[derive(Debug)]
pub(in crate::runner) struct Actor {
    pub(in crate::runner) person: Person,
    /// Their browser context, once it is open.
    pub(in crate::runner) context: Option<User>,
    /// The page in front of them, once it was read.
    pub(in crate::runner) snapshot: Option<PageSnapshot>,
    /// The control of that page that they clicked last, where they did nothing since.
    pub(in crate::runner) clicked: Option<usize>,
    /// The last of their authorization attempts that reached consent.
    pub(in crate::runner) attempt: Option<String>,
}

/// Those who take part in a scenario; the first acts unless the script switches.
#[derive(Debug)]
pub(in crate::runner) struct Actors(Vec<Actor>);

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

impl Actor {
    /// Their browser.
    pub(in crate::runner) fn user(&mut self) -> Result<&mut User, BrowserError> {
        self.context.as_mut().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
    }

    /// The same, for what changes nothing.
    pub(in crate::runner) fn browser(&self) -> Result<&User, BrowserError> {
        self.context.as_ref().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
    }

    /// The page in front of them.
    pub(in crate::runner) fn seen(&self) -> Result<&PageSnapshot, BrowserError> {
        self.snapshot.as_ref().ok_or_else(|| BrowserError::Gone("been read yet".to_owned()))
    }
}

impl Actors {
    /// Casts a script with the users of `flowcheck.yaml`; a user without an account is the newcomer, where one is
    /// named, who signs up before the first step.
    pub(in crate::runner) fn of(
        script: &Script,
        app: &AppFile,
        newcomer: Option<&AppUser>,
    ) -> Result<Self, MissingUser> {
        let sign_in_state = script.given.user.sign_in_state();
        let first = match script.given.user {
            _ if app.accounts == Accounts::Klaviyo => Person::visitor("user", sign_in_state),
            Persona::NoAccount => newcomer.map_or_else(|| Person::stranger(&app.newcomer.domain), Person::newcomer),
            Persona::SeveralTenants => {
                Person::of("user", sign_in_state, app.user_with_several_tenants().ok_or(MissingUser::SeveralTenants)?)
            }
            Persona::NotInstalledOnHost => {
                Person::of("user", sign_in_state, app.user_not_on_host().ok_or(MissingUser::NotOnHost)?)
            }
            Persona::SignedIn | Persona::SignedOut => {
                Person::of("user", sign_in_state, app.user_with_one_tenant().ok_or(MissingUser::OneTenant)?)
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
        Ok(Self::from_people(people))
    }

    /// Every user of `flowcheck.yaml`, each signed in.
    pub(in crate::runner) fn everybody(app: &AppFile) -> Self {
        let people = app.users.iter().map(|user| Person::of("user", SignInState::SignedIn, &user.value));
        Self::from_people(people.collect())
    }

    fn from_people(mut people: Vec<Person>) -> Self {
        for person in people.iter_mut().skip(1) {
            "colleague@klaviyo-account.example".clone_into(&mut person.klaviyo.email);
        }
        let all = people.into_iter().map(|person| Actor {
            person,
            context: None,
            snapshot: None,
            clicked: None,
            attempt: None,
        });
        Self(all.collect())
    }

    /// The one at a place, and the first of the others.
    pub(in crate::runner) fn actor_and_other(&mut self, index: usize) -> (&mut Actor, Option<&Actor>) {
        let (before, from) = self.0.split_at_mut(index);
        let (actor, after) = from.split_first_mut().unwrap_or_else(|| unreachable!("one of so many: {index}"));
        (actor, before.first().or(after.first()))
    }

    /// How many there are.
    pub(in crate::runner) fn count(&self) -> usize {
        self.0.len()
    }

    pub(in crate::runner) fn all_mut(&mut self) -> impl Iterator<Item = &mut Actor> {
        self.0.iter_mut()
    }

    pub(in crate::runner) fn people(&self) -> impl Iterator<Item = &Person> {
        self.0.iter().map(|actor| &actor.person)
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
    }
}
