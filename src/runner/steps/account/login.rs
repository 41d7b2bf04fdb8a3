//! Logging in to the app, and to Klaviyo.

use url::Url;

use crate::browser::{BrowserError, PageSnapshot, matches_sign_in, matches_sign_out, matches_sign_up};
use crate::evidence::{
    Control, ControlRole, Field, FieldKind, Page, PageKind, PagePart, PageRef, Purpose, StepPhase, StepProblem,
};
use crate::lexicon::{Key, says};
use crate::runner::steps::account::one_time_code::speaks_of_mail;
use crate::runner::steps::on_heap::on_heap;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::scenario::Accounts;

/// Forms in a row that one login may have.
const MOST_FORMS: usize = 4;
/// Times that a login form is sent that comes back and says nothing.
const MOST_TRIES: usize = 2;
/// Controls in a row that lead to a login form.
const MOST_WAYS: usize = 3;

impl StepContext<'_> {
    /// Signs out of the app and in again.
    pub(in crate::runner) async fn sign_in_again(&mut self) -> Result<StepPhase, StepError> {
        self.sign_out(Purpose::SignInAgain).await?;
        if self.world.file.accounts == Accounts::Klaviyo {
            return Ok(StepPhase::Done);
        }
        self.sign_in_to_app(Purpose::SignInAgain).await?;
        Ok(StepPhase::Done)
    }

    /// Signs out of the app.
    pub(in crate::runner) async fn sign_out(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let home = self.world.address(Some(self.world.file.home_page()), None);
        self.open(purpose.clone(), &home).await?;
        if self.world.file.accounts == Accounts::Klaviyo {
            // All that there is of it: to come back another time.
            self.await_page(|snapshot| snapshot.page.kind != PageKind::Blank).await?;
            return Ok(());
        }
        self.await_page(|snapshot| sign_out_control(snapshot).is_some()).await?;
        match sign_out_control(self.actor.seen()?) {
            Some(control) => {
                self.click(purpose.clone(), control).await?;
                let page = self.await_page(|snapshot| snapshot.page.kind == PageKind::Login).await?;
                // Some ask once more, by a button in the page.
                if page.kind != PageKind::Login
                    && let Some(sure) = self.actor.seen()?.control(|control| {
                        matches_sign_out(&control.name) && !control.in_navigation && control.role == ControlRole::Button
                    })
                {
                    self.click(purpose, sure).await?;
                    self.await_page(|snapshot| snapshot.page.kind == PageKind::Login).await?;
                }
            }
            None => self.actor.user()?.forget_cookies().await?,
        }
        Ok(())
    }

    /// Opens the app's login page and logs in.
    pub(in crate::runner) async fn sign_in_to_app(&mut self, purpose: Purpose) -> Result<(), StepError> {
        let login = self.world.address(Some(self.world.file.login_page()), None);
        self.open(purpose.clone(), &login).await?;
        self.await_page(|snapshot| snapshot.page.kind == PageKind::Login).await?;
        if let Some(language) = self.actor.seen()?.parts.language.clone() {
            self.click(purpose.clone(), language.control).await?;
            self.await_page(|snapshot| snapshot.page.kind == PageKind::Login).await?;
        }
        let way_in = |snapshot: &PageSnapshot| snapshot.control(|control| matches_sign_in(&control.name));
        if self.actor.seen()?.page.kind != PageKind::Login
            && let Some(way_in) = way_in(self.actor.seen()?)
        {
            // A front page, with a way to the form.
            self.click(purpose.clone(), way_in).await?;
            self.await_page(|snapshot| snapshot.page.kind == PageKind::Login).await?;
        }
        on_heap(|| self.name_tenant_before_login()).await?;
        if let Some(why) = self.world.config_mismatch.clone() {
            return Err(why.into());
        }
        let page = &self.actor.seen()?.page;
        if page.kind != PageKind::Login {
            let headline = page.headline();
            let overrides = self.unmatched_login_overrides()?;
            return Err(StepProblem::NoLoginForm { url: login, headline, overrides }.into());
        }
        self.log_in_to_the_end(purpose, |snapshot| snapshot.page.kind != PageKind::Blank).await?;
        if let Some(why) = self.world.config_mismatch.clone() {
            return Err(why.into());
        }
        let page = self.actor.seen()?.page.clone();
        if let Some(why) = self.world.note_limited_login(&page) {
            return Err(why.into());
        }
        let (login, headline) = (Some(self.actor.person.login.clone()), page.headline());
        let refused = StepProblem::LoginRefused { login, headline };
        if page.kind == PageKind::Login {
            return Err(refused.into());
        }
        if self.is_signed_in().await? {
            return Ok(());
        }
        // A message may be about something else; to somebody who is not signed in after it, it is the answer to the login.
        if page.kind == PageKind::Error {
            return Err(refused.into());
        }
        Err(StepProblem::LoginIncomplete(PageRef::of(&page)).into())
    }

    /// Whether the app knows the user after a login. Where the page itself does not tell, one that wants a user does.
    async fn is_signed_in(&mut self) -> Result<bool, BrowserError> {
        let shows_it = |snapshot: &PageSnapshot| {
            let of_a_user = matches!(
                snapshot.page.kind,
                PageKind::Installed | PageKind::NotInstalled | PageKind::TenantChoice | PageKind::KlaviyoConsent
            );
            of_a_user || sign_out_control(snapshot).is_some()
        };
        if shows_it(self.actor.seen()?) {
            return Ok(true);
        }
        let tenant = self.actor.person.tenants.first().map(|tenant| tenant.key().to_owned());
        let settings =
            self.world.file.pages.settings.clone().filter(|page| tenant.is_some() || !page.contains("{tenant}"));
        let page = settings.unwrap_or_else(|| self.world.file.home_page().to_owned());
        let address = self.world.address(Some(&page), tenant.as_deref());
        self.open(Purpose::Prepare, &address).await?;
        self.await_page(|snapshot| snapshot.page.kind == PageKind::Login || shows_it(snapshot)).await?;
        let snapshot = self.actor.seen()?;
        if shows_it(snapshot) {
            return Ok(true);
        }
        let is_front = snapshot.control(|control| matches_sign_in(&control.name) && !control.name.contains("Klaviyo"));
        Ok(snapshot.page.kind != PageKind::Login && is_front.is_none())
    }

    /// Logs in, with whatever it takes, and waits until the page is `enough`.
    pub(in crate::runner) async fn log_in_to_the_end(
        &mut self,
        purpose: Purpose,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(), BrowserError> {
        let mut tries = 0;
        for _ in 0..MOST_FORMS {
            let before = self.actor.seen()?.page.clone();
            self.log_in(purpose.clone()).await?;
            if self.world.config_mismatch.is_some() {
                return Ok(());
            }
            self.await_page(&enough).await?;
            let after = &self.actor.seen()?.page;
            if after.kind == PageKind::Login && !self.asks_for_code()? {
                tries += 1;
            }
            // A form that comes back and says nothing may have lost what was typed before its script ran.
            let silent = after.kind == PageKind::Login && tries < MOST_TRIES && !says_more(&before, after);
            if !self.asks_for_code()? && !silent {
                break;
            }
        }
        if self.open_mailed_link(purpose).await? {
            self.await_page(&enough).await?;
        }
        Ok(())
    }

    /// Fills the login form in front of the user with the user's own login, and sends it.
    pub(in crate::runner) async fn log_in(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        self.take_way_in(&purpose).await?;
        if self.asks_for_code()? {
            return self.enter_code(purpose).await;
        }
        if self.actor.seen()?.page.kind != PageKind::Login {
            return Ok(());
        }
        self.world.mails_before = self.world.mail.count();
        let (login, password) = (self.actor.person.login.clone(), self.actor.person.password.clone());
        self.send_credentials(purpose, &login, &password).await
    }

    /// Where a login page has no form yet, goes on to one: by the control that uncovers it, or to the identity provider's.
    async fn take_way_in(&mut self, purpose: &Purpose) -> Result<(), BrowserError> {
        for _ in 0..MOST_WAYS {
            let snapshot = self.actor.seen()?;
            let Some(way_in) = snapshot.parts.way_in.clone().filter(|_| snapshot.page.kind == PageKind::Login) else {
                break;
            };
            self.click(purpose.clone(), way_in.control).await?;
            self.await_page(|snapshot| {
                let has_form = snapshot.page.kind == PageKind::Login && snapshot.parts.way_in.is_none();
                has_form || !snapshot.page.kind.is_the_apps() && snapshot.page.kind != PageKind::Blank
            })
            .await?;
        }
        Ok(())
    }

    /// Fills Klaviyo's login form, and sends it.
    pub(in crate::runner) async fn log_in_to_klaviyo(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let user = self.actor.person.klaviyo.clone();
        self.send_credentials(purpose, &user.email, &user.password).await
    }

    /// Where the app would mail a link or a code, and the user has a password: goes on to the form that takes it.
    async fn prefer_password(&mut self, purpose: &Purpose, password: &str) -> Result<(), BrowserError> {
        let snapshot = self.actor.seen()?;
        let leads_there = |control: &Control| {
            let name = &control.name;
            says(name, Key::ByPassword) && !says(name, Key::ForgotPassword) && !matches_sign_up(name)
        };
        let Some(control) = snapshot.control(leads_there) else { return Ok(()) };
        let is_asked = snapshot.page.fields.iter().any(|field| field.kind == FieldKind::Password);
        if password.is_empty() || is_asked || snapshot.page.kind != PageKind::Login {
            return Ok(());
        }
        self.click(purpose.clone(), control).await?;
        self.await_page(|snapshot| snapshot.field(FieldKind::Password).is_some()).await.map(drop)
    }

    /// The page's host, where passwords of the app's users are not to be typed there.
    fn keeps_password_from(&self, page: &Page) -> Option<String> {
        let others = self.world.passwords_to.as_ref().filter(|_| page.kind.is_the_apps())?;
        let host = |address: &str| Some(Url::parse(address).ok()?.host_str()?.to_owned());
        let own = [self.world.file.url.value.as_str(), self.world.file.login_page()];
        let here = host(&page.url)?;
        let is_own = own.into_iter().any(|page| host(&self.world.address(Some(page), None)).as_ref() == Some(&here));
        (!is_own && !others.contains(&here)).then_some(here)
    }

    async fn send_credentials(&mut self, purpose: Purpose, login: &str, password: &str) -> Result<(), BrowserError> {
        self.prefer_password(&purpose, password).await?;
        let mut snapshot = self.actor.seen()?.clone();
        if snapshot.field(FieldKind::Password).is_none()
            && let Some(first) = snapshot.field(FieldKind::Email).or_else(|| snapshot.field(FieldKind::Text))
        {
            // The address comes first, the password on the next page.
            self.actor.user()?.fill(&snapshot, first, login).await?;
            self.send(Purpose::Prepare, first).await?;
            let known = |snapshot: &PageSnapshot| {
                snapshot.field(FieldKind::Password).or(snapshot.field(FieldKind::Code)).is_some()
                    || snapshot.page.kind == PageKind::Notice
            };
            self.await_page(known).await?;
            self.prefer_password(&purpose, password).await?;
            snapshot = self.actor.seen()?.clone();
            if self.asks_for_code()? {
                return self.enter_code(purpose).await;
            }
        }
        let Some(box_for_password) = snapshot.field(FieldKind::Password) else {
            if snapshot.page.kind != PageKind::Login && !speaks_of_mail(&snapshot.page)
                || self.open_mailed_link(purpose).await?
            {
                return Ok(());
            }
            let (page, overrides) = (PageRef::of(&snapshot.page), self.unmatched_login_overrides()?);
            let mailed = speaks_of_mail(&snapshot.page);
            self.world.config_mismatch = Some(if mailed {
                StepProblem::NoLoginMail { page, overrides }
            } else {
                StepProblem::NoPasswordField { page, overrides }
            });
            return Ok(());
        };
        if let Some(host) = self.keeps_password_from(&snapshot.page) {
            self.world.config_mismatch =
                Some(StepProblem::PasswordElsewhere { host, page: PageRef::of(&snapshot.page) });
            return Ok(());
        }
        let form = snapshot.page.fields[box_for_password].form;
        let names_user = |kind| {
            let fits = |field: &Field| field.kind == kind && field.form == form;
            snapshot.page.fields.iter().position(fits).or_else(|| snapshot.field(kind))
        };
        if let Some(field) = names_user(FieldKind::Email).or_else(|| names_user(FieldKind::Text)) {
            self.actor.user()?.fill(&snapshot, field, login).await?;
        }
        self.actor.user()?.fill(&snapshot, box_for_password, password).await?;
        self.send(purpose, box_for_password).await
    }
}

/// Whether a page has a message that the one before did not have.
fn says_more(before: &Page, after: &Page) -> bool {
    after.alerts.iter().any(|alert| !before.alerts.contains(alert))
}

pub(in crate::runner) fn sign_out_control(snapshot: &PageSnapshot) -> Option<usize> {
    snapshot.part(PagePart::SignOut, |snapshot| snapshot.control(|control| matches_sign_out(&control.name)))
}
