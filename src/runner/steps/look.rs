//! Going to see the state of things, and dismissing messages.

use std::time::Duration;

use tokio::time::sleep;
use url::Url;

use crate::browser::{
    BrowserError, PageSnapshot, matches_connect, matches_disconnect, matches_dismiss, matches_retry, matches_sign_in,
};
use crate::evidence::{
    Control, ControlRole, Event, Gesture, Page, PageKind, PagePart, PageRef, Place, Purpose, StepPhase, StepProblem,
};
use crate::runner::world::config_mismatch::doubt;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::scenario::LookAt;

/// How often the settings are opened again after an uninstall that they do not show, and after how long.
const MOST_LOOKS: usize = 2;
const UNTIL_ANOTHER_LOOK: Duration = Duration::from_millis(2_500);
/// How often Klaviyo's integrations page is opened again after the user has disconnected: ten seconds, as long as a queue may take.
const MOST_LOOKS_AT_KLAVIYO: usize = 4;
/// What is opened at most of what a page has on Klaviyo.
const MOST_DETAILS: usize = 2;
/// How near a control is to where the integration is that names Klaviyo.
const NAMES_KLAVIYO: u8 = 3;

impl StepContext<'_> {
    /// Goes to see something, and records it.
    pub(in crate::runner) async fn look(&mut self, at: LookAt) -> Result<StepPhase, StepError> {
        match at {
            LookAt::Settings => {
                let tenant = self.actor.person.tenants.first().cloned();
                let place = Place::Settings(tenant.as_ref().map(|tenant| tenant.name.clone()));
                self.open_settings(Purpose::Look(place)).await?;
                self.open_details().await?;
                self.look_again().await?;
            }
            LookAt::OtherTenants => {
                let expected = std::mem::replace(&mut self.actor.person.should_be_installed, false);
                for tenant in self.actor.person.tenants.iter().skip(1).cloned().collect::<Vec<_>>() {
                    let place = Place::Settings(Some(tenant.name.clone()));
                    self.open_settings_of(Purpose::Look(place), Some(tenant.key())).await?;
                    self.open_details().await?;
                }
                self.actor.person.should_be_installed = expected;
            }
            LookAt::Browser => self.look_through_browser().await?,
            LookAt::SettingsUrl => return self.follow_settings_link().await,
            LookAt::Integrations => {
                self.open_integrations(Purpose::Look(Place::Integrations)).await?;
                self.look_at_integrations_again().await?;
            }
        }
        Ok(StepPhase::Done)
    }

    /// Opens the integrations page again, as a person would who has just disconnected, and still sees the app there: some apps revoke in a
    /// queue, and show themselves as disconnected before it is done.
    async fn look_at_integrations_again(&mut self) -> Result<(), BrowserError> {
        for _ in 0..MOST_LOOKS_AT_KLAVIYO {
            let is_over = self.actor.person.should_be_installed || !self.was_installed();
            if is_over || !self.is_listed()? {
                return Ok(());
            }
            sleep(UNTIL_ANOTHER_LOOK).await;
            self.open_integrations(Purpose::Prepare).await?;
        }
        Ok(())
    }

    /// Whether Klaviyo's integrations page, which is in front of the user, has the app.
    fn is_listed(&self) -> Result<bool, BrowserError> {
        let name = &self.world.file.name;
        let is_it = |control: &Control| control.name.starts_with("Uninstall") && control.near.contains(name);
        Ok(self.actor.seen()?.page.controls.iter().any(is_it))
    }

    /// Opens the page again, as a person would who has just uninstalled, or installed again, and sees no change: some apps do it in a
    /// queue.
    async fn look_again(&mut self) -> Result<(), BrowserError> {
        for _ in 0..MOST_LOOKS {
            let shows_none = self.actor.seen()?.page.kind == PageKind::NotInstalled;
            let follows = shows_none != self.actor.person.should_be_installed;
            if follows || !self.was_installed() {
                return Ok(());
            }
            sleep(UNTIL_ANOTHER_LOOK).await;
            self.open_settings(Purpose::Prepare).await?;
            self.open_details().await?;
        }
        Ok(())
    }

    /// Where the page in front of the user leaves open whether the app is installed, opens what it has on Klaviyo, such as a card, a row or
    /// a menu. Goes back where that tells no more.
    async fn open_details(&mut self) -> Result<(), BrowserError> {
        let settings = self.actor.seen()?.clone();
        let may_tell_more =
            is_state(&settings.page) || matches!(settings.page.kind, PageKind::Other | PageKind::Notice);
        if tells(&settings.page) || !may_tell_more {
            return Ok(());
        }
        let shown = self.shows_state();
        for name in klaviyos_own(&settings) {
            let Some(control) = self.actor.seen()?.control(|control| control.name == name) else { continue };
            self.click(Purpose::Prepare, control).await?;
            self.await_page(&shown).await?;
            if tells(&self.actor.seen()?.page) {
                return Ok(());
            }
            self.open_signed_in(Purpose::Prepare, &settings.page.url, &shown).await?;
        }
        Ok(())
    }

    /// Whether the user has ended an installation, so that the app has something to take notice of.
    fn was_installed(&self) -> bool {
        self.world.recorder.scan(0, |entries| {
            entries.iter().any(|entry| matches!(&entry.event, Event::Act(act) if matches!(act.purpose, Purpose::Disconnect { control: true, .. } | Purpose::KlaviyoUninstall)))
        })
    }

    /// Looks through what the user's browser received and keeps, with the app's settings in front of the user.
    async fn look_through_browser(&mut self) -> Result<(), BrowserError> {
        self.open_settings(Purpose::Prepare).await?;
        let search = self.actor.browser()?.search().await?;
        self.world.recorder.record(Event::Search(search));
        Ok(())
    }

    /// Opens Klaviyo's integrations page of the chosen account, signed in.
    pub(in crate::runner) async fn open_integrations(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let page =
            format!("{}?account={}", self.world.klaviyo.integrations_url().path(), self.world.accounts.chosen().id);
        let link = self.world.klaviyo.sign_in_link(&self.actor.person.klaviyo.email, &page);
        self.open(purpose, link.as_str()).await?;
        self.await_page(|snapshot| snapshot.page.kind == PageKind::KlaviyoIntegrations).await.map(drop)
    }

    /// Follows the Settings link on Klaviyo's integrations page, and logs in to the app where it asks for that. Nothing more is opened:
    /// the app has to lead on by itself.
    async fn follow_settings_link(&mut self) -> Result<StepPhase, StepError> {
        self.open_integrations(Purpose::Prepare).await?;
        let Some(link) = self.actor.seen()?.control(|control| control.name.starts_with("Settings of ")) else {
            return Err(StepProblem::NotListedInKlaviyo.into());
        };
        self.click(Purpose::Look(Place::SettingsUrl), link).await?;
        let shown = self.shows_state();
        if self.await_page(&shown).await?.kind == PageKind::Login && self.actor.person.registered {
            self.log_in_to_the_end(Purpose::LogIn, &shown).await?;
        }
        Ok(StepPhase::Done)
    }

    /// Dismisses the message in front of the user, and waits for the page behind it.
    pub(in crate::runner) async fn dismiss(&mut self) -> Result<StepPhase, StepError> {
        let pages = [self.world.file.pages.settings.as_deref(), Some(self.world.file.home_page())];
        let tenant = self.actor.person.tenants.first().map(|tenant| tenant.key().to_owned());
        let leads_back: Vec<String> =
            pages.into_iter().flatten().map(|page| self.world.address(Some(page), tenant.as_deref())).collect();
        let snapshot = self.actor.seen()?;
        let control = snapshot.part(PagePart::Dismiss, |snapshot| {
            let alone = |control: &Control| {
                matches_dismiss(&control.name) && !matches_retry(&control.name) && !control.in_navigation
            };
            // Every page has its frame; a link there leads away from a message as from any page, whatever it is called.
            snapshot
                .control(alone)
                .or_else(|| only_button_of_message(&snapshot.page.alerts, &snapshot.page.controls))
                .or_else(|| snapshot.control(|control| matches_dismiss(&control.name)))
                .or_else(|| snapshot.control(|control| leads_back.iter().any(|page| leads_to(control, page))))
        });
        if snapshot.was_told_by_dialog() {
            // Its OK was pressed, or nothing else could have been read.
            self.act(Purpose::Dismiss, Gesture::AcceptedDialog).await;
            self.actor.user()?.note_act();
        } else if let Some(control) = control {
            self.click(Purpose::Dismiss, control).await?;
        } else if self.actor.browser()?.is_in_apps_window() {
            self.act(Purpose::Dismiss, Gesture::ClosedWindow).await;
            self.actor.user()?.leave_apps_windows().await?;
        } else {
            let doubt = doubt(snapshot, None);
            return Err(self.lacking(PagePart::Dismiss, None, doubt));
        }
        let page = self
            .await_page(|snapshot| snapshot.page.kind != PageKind::Blank && snapshot.page.kind != PageKind::Error)
            .await?;
        match page.kind {
            PageKind::Error | PageKind::BrowserError | PageKind::Blank => {
                Err(StepProblem::DismissLedTo(PageRef::of(page)).into())
            }
            _ => Ok(StepPhase::Done),
        }
    }
}

