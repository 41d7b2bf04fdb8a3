//! The journey from where an installation is started to Klaviyo's consent page.
//!
//! Where the app does what the checklist foresees (login, sign-up, tenant), the runner plays along. Where it strays, the
//! runner takes the way a persistent user would take, and says so on the record: judges count those acts.

use crate::browser::{BrowserError, PageSnapshot, Part, closes, leads_on, matches_retry, says_to_retry};
use crate::evidence::{
    KlaviyoSession, Obstacle, Page, PageKind, PagePart, PageRef, Purpose, Start, StepPhase, StepProblem,
};
use crate::runner::steps::account::sign_up::{SentSignUps, has_sign_up_form};
use crate::runner::steps::on_heap::on_heap;
use crate::runner::world::config_mismatch::doubt;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::scenario::InstallFrom;

/// Stops on the way after which even a persistent user gives up.
const MOST_STOPS: usize = 16;
/// The same, for each kind of form, and for ways around.
const MOST_TRIES: usize = 3;

/// What was tried on the way so far.
#[derive(Debug, Default)]
struct Detours {
    logins: usize,
    codes: usize,
    sign_ups: SentSignUps,
    searches: usize,
    mails: usize,
    choices: usize,
    around: Vec<PageRef>,
}

impl StepContext<'_> {
    /// Starts an installation and goes on to the consent page.
    pub(in crate::runner) async fn install(
        &mut self,
        from: InstallFrom,
        klaviyo: KlaviyoSession,
    ) -> Result<StepPhase, StepError> {
        match from {
            InstallFrom::Klaviyo | InstallFrom::KlaviyoSubdomain => self.install_from_listing(from, klaviyo).await,
            InstallFrom::App => self.install_from_app(klaviyo).await,
            InstallFrom::Message => self.install_from_message(klaviyo).await,
            // It may have to install in another way itself.
            InstallFrom::Notice => Box::pin(self.install_from_notice(klaviyo)).await,
        }
    }

    async fn install_from_listing(
        &mut self,
        from: InstallFrom,
        session: KlaviyoSession,
    ) -> Result<StepPhase, StepError> {
        let listing = self.world.klaviyo.listing_url(&self.world.file.klaviyo.client_id);
        let address = match (from, session) {
            (InstallFrom::KlaviyoSubdomain, _) => {
                let mut elsewhere = self.world.klaviyo.marketplace();
                elsewhere.set_path(listing.path());
                elsewhere
            }
            (_, KlaviyoSession::SignedOut) => listing,
            // To sign in anew would end the session that a consent page in another tab is of.
            (_, KlaviyoSession::SignedIn) if self.actor.browser()?.has_second_tab() => listing,
            (_, KlaviyoSession::SignedIn) => {
                self.world.klaviyo.sign_in_link(&self.actor.person.klaviyo.email, listing.path())
            }
        };
        if from == InstallFrom::KlaviyoSubdomain && session == KlaviyoSession::SignedIn {
            self.sign_in_to_klaviyo().await?;
        }
        self.open(Purpose::Prepare, address.as_str()).await?;
        self.await_page(|snapshot| snapshot.page.kind == PageKind::KlaviyoListing).await?;
        let Some(install) =
            self.actor.seen()?.control(|control| control.name == "Install" || control.name.starts_with("Install "))
        else {
            return Err(StepProblem::NoInstallOnListing.into());
        };
        self.click(Purpose::StartInstall(from.into()), install).await?;
        self.go_on_to_consent().await
    }

    async fn install_from_app(&mut self, session: KlaviyoSession) -> Result<StepPhase, StepError> {
        if session == KlaviyoSession::SignedIn {
            self.sign_in_to_klaviyo().await?;
        }
        self.open_settings(Purpose::Prepare).await?;
        if connect_control(self.actor.seen()?).is_none() && self.actor.seen()?.page.kind != PageKind::Installed {
            // Where an app connects need not be where it shows the state.
            self.find_connect().await?;
            if connect_control(self.actor.seen()?).is_none() {
                self.open_settings(Purpose::Prepare).await?;
            }
        }
        let Some(connect) = connect_control(self.actor.seen()?) else {
            let snapshot = self.actor.seen()?;
            let doubt = doubt(snapshot, snapshot.parts.connect.as_ref());
            return Err(self.lacking(PagePart::Connect, None, doubt));
        };
        self.click(Purpose::StartInstall(Start::App), connect).await?;
        self.go_on_to_consent().await
    }

    async fn install_from_message(&mut self, session: KlaviyoSession) -> Result<StepPhase, StepError> {
        let mut way = self.way_from_message()?;
        let snapshot = self.actor.seen()?;
        // What the message itself does not offer, the page does as soon as it is closed.
        if way.is_none_or(|control| snapshot.is_behind(control))
            && let Some(close) = snapshot.control(|control| closes(&control.name).is_some())
            && snapshot.is_behind_dialog()
            && !snapshot.is_behind(close)
        {
            self.click(Purpose::Prepare, close).await?;
            self.await_page(|_| true).await?;
            way = self.way_from_message()?;
        }
        if let Some(control) = way {
            self.click(Purpose::StartInstall(Start::Message), control).await?;
            return self.go_on_to_consent().await;
        }
        let ended = self.install_from_listing(InstallFrom::Klaviyo, session).await?;
        Ok(match ended {
            StepPhase::Done => StepPhase::Strayed(StepProblem::MessageLeadsNowhere),
            other => other,
        })
    }

    /// The control by which the message in front of the user, or the page that it stands on, leads to another attempt.
    fn way_from_message(&self) -> Result<Option<usize>, BrowserError> {
        let snapshot = self.actor.seen()?;
        // Behind a dialog of the browser's own lies the page that it leads to.
        let behind = || connect_control(snapshot).filter(|_| snapshot.was_told_by_dialog());
        let install_url = self.world.address(Some(&self.world.file.klaviyo.install_url.value), None);
        Ok(retry_control(snapshot).or_else(behind).or_else(|| link_to(snapshot, &install_url)))
    }

    /// Signs the user in to Klaviyo without a form; arranging, not part of any flow.
    pub(in crate::runner) async fn sign_in_to_klaviyo(&mut self) -> Result<(), BrowserError> {
        if self.actor.browser()?.has_second_tab() {
            return Ok(());
        }
        let home = self.world.klaviyo.integrations_url();
        let link = self.world.klaviyo.sign_in_link(&self.actor.person.klaviyo.email, home.path());
        self.open(Purpose::Prepare, link.as_str()).await?;
        self.await_page(|snapshot| snapshot.page.kind != PageKind::Blank).await.map(drop)
    }

    pub(in crate::runner) async fn go_on_to_consent(&mut self) -> Result<StepPhase, StepError> {
        let mut detours = Detours::default();
        for _ in 0..MOST_STOPS {
            let page = self.await_page(waits_for_the_user).await?;
            // What is not sure is not acted upon as if it were.
            let kind = if page.certainty >= Page::SURE { page.kind } else { PageKind::Other };
            match kind {
                PageKind::KlaviyoConsent => return Ok(detours.ended()),
                PageKind::KlaviyoLogin => self.log_in_to_klaviyo(Purpose::KlaviyoLogIn).await?,
                PageKind::KlaviyoAccounts => self.choose_account().await?,
                PageKind::KlaviyoError => {
                    return Err(StepProblem::KlaviyoRefused(self.actor.seen()?.page.headline()).into());
                }
                PageKind::BrowserError => return Err(StepProblem::NoAnswer(None).into()),
                PageKind::Login | PageKind::SignUp
                    if !self.actor.person.registered && has_sign_up_form(self.actor.seen()?) =>
                {
                    self.sign_up_once_more(&mut detours).await?;
                }
                PageKind::Login | PageKind::SignUp
                    if !self.actor.person.registered && detours.searches > 0 && self.was_mailed_code().await? =>
                {
                    detours.codes += 1;
                    self.actor.person.registered = true;
                    self.enter_code(Purpose::SignUp).await?;
                }
                PageKind::Login | PageKind::SignUp if !self.actor.person.registered => {
                    detours.searches += 1;
                    if detours.searches > MOST_TRIES || !on_heap(|| self.find_sign_up()).await? {
                        return Err(self.lacking(PagePart::SignUpLink, None, None));
                    }
                }
                PageKind::Login if self.asks_for_code()? && detours.codes < MOST_TRIES => {
                    detours.codes += 1;
                    on_heap(|| self.log_in(Purpose::LogIn)).await?;
                }
                PageKind::Login => match detours.logins {
                    0 | 1 => {
                        detours.logins += 1;
                        on_heap(|| self.log_in(Purpose::LogIn)).await?;
                    }
                    _ => {
                        let headline = self.actor.seen()?.page.headline();
                        return Err(StepProblem::LoginRefused { login: None, headline }.into());
                    }
                },
                PageKind::SignUp => on_heap(|| self.sign_up_once_more(&mut detours)).await?,
                // The first page of a login: whoever has no tenant yet makes one.
                PageKind::TenantChoice
                    if !self.actor.person.registered
                        && detours.searches < MOST_TRIES
                        && self.actor.seen()?.parts.sign_up.as_ref().is_some_and(Part::is_sure) =>
                {
                    detours.searches += 1;
                    on_heap(|| self.find_sign_up()).await?;
                }
                PageKind::TenantChoice if detours.choices < MOST_TRIES => {
                    detours.choices += 1;
                    on_heap(|| self.choose_tenant(Purpose::ChooseTenant)).await?;
                }
                // What the user is told then is what matters; there is no way around it.
                _ if self.waits_for_host() => {
                    let page = PageRef::of(&self.actor.seen()?.page);
                    return Ok(StepPhase::Strayed(StepProblem::HostInstallPending(page)));
                }
                _ if on_heap(|| self.takes_mailed_link(&mut detours)).await? => {}
                _ => on_heap(|| self.recover(&mut detours)).await?,
            }
            if let Some(why) = &self.world.config_mismatch {
                return Err(why.clone().into());
            }
        }
        Err(StepProblem::NoConsentAfter(MOST_STOPS).into())
    }

    async fn sign_up_once_more(&mut self, detours: &mut Detours) -> Result<(), StepError> {
        match detours.sign_ups.next(&self.actor.seen()?.clone()) {
            Some(filling) => Ok(self.sign_up(filling).await?),
            None => Err(self.sign_up_refused()?.into()),
        }
    }

    /// Whether a mail came that leads on, after a form was sent: a link to log in by, or to confirm the sign-up.
    async fn takes_mailed_link(&mut self, detours: &mut Detours) -> Result<bool, BrowserError> {
        let by_sign_up = detours.sign_ups.any() || detours.searches > 0;
        if detours.mails >= MOST_TRIES || !by_sign_up && detours.logins == 0 {
            return Ok(false);
        }
        detours.mails += 1;
        let opened = self.open_mailed_link(if by_sign_up { Purpose::SignUp } else { Purpose::LogIn }).await?;
        self.actor.person.registered |= opened;
        Ok(opened)
    }

    async fn choose_account(&mut self) -> Result<(), StepError> {
        let snapshot = self.actor.seen()?.clone();
        let account = self.world.accounts.chosen().clone();
        let purpose = Purpose::KlaviyoAccount(account.id.clone());
        if let Some(control) = snapshot.control(|control| control.name.contains(&account.name)) {
            return Ok(self.click(purpose, control).await?);
        }
        let choice = snapshot.page.fields.iter().enumerate().find_map(|(index, field)| {
            field.options.iter().find(|option| option.contains(&account.name)).map(|option| (index, option.clone()))
        });
        let Some((field, option)) = choice else {
            return Err(StepProblem::AccountNotOffered(account.name).into());
        };
        self.actor.user()?.choose(&snapshot, field, &option).await?;
        Ok(self.send(purpose, field).await?)
    }

    /// The way of a persistent user where the app strays: first what this page offers, then the app's settings.
    async fn recover(&mut self, detours: &mut Detours) -> Result<(), StepError> {
        let snapshot = self.actor.seen()?.clone();
        let page = PageRef::of(&snapshot.page).redacted(|text| self.world.recorder.redact(text));
        if detours.around.len() >= MOST_TRIES {
            return Err(StepProblem::StoppedAt { page, settings_tried: false }.into());
        }
        // Starting anew has led to the same error; a third time would.
        if snapshot.page.kind == PageKind::Error && detours.around.contains(&page) {
            return Err(StepProblem::StoppedAt { page, settings_tried: true }.into());
        }
        detours.around.push(page.clone());
        let on_this_page = if snapshot.page.kind == PageKind::Error { None } else { onward_control(&snapshot) };
        if let Some(control) = on_this_page {
            return Ok(self.click(Purpose::Recover(Obstacle::Page(page)), control).await?);
        }
        let purpose = Purpose::StartAnew(page.clone());
        self.open_settings(purpose.clone()).await?;
        let settings = self.actor.seen()?;
        if matches!(settings.page.kind, PageKind::TenantChoice | PageKind::SignUp | PageKind::Login) {
            let page = PageRef::of(&settings.page);
            return Err(StepProblem::StoppedAt { page, settings_tried: false }.into());
        }
        match connect_control(settings) {
            Some(control) => Ok(self.click(purpose, control).await?),
            None => Err(StepProblem::StoppedAt { page, settings_tried: true }.into()),
        }
    }
}

