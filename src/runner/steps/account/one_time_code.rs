//! What logging in and signing up may take besides a form: a one-time password, a code or a link that the app mails.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::{Instant, sleep};
use url::Url;

use crate::browser::{BrowserError, backs_out, matches_connect, matches_sign_out};
use crate::evidence::{FieldKind, Gesture, MailLink, Page, PageKind, Purpose, StepProblem};
use crate::lexicon::{Key, says};
use crate::mail::Letter;
use crate::runner::world::step_context::StepContext;
use crate::scenario::Totp;

/// How long a mail may take to come.
const AWAITED: Duration = Duration::from_secs(8);
/// Characters of a page that only says where to look.
const SHORT: usize = 600;
/// How long a form may take to begin sending itself once its code is complete.
const SETS_OUT: Duration = Duration::from_millis(250);

impl StepContext<'_> {
    /// Whether the page in front of the user asks for a one-time code, and for no password.
    pub(in crate::runner) fn asks_for_code(&self) -> Result<bool, BrowserError> {
        let snapshot = self.actor.seen()?;
        Ok(snapshot.field(FieldKind::Code).is_some() && snapshot.field(FieldKind::Password).is_none())
    }

    /// Whether the page in front of the user asks for a code that was mailed to them: who gets one without an account makes it so.
    pub(in crate::runner) async fn was_mailed_code(&self) -> Result<bool, BrowserError> {
        Ok(self.asks_for_code()? && self.letter(|letter| letter.code().is_some(), AWAITED).await.is_some())
    }

    /// Enters the one-time code that the form in front of the user asks for: of the user's secret, or from a mail.
    pub(in crate::runner) async fn enter_code(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let snapshot = self.actor.seen()?.clone();
        let Some(field) = snapshot.field(FieldKind::Code) else { return Ok(()) };
        let code = match self.actor.person.totp.as_deref().and_then(Totp::of) {
            Some(totp) => Some(self.one_time_password(&totp)),
            None => self.letter(|letter| letter.code().is_some(), AWAITED).await.and_then(|letter| letter.code()),
        };
        let Some(code) = code else {
            let login = self.actor.person.login.clone();
            self.world.config_mismatch = Some(StepProblem::NoCodeMail { login });
            return Ok(());
        };
        self.world.recorder.secret("one-time code", &code);
        self.act(purpose.clone(), Gesture::TypedCode).await;
        let typed = Instant::now();
        if snapshot.is_in_boxes(field) {
            self.actor.user()?.fill_boxes(&snapshot, field, &code).await?;
        } else {
            self.actor.user()?.fill(&snapshot, field, &code).await?;
        }
        self.actor.user()?.sent_form(&snapshot, None);
        sleep(SETS_OUT).await;
        if self.actor.user()?.has_asked_network(typed) {
            return Ok(());
        }
        match self.actor.user()?.peek().await {
            // It still asks: it is for the user to send.
            Ok(now) if now.field(FieldKind::Code).is_some() => self.send(purpose, field).await,
            _ => Ok(()),
        }
    }

    /// Opens the link to the app of a mail that came since the last form was sent. Whether there was one.
    pub(in crate::runner) async fn open_mailed_link(&mut self, purpose: Purpose) -> Result<bool, BrowserError> {
        if !speaks_of_mail(&self.actor.seen()?.page) {
            return Ok(false);
        }
        self.follow_mailed_link(purpose, AWAITED).await
    }

    /// Opens the link of a mail by which the app wants disconnecting approved, where one came since the disconnect control was used. Whether
    /// there was one.
    pub(in crate::runner) async fn open_approval_link(&mut self, purpose: Purpose) -> Result<bool, BrowserError> {
        let is_told = says(&self.actor.seen()?.page.text, Key::Mail);
        self.follow_mailed_link(purpose, if is_told { AWAITED } else { Duration::ZERO }).await
    }

    async fn follow_mailed_link(&mut self, purpose: Purpose, limit: Duration) -> Result<bool, BrowserError> {
        let ours = [self.world.address(None, None), self.world.address(Some(self.world.file.login_page()), None)]
            .map(|address| origin(&address));
        let link = |letter: &Letter| {
            let ours = || letter.links.iter().filter(|link| ours.contains(&origin(&link.href)));
            let leads_on = |link: &&MailLink| !backs_out(&link.words) && !matches_connect(&link.words);
            ours().find(leads_on).or_else(|| ours().next()).map(|link| link.href.clone())
        };
        let Some(address) = self.letter(|letter| link(letter).is_some(), limit).await.as_ref().and_then(link) else {
            return Ok(false);
        };
        self.world.mails_before = self.world.mail.count();
        self.open(purpose, &address).await?;
        Ok(true)
    }

    /// A mail to the user who acts, of those that came since the last form was sent.
    async fn letter(&self, wanted: impl Fn(&Letter) -> bool, limit: Duration) -> Option<Letter> {
        let login = &self.actor.person.login;
        let is_theirs =
            |letter: &Letter| !login.contains('@') || letter.to.iter().any(|to| to.eq_ignore_ascii_case(login));
        self.world.mail.find(self.world.mails_before, |letter| is_theirs(letter) && wanted(letter), limit).await
    }

    /// The password of this moment in the app; where it was used already, the next one: good apps take none twice.
    fn one_time_password(&mut self, totp: &Totp) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + self.world.ahead_of_the_app();
        let (mut password, mut step) = totp.at(now.as_secs());
        let person = &mut self.actor.person;
        if let Some(used) = person.totp_step.filter(|used| *used >= step) {
            step = used + 1;
            password = totp.of_step(step);
        }
        person.totp_step = Some(step);
        password
    }
}