/// The only button that a message has, whatever it is called, unless it does something else.
fn only_button_of_message(messages: &[String], controls: &[Control]) -> Option<usize> {
    let is_of_message = |control: &Control| {
        let is_button = control.role == ControlRole::Button && !control.in_navigation;
        is_button && messages.contains(&control.near)
    };
    let does_more =
        |name: &str| matches_retry(name) || matches_connect(name) || matches_disconnect(name) || matches_sign_in(name);
    let mut own = controls.iter().enumerate().filter(|(_, control)| is_of_message(control));
    let (at, control) = own.next()?;
    (own.next().is_none() && !does_more(&control.name)).then_some(at)
}

fn is_state(page: &Page) -> bool {
    matches!(page.kind, PageKind::Installed | PageKind::NotInstalled)
}

/// Whether a page surely shows whether the app is installed.
fn tells(page: &Page) -> bool {
    is_state(page) && page.certainty >= Page::SURE
}

/// The names of controls that open what the app itself has on Klaviyo: those that name it first, then its row's or card's.
fn klaviyos_own(snapshot: &PageSnapshot) -> Vec<String> {
    let host = |address: &str| Url::parse(address).ok().map(|url| url.origin());
    let stays = |control: &&Control| control.href.as_deref().is_none_or(|link| host(link) == host(&snapshot.page.url));
    let ways = &snapshot.parts.ways;
    let naming =
        ways.to_integrations.iter().filter(|(nearness, _)| *nearness == NAMES_KLAVIYO).map(|(_, control)| control);
    let mut names = Vec::new();
    for control in
        naming.chain(&ways.to_disconnect).filter_map(|control| snapshot.page.controls.get(*control)).filter(stays)
    {
        if !names.contains(&control.name) {
            names.push(control.name.clone());
        }
    }
    names.truncate(MOST_DETAILS);
    names
}