impl Detours {
    fn ended(self) -> StepPhase {
        if self.around.is_empty() {
            StepPhase::Done
        } else {
            StepPhase::Strayed(StepProblem::OnlyByDetours(self.around))
        }
    }
}

/// Pages that surely wait for the user; any other might still go on by itself.
fn waits_for_the_user(snapshot: &PageSnapshot) -> bool {
    let waits = matches!(
        snapshot.page.kind,
        PageKind::KlaviyoConsent
            | PageKind::KlaviyoLogin
            | PageKind::KlaviyoAccounts
            | PageKind::KlaviyoError
            | PageKind::BrowserError
            | PageKind::Login
            | PageKind::SignUp
            | PageKind::TenantChoice
    );
    waits && snapshot.page.certainty >= Page::SURE
}

/// The control that surely connects Klaviyo.
pub(in crate::runner) fn connect_control(snapshot: &PageSnapshot) -> Option<usize> {
    snapshot.parts.connect.as_ref().filter(|part| part.is_sure()).map(|part| part.control)
}

/// The control of a message that tries again.
fn retry_control(snapshot: &PageSnapshot) -> Option<usize> {
    snapshot.part(PagePart::Retry, |snapshot| {
        let find = |does: fn(&str) -> bool| snapshot.control(|control| does(&control.name) && !control.in_navigation);
        // What connects may stand on the page for other reasons.
        find(says_to_retry).or_else(|| find(matches_retry))
    })
}

