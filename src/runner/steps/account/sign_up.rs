//! Creating an account with the app.

use super::fill::Filling;
use crate::browser::{BrowserError, PageSnapshot};
use crate::evidence::{Field, FieldKind, PageKind, PagePart, PageRef, Purpose, StepProblem};
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;

/// Times that one sign-up form is sent.
const MOST_TRIES: usize = 2;
/// Pages that a sign-up may have.
const MOST_PAGES: usize = 5;

/// The sign-up forms that were sent so far, each by what it asks for.
#[derive(Debug, Default)]
pub(in crate::runner) struct SentSignUps(Vec<Vec<String>>);

impl SentSignUps {
    /// How the form of a page is to be filled in now; none where it was refused as often as a person would try.
    pub(in crate::runner) fn next(&mut self, snapshot: &PageSnapshot) -> Option<Filling> {
        let form = form_of(snapshot);
        let asked = snapshot.page.fields.iter().filter(|field| field.form == form);
        let asked: Vec<String> = asked.map(|field| format!("{} {}", field.name, field.label)).collect();
        let before = self.0.iter().filter(|other| **other == asked).count();
        if before >= MOST_TRIES || self.0.len() >= MOST_PAGES {
            return None;
        }
        self.0.push(asked);
        Some(if before == 0 { Filling::Required } else { Filling::Everything })
    }

    /// Whether any was sent.
    pub(in crate::runner) fn any(&self) -> bool {
        !self.0.is_empty()
    }
}

impl StepContext<'_> {
    /// Goes by the app's login page to its sign-up, and creates the account.
    pub(in crate::runner) async fn sign_up_to_app(&mut self) -> Result<(), StepError> {
        let shows_form = |snapshot: &PageSnapshot| matches!(snapshot.page.kind, PageKind::Login | PageKind::SignUp);
        let login = self.world.address(Some(self.world.file.login_page()), None);
        self.open(Purpose::Prepare, &login).await?;
        self.await_page(shows_form).await?;
        for _ in 0..MOST_TRIES {
            if has_sign_up_form(self.actor.seen()?) {
                break;
            }
            if !self.find_sign_up().await? {
                let page = PageRef::of(&self.actor.seen()?.page);
                return Err(self.lacking(PagePart::SignUpLink, Some(page), None));
            }
            self.await_page(|snapshot| snapshot.page.kind == PageKind::SignUp).await?;
            if self.was_mailed_code().await? {
                self.actor.person.registered = true;
                self.enter_code(Purpose::Prepare).await?;
                return self
                    .await_page(|snapshot| snapshot.page.kind != PageKind::Blank)
                    .await
                    .map(drop)
                    .map_err(StepError::from);
            }
        }
        if !has_sign_up_form(self.actor.seen()?) {
            let page = &self.actor.seen()?.page;
            return Err(StepProblem::NoSignUpForm { url: page.url.clone(), headline: page.headline() }.into());
        }
        let mut sent = SentSignUps::default();
        while has_sign_up_form(self.actor.seen()?) {
            let Some(filling) = sent.next(&self.actor.seen()?.clone()) else {
                return Err(self.sign_up_refused()?.into());
            };
            self.sign_up(filling).await?;
            self.await_page(|snapshot| snapshot.page.kind != PageKind::Blank).await?;
        }
        Ok(())
    }

    /// Goes from the login page towards signing up. Whether there was a way.
    pub(in crate::runner) async fn find_sign_up(&mut self) -> Result<bool, BrowserError> {
        let link = |snapshot: &PageSnapshot| {
            let named = snapshot.parts.sign_up.as_ref().filter(|part| part.is_sure());
            let way_in = snapshot.parts.way_in.as_ref();
            // On the sign-up page itself a way in is what leads on.
            let part = if snapshot.page.kind == PageKind::SignUp { way_in.or(named) } else { named.or(way_in) };
            part.map(|part| part.control)
        };
        let snapshot = self.actor.seen()?.clone();
        if let Some(control) = snapshot.part(PagePart::SignUpLink, link) {
            return self.click(Purpose::FindSignUp, control).await.map(|()| true);
        }
        // Some ask for the address first, and know by it who is new.
        let Some(address) = snapshot.field(FieldKind::Email).filter(|_| snapshot.field(FieldKind::Password).is_none())
        else {
            return Ok(false);
        };
        if snapshot.is_missing(PagePart::SignUpLink) || !snapshot.is_empty(address) {
            return Ok(false);
        }
        let login = self.actor.person.login.clone();
        self.world.mails_before = self.world.mail.count();
        self.actor.user()?.fill(&snapshot, address, &login).await?;
        self.send(Purpose::FindSignUp, address).await.map(|()| true)
    }

    /// Fills the sign-up form in front of the user, and sends it.
    pub(in crate::runner) async fn sign_up(&mut self, filling: Filling) -> Result<(), BrowserError> {
        let form = form_of(self.actor.seen()?);
        self.fill_in(|field| field.form == form, filling).await?;
        let snapshot = self.actor.seen()?;
        let of_form = |(_, field): &(usize, &Field)| field.form == form;
        let last = snapshot.page.fields.iter().enumerate().filter(of_form).map(|(index, _)| index).next_back();
        self.actor.person.registered = true;
        self.world.mails_before = self.world.mail.count();
        self.send(Purpose::SignUp, last.unwrap_or(0)).await
    }

    /// Why the sign-up did not come about, from the page in front of the user.
    pub(in crate::runner) fn sign_up_refused(&self) -> Result<StepProblem, BrowserError> {
        let page = &self.actor.seen()?.page;
        Ok(match &page.bot_check {
            Some(check) => StepProblem::BotCheck { check: check.clone(), page: PageRef::of(page) },
            None => StepProblem::SignUpRefused(page.headline()),
        })
    }
}

/// Whether a page has a form to sign up by, by itself or beside the login's.
pub(in crate::runner) fn has_sign_up_form(snapshot: &PageSnapshot) -> bool {
    snapshot.parts.sign_up_form.is_some() || snapshot.page.kind == PageKind::SignUp && !snapshot.page.fields.is_empty()
}

/// The sign-up form of a page.
fn form_of(snapshot: &PageSnapshot) -> Option<usize> {
    let with = |kinds: &[FieldKind]| snapshot.page.fields.iter().find(|field| kinds.contains(&field.kind));
    let asks = || with(&[FieldKind::NewPassword, FieldKind::Password]).or_else(|| with(&[FieldKind::Email]));
    snapshot.parts.sign_up_form.or_else(|| asks().or(snapshot.page.fields.first()).and_then(|field| field.form))
}