/// Whether a control is a link to a page, whatever stands in its query.
fn leads_to(control: &Control, page: &str) -> bool {
    let bare = |address: &str| address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/').to_owned();
    control.href.as_deref().is_some_and(|href| bare(href) == bare(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(href: Option<&str>) -> Control {
        let href = href.map(str::to_owned);
        Control { role: ControlRole::Link, name: "Trips".to_owned(), href, near: String::new(), in_navigation: false }
    }

    #[test]
    fn a_message_is_closed_by_its_only_button_whatever_that_is_called() {
        let message = "Klaviyo was not installed. The permissions were denied.".to_owned();
        let button = |name: &str, near: &str, in_navigation| Control {
            role: ControlRole::Button,
            name: name.to_owned(),
            href: None,
            near: near.to_owned(),
            in_navigation,
        };
        let closing = |controls: &[Control]| only_button_of_message(std::slice::from_ref(&message), controls);
        let (own, other) = (button("Hide it", &message, false), button("Sign out", "", true));
        assert_eq!(closing(&[other.clone(), link(None), own.clone()]), Some(2));
        assert_eq!(closing(&[other.clone(), button("Hide it", "Weekly report", false)]), None);
        assert_eq!(closing(&[own.clone(), button("Ask us", &message, false)]), None);
        for name in ["Try again", "Connect Klaviyo", "Log in"] {
            assert_eq!(closing(&[other.clone(), button(name, &message, false)]), None, "{name}");
        }
        assert_eq!(closing(&[button("Hide it", &message, true)]), None);
    }

    #[test]
    fn a_link_back_is_known_by_its_address() {
        let page = "http://localhost:3000/connections";
        for href in [page, "http://localhost:3000/connections/", "http://localhost:3000/connections?tab=klaviyo"] {
            assert!(leads_to(&link(Some(href)), page), "{href}");
        }
        assert!(leads_to(&link(Some("http://localhost:3000/")), "http://localhost:3000"));
        for href in [
            Some("http://localhost:3000/klaviyo"),
            Some("http://localhost:3000/connections/new"),
            Some("https://help.example/connections"),
            Some("http://localhost:3000"),
            None,
        ] {
            assert!(!leads_to(&link(href), page), "{href:?}");
        }
    }
}
