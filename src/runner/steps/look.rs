//! Going to see the state of things, and dismissing messages.

use std::time::Duration;

use tokio::time::sleep;

use crate::browser::{BrowserError, PageSnapshot, matches_dismiss, matches_retry, matches_sign_in, matches_sign_out};
use crate::evidence::{
    Control, ControlRole, Event, Gesture, PageKind, PagePart, PageRef, Place, Purpose, StepPhase, StepProblem,
};
use crate::runner::world::world::World;
use crate::scenario::{Accounts, LookAt};

/// How often the settings are opened again after an uninstall that they do not show, and after how long.
const MOST_LOOKS: usize = 2;
const UNTIL_ANOTHER_LOOK: Duration = Duration::from_millis(2_500);

impl World {
    /// Goes to see something, and records it.
    pub(in crate::runner) async fn look(&mut self, at: LookAt) -> Result<StepPhase, BrowserError> {
        match at {
            LookAt::Settings => {
                let tenant = self.person().tenants.first().cloned();
                let place = Place::Settings(tenant.as_ref().map(|tenant| tenant.name.clone()));
                self.open_settings(Purpose::Look(place)).await?;
                self.look_again().await?;
            }
            LookAt::OtherTenants => {
                let expected = std::mem::replace(&mut self.should_be_installed, false);
                for tenant in self.person().tenants.iter().skip(1).cloned().collect::<Vec<_>>() {
                    let place = Place::Settings(Some(tenant.name.clone()));
                    self.open_settings_of(Purpose::Look(place), Some(tenant.key())).await?;
                }
                self.should_be_installed = expected;
            }
            LookAt::Browser => self.look_through_browser().await?,
            LookAt::Integrations => self.open_integrations(Purpose::Look(Place::Integrations)).await?,
        }
        Ok(StepPhase::Done)
    }

    /// Opens the page again, as a person would who has just uninstalled and sees no change: some apps do it in a queue.
    async fn look_again(&mut self) -> Result<(), BrowserError> {
        for _ in 0..MOST_LOOKS {
            if self.should_be_installed || self.seen()?.page.kind == PageKind::NotInstalled || !self.was_installed() {
                return Ok(());
            }
            sleep(UNTIL_ANOTHER_LOOK).await;
            self.open_settings(Purpose::Prepare).await?;
        }
        Ok(())
    }

    /// Whether the user has ended an installation, so that the app has something to take notice of.
    fn was_installed(&self) -> bool {
        self.recorder.scan(0, |entries| {
            entries.iter().any(|entry| matches!(&entry.event, Event::Act(act) if matches!(act.purpose, Purpose::Disconnect { control: true, .. } | Purpose::KlaviyoUninstall)))
        })
    }

    /// Looks through what the user's browser received and keeps, with the app's settings in front of the user.
    async fn look_through_browser(&mut self) -> Result<(), BrowserError> {
        self.open_settings(Purpose::Prepare).await?;
        let search = self.browser()?.search().await?;
        self.recorder.record(Event::Search(search));
        Ok(())
    }

    /// Opens Klaviyo's integrations page of the chosen account, signed in.
    pub(in crate::runner) async fn open_integrations(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let page = format!("{}?account={}", self.klaviyo.integrations_url().path(), self.actors.chosen_account().id);
        let link = self.klaviyo.sign_in_link(&self.actors.klaviyo.email, &page);
        self.open(purpose, link.as_str()).await?;
        self.rest(|sight| sight.page.kind == PageKind::KlaviyoIntegrations).await.map(drop)
    }

    /// Dismisses the message in front of the user, and waits for the page behind it.
    pub(in crate::runner) async fn dismiss(&mut self) -> Result<StepPhase, BrowserError> {
        let sight = self.seen()?;
        let control = sight.part(PagePart::Dismiss, |sight| {
            let alone = |control: &Control| {
                matches_dismiss(&control.name) && !matches_retry(&control.name) && !control.in_navigation
            };
            // Every page has its frame; a link there leads away from a message as from any page.
            sight.control(alone).or_else(|| sight.control(|control| matches_dismiss(&control.name)))
        });
        if sight.was_told_by_dialog() {
            // Its OK was pressed, or nothing else could have been read.
            self.act(Purpose::Dismiss, Gesture::AcceptedDialog).await;
            self.user()?.note_act();
        } else if let Some(control) = control {
            self.click(Purpose::Dismiss, control).await?;
        } else if self.browser()?.is_in_apps_window() {
            self.act(Purpose::Dismiss, Gesture::ClosedWindow).await;
            self.user()?.leave_apps_windows().await?;
        } else {
            return self.without(PagePart::Dismiss, None, None);
        }
        let page = self.rest(|sight| sight.page.kind != PageKind::Blank && sight.page.kind != PageKind::Error).await?;
        Ok(match page.kind {
            PageKind::Error | PageKind::BrowserError | PageKind::Blank => {
                StepPhase::Failed(StepProblem::DismissLedTo(PageRef::of(page)))
            }
            _ => StepPhase::Done,
        })
    }