/// Whether a page says that there is a mail to look at, and nothing else.
pub(in crate::runner) fn speaks_of_mail(page: &Page) -> bool {
    // A short page of a user who is signed in, or one with a form, has an e-mail address on it for other reasons.
    let is_for_somebody_in = page.controls.iter().any(|control| matches_sign_out(&control.name));
    let asks_for_more = page.fields.iter().any(|field| field.kind != FieldKind::Code);
    let only_tells = !is_for_somebody_in && !asks_for_more && page.text.chars().count() < SHORT;
    let short = page.kind == PageKind::Notice || page.kind == PageKind::Other && only_tells;
    // The form may stay where it was, with a message beside it.
    let beside = || {
        let asks_no_password = page.fields.iter().all(|field| field.kind != FieldKind::Password);
        page.kind == PageKind::Login && asks_no_password && page.alerts.iter().any(|alert| says(alert, Key::Notice))
    };
    short && says(&page.text, Key::Mail) || beside()
}

fn origin(address: &str) -> Option<url::Origin> {
    Url::parse(address).ok().map(|url| url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(kind: &str, text: &str, controls: &[&str], fields: &[&str]) -> Page {
        let control = |name: &&str| serde_json::json!({ "role": "button", "name": name, "href": null, "near": "", "in_navigation": true });
        let field =
            |kind: &&str| serde_json::json!({ "kind": kind, "label": "", "name": "", "options": [], "form": 0 });
        let page = serde_json::json!({
            "user": "user", "url": "http://localhost/", "title": "", "kind": kind, "certainty": 50, "why": [],
            "status": 200, "media_type": "text/html", "headings": [], "text": text, "alerts": [],
            "controls": controls.iter().map(control).collect::<Vec<_>>(),
            "fields": fields.iter().map(field).collect::<Vec<_>>(), "shot": null,
        });
        serde_json::from_value(page).expect("a page")
    }

    #[test]
    fn a_page_that_only_says_where_to_look_speaks_of_mail() {
        for said in [
            page("notice", "Check your inbox: we have sent you a link.", &[], &[]),
            page("notice", "Confirm your e-mail address first. We have sent you a link.", &["Sign out"], &[]),
            page("other", "A link is on its way to your inbox.", &["Send it again"], &[]),
            page("other", "Enter what came by e-mail.", &[], &["code"]),
        ] {
            assert!(speaks_of_mail(&said), "{said:?}");
        }
    }

    #[test]
    fn a_page_that_has_e_mail_addresses_for_other_reasons_does_not() {
        for said in [
            page("other", "Members. Give points. Member's e-mail address", &["Give"], &["email", "text"]),
            page("other", "3 e-mails were sent this week.", &["Campaigns", "Sign out"], &[]),
            page("other", "Welcome. E-mail campaigns, segments.", &["Abmelden"], &[]),
            page("other", "Search your mail templates", &[], &["text"]),
            page("other", "Overview of this week.", &[], &[]),
        ] {
            assert!(!speaks_of_mail(&said), "{said:?}");
        }
    }
}