/// A link of the page's own to an address, in whatever language its words are.
fn link_to(snapshot: &PageSnapshot, address: &str) -> Option<usize> {
    let path = |address: &str| address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_owned();
    let wanted = path(address);
    snapshot
        .control(|control| !control.in_navigation && control.href.as_deref().is_some_and(|link| path(link) == wanted))
}

/// The control that leads on from a page in between.
fn onward_control(snapshot: &PageSnapshot) -> Option<usize> {
    let language = || snapshot.parts.language.as_ref().map(|part| part.control);
    let on = |snapshot: &PageSnapshot| language().or_else(|| leads_on(&snapshot.page.controls));
    connect_control(snapshot).or_else(|| snapshot.part(PagePart::Continue, on))
}

/// Whether a page after consent asks for something by hand before it is content: a form that leads on, on a page where Klaviyo is
/// not set up at leisure.
pub(in crate::runner) fn asks_by_hand(snapshot: &PageSnapshot) -> bool {
    let settled = snapshot.parts.connect.is_some() || snapshot.parts.disconnect.is_some();
    let kind = snapshot.page.kind;
    let other = matches!(kind, PageKind::Error | PageKind::BrowserError | PageKind::Login | PageKind::SignUp);
    !settled && !other && (snapshot.parts.choice.is_some() || !snapshot.parts.asks_for.is_empty())
}
