//! The app's scopes being updated, what they are for being used, and the way from a notice to consent.

use std::time::Duration;

use url::Url;

use crate::browser::{PageSnapshot, matches_authorize_again};
use crate::checklist::{Problem, asks_to_authorize_again};
use crate::evidence::{
    Control, ControlRole, Declaration, Entry, Event, Facts, KlaviyoSession, MailLink, PageKind, Purpose, Start,
    StepPhase, StepProblem,
};
use crate::mail::Letter;
use crate::runner::steps::install_flow::connect_control;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::runner::world::world::World;
use crate::scenario::{Apply, InstallFrom, Spanned};

/// How long a mail may take to come, after what it tells of.
const MAIL: Duration = Duration::from_secs(3);
/// Characters of what surrounds a link that is a notice and not a whole page.
const NOTICE: usize = 400;

impl World {
    /// Updates the app's scopes, in Klaviyo's settings and in the app.
    pub(in crate::runner) async fn update_scopes(&mut self) -> Result<StepPhase, StepError> {
        let Some(update) = self.file.scopes_update.clone() else {
            return Ok(StepPhase::Skipped(StepProblem::NotDeclared(Declaration::ScopesUpdate)));
        };
        let registration = &self.file.klaviyo;
        let scopes = registration.scopes.iter().chain(&update.add).map(|scope| scope.value.clone());
        if let Err(error) = self.klaviyo.set_scopes(&registration.client_id, scopes.collect::<Vec<_>>()) {
            return Err(StepProblem::NotArranged(error.to_string()).into());
        }
        let Some(apply) = &update.apply else { return Ok(StepPhase::Done) };
        let applied = match (apply, apply.action()) {
            (Apply::Restart(variables), _) => {
                self.app.restart(variables).await.map_err(|error| Problem::from(&error).to_string())
            }
            (_, Some(action)) => self.app.update(&action).await.map_err(|error| error.to_string()),
            (_, None) => Ok(()),
        };
        applied.map_err(StepProblem::UpdateFailed)?;
        Ok(StepPhase::Done)
    }
}

impl StepContext<'_> {
    /// Opens the page that uses the new scopes.
    pub(in crate::runner) async fn use_feature(&mut self) -> Result<StepPhase, StepError> {
        let Some(update) = self.world.file.scopes_update.clone() else {
            return Ok(StepPhase::Skipped(StepProblem::NotDeclared(Declaration::ScopesUpdate)));
        };
        let tenant = self.actor.person.tenants.first().map(|tenant| tenant.key().to_owned());
        let address = self.world.address(Some(&update.feature), tenant.as_deref());
        let (before, recorder) = (self.world.recorder.next_seq(), self.world.recorder.clone());
        // A page that asks for more, or one for which Klaviyo has answered what was asked.
        let served = move |entry: &Entry| served(entry, &update.add);
        let enough = move |snapshot: &PageSnapshot| {
            snapshot.page.kind == PageKind::Login
                || notice_control(snapshot).is_some()
                || snapshot.page.kind != PageKind::Blank && recorder.scan(before, |entries| entries.iter().any(&served))
        };
        self.open_signed_in(Purpose::UseFeature, &address, enough).await?;
        match self.actor.seen()?.page.kind {
            PageKind::BrowserError => Err(StepProblem::NoAnswer(Some(address)).into()),
            _ => Ok(StepPhase::Done),
        }
    }

    /// Makes the app revoke installs that are too far out of date.
    pub(in crate::runner) async fn revoke_outdated(&mut self) -> Result<StepPhase, StepError> {
        let Some(revoke) = self.world.file.scopes_update.clone().and_then(|update| update.revoke) else {
            return Ok(StepPhase::Skipped(StepProblem::NotDeclared(Declaration::RevokeOutdated)));
        };
        self.actor.person.should_be_installed = false;
        self.world.run_trigger(&revoke).await?;
        Ok(StepPhase::Done)
    }

    /// Follows the notice that asks to authorize again: on the page in front of the user, on the app's settings, or in a mail.
    pub(in crate::runner) async fn install_from_notice(
        &mut self,
        session: KlaviyoSession,
    ) -> Result<StepPhase, StepError> {
        if notice_control(self.actor.seen()?).is_none() {
            self.open_settings(Purpose::Prepare).await?;
        }
        if let Some(control) = notice_control(self.actor.seen()?) {
            self.click(Purpose::StartInstall(Start::Notice), control).await?;
            return self.go_on_to_consent().await;
        }
        let letter = self.world.mail.find(self.world.mails_before_refusal(), asks, MAIL).await;
        if let Some(link) = letter.and_then(|letter| self.world.link_of(&letter)) {
            self.open(Purpose::StartInstall(Start::Notice), &link).await?;
            return self.go_on_to_consent().await;
        }
        // As a user would who heard of it elsewhere.
        let ended = match connect_control(self.actor.seen()?) {
            Some(_) => self.install(InstallFrom::App, session).await?,
            None => self.install(InstallFrom::Klaviyo, session).await?,
        };
        Ok(match ended {
            StepPhase::Done => StepPhase::Strayed(StepProblem::NoNotice),
            other => other,
        })
    }
}

impl World {
    /// Mails that came before Klaviyo first refused something: they cannot be about it.
    fn mails_before_refusal(&self) -> usize {
        self.recorder.scan(0, |entries| {
            let refused = entries.iter().position(refused).unwrap_or(0);
            entries[..refused].iter().filter(|entry| matches!(entry.event, Event::Mail(_))).count()
        })
    }

    /// The link of a mail that leads on: one whose words say so, else the first to the app or to Klaviyo.
    fn link_of(&self, letter: &Letter) -> Option<String> {
        let app = self.address(None, None);
        let ours = [app.as_str(), self.klaviyo.www().as_str()].map(host);
        let leads = |link: &&MailLink| ours.contains(&host(&link.href));
        let says = |link: &&MailLink| matches_authorize_again(&link.words);
        let found = letter.links.iter().find(says).or_else(|| letter.links.iter().find(leads));
        found.map(|link| link.href.clone())
    }
}

/// Whether a letter asks to authorize again.
fn asks(letter: &Letter) -> bool {
    asks_to_authorize_again(&format!("{}. {}", letter.subject, letter.text))
}

/// The control that a notice offers: one that says so itself, else one that stands within the notice.
fn notice_control(snapshot: &PageSnapshot) -> Option<usize> {
    let says = |control: &Control| !control.in_navigation && matches_authorize_again(&control.name);
    let within = |control: &Control| {
        let near = control.near.chars().count() < NOTICE && asks_to_authorize_again(&control.near);
        !control.in_navigation && control.role == ControlRole::Link && near
    };
    snapshot.control(says).or_else(|| snapshot.control(within))
}

/// Whether Klaviyo did what an app asked of its API by one of these scopes.
fn served(entry: &Entry, by: &[Spanned<String>]) -> bool {
    let Event::Exchange(exchange) = &entry.event else { return false };
    let Facts::Api(call) = &exchange.facts else { return false };
    (200..300).contains(&exchange.status) && by.iter().any(|scope| call.scopes.contains(&scope.value))
}

/// Whether Klaviyo refused a call because a scope was missing.
fn refused(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(exchange)
        if exchange.status == 403 && matches!(&exchange.facts, Facts::Api(call) if !call.missing_scopes.is_empty()))
}

fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}