    /// Signs out of the app and in again.
    pub(in crate::runner) async fn sign_in_again(&mut self) -> Result<StepPhase, BrowserError> {
        if self.file.accounts == Accounts::Klaviyo {
            // All that there is of it: to come back another time.
            let home = self.address(Some(self.file.home_page()), None);
            self.open(Purpose::SignInAgain, &home).await?;
            self.rest(|sight| sight.page.kind != PageKind::Blank).await?;
            return Ok(StepPhase::Done);
        }
        let home = self.address(Some(self.file.home_page()), None);
        self.open(Purpose::SignInAgain, &home).await?;
        self.rest(|sight| sign_out_control(sight).is_some()).await?;
        match sign_out_control(self.seen()?) {
            Some(control) => {
                self.click(Purpose::SignInAgain, control).await?;
                let page = self.rest(|sight| sight.page.kind == PageKind::Login).await?;
                // Some ask once more, by a button in the page.
                if page.kind != PageKind::Login
                    && let Some(sure) = self.seen()?.control(|control| {
                        matches_sign_out(&control.name) && !control.in_navigation && control.role == ControlRole::Button
                    })
                {
                    self.click(Purpose::SignInAgain, sure).await?;
                    self.rest(|sight| sight.page.kind == PageKind::Login).await?;
                }
            }
            None => self.user()?.forget_cookies().await?,
        }
        self.sign_in_to_app(Purpose::SignInAgain).await
    }

    /// Opens the app's login page and logs in.
    pub(in crate::runner) async fn sign_in_to_app(&mut self, purpose: Purpose) -> Result<StepPhase, BrowserError> {
        let login = self.address(Some(self.file.login_page()), None);
        self.open(purpose.clone(), &login).await?;
        let mut page = self.rest(|sight| sight.page.kind == PageKind::Login).await?;
        if page.kind != PageKind::Login
            && let Some(way_in) = self.seen()?.control(|control| matches_sign_in(&control.name))
        {
            // A front page, with a way to the form.
            self.click(purpose.clone(), way_in).await?;
            page = self.rest(|sight| sight.page.kind == PageKind::Login).await?;
        } else {
            page = &self.seen()?.page;
        }
        if page.kind != PageKind::Login {
            let headline = page.headline();
            let overrides = self.unmatched_login_overrides()?;
            return Ok(StepPhase::Failed(StepProblem::NoLoginForm { url: login, headline, overrides }));
        }
        self.log_in_to_the_end(purpose, |sight| sight.page.kind != PageKind::Blank).await?;
        if let Some(why) = self.config_mismatch.clone() {
            return Ok(StepPhase::Failed(why));
        }
        let page = self.seen()?.page.clone();
        if let Some(why) = self.note_limited_login(&page) {
            return Ok(StepPhase::Failed(why));
        }
        Ok(if page.kind == PageKind::Login {
            let (login, headline) = (Some(self.person().login.clone()), self.seen()?.page.headline());
            StepPhase::Failed(StepProblem::LoginRefused { login, headline })
        } else {
            StepPhase::Done
        })
    }

    /// Goes by the app's login page to its sign-up, and creates the account. What stands in the way comes back in words.
    pub(in crate::runner) async fn sign_up_to_app(&mut self) -> Result<Result<(), StepProblem>, BrowserError> {
        let shows_form = |sight: &PageSnapshot| matches!(sight.page.kind, PageKind::Login | PageKind::SignUp);
        let login = self.address(Some(self.file.login_page()), None);
        self.open(Purpose::Prepare, &login).await?;
        if self.rest(shows_form).await?.kind != PageKind::SignUp {
            if !self.find_sign_up().await? {
                let page = PageRef::of(&self.seen()?.page);
                return self.lacking(PagePart::SignUpLink, Some(page), None).map(Err);
            }
            self.rest(|sight| sight.page.kind == PageKind::SignUp).await?;
        }
        if self.seen()?.page.kind != PageKind::SignUp {
            let page = &self.seen()?.page;
            return Ok(Err(StepProblem::NoSignUpForm { url: page.url.clone(), headline: page.headline() }));
        }
        self.sign_up().await?;
        let page = self.rest(|sight| sight.page.kind != PageKind::Blank).await?;
        Ok(if page.kind == PageKind::SignUp { Err(StepProblem::SignUpRefused(page.headline())) } else { Ok(()) })
    }
}

fn sign_out_control(sight: &PageSnapshot) -> Option<usize> {
    sight.part(PagePart::SignOut, |sight| sight.control(|control| matches_sign_out(&control.name)))
}
