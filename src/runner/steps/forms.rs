//! Filling and sending the app's forms: the tenant's choice, and whatever stands in between.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::browser::{BrowserError, Tenants};
use crate::evidence::{FieldKind, Gesture, Page, PageKind, Purpose, StepProblem, UsedControl};
use crate::runner::steps::account::fill::Filling;
use crate::runner::steps::account::login::sign_out_control;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;

/// How long a drop-down may take to begin to send its form by itself.
const SETS_OUT: Duration = Duration::from_millis(250);
/// What a user who leaves gives as a reason.
const REASON: &str = "No longer needed";

impl StepContext<'_> {
    /// Where the app asks for the user's workspace before it shows the login form, says which it is. Whether it did.
    pub(in crate::runner) async fn name_tenant_before_login(&mut self) -> Result<bool, BrowserError> {
        let snapshot = self.actor.seen()?;
        let asks = snapshot.page.kind == PageKind::TenantChoice && snapshot.page.certainty >= Page::SURE;
        if !asks || !self.actor.person.registered || sign_out_control(snapshot).is_some() {
            return Ok(false);
        }
        if let Err(error) = self.choose_tenant(|_| Purpose::Prepare).await {
            self.world.config_mismatch = Some(error.problem()?);
            return Ok(false);
        }
        self.await_page(|snapshot| snapshot.page.kind == PageKind::Login).await?;
        Ok(true)
    }

    /// Says which tenant to go on for.
    pub(in crate::runner) async fn choose_tenant(&mut self, purpose: fn(String) -> Purpose) -> Result<(), StepError> {
        let snapshot = self.actor.seen()?.clone();
        let Some(tenant) = self.actor.person.tenants.first().cloned() else {
            return Err(StepProblem::TenantNotDeclared.into());
        };
        let missing = |offered: Vec<String>| StepProblem::TenantNotOffered { tenant: tenant.name.clone(), offered };
        let field = match &snapshot.parts.tenants {
            Some(Tenants::Field { field }) if snapshot.page.fields[*field].takes_choice() => {
                let options = &snapshot.page.fields[*field].options;
                let option = options.iter().find(|option| option.contains(&tenant.name));
                // A list that is closed says nothing yet of what is in it.
                let Some(option) = option.or(options.is_empty().then_some(&tenant.name)) else {
                    return Err(missing(options.clone()).into());
                };
                let (option, purpose) = (option.clone(), purpose(tenant.name.clone()));
                return Ok(self.choose_and_send(purpose, *field, &option).await?);
            }
            Some(Tenants::Field { field }) => {
                // What a box wants is what addresses have.
                let text = tenant.url.as_deref().unwrap_or(tenant.key());
                self.actor.user()?.fill(&snapshot, *field, text).await?;
                *field
            }
            Some(Tenants::Controls { options }) => {
                let Some((_, control)) = options.iter().find(|(name, _)| name.contains(&tenant.name)) else {
                    return Err(missing(options.iter().map(|(name, _)| name.clone()).collect()).into());
                };
                return Ok(self.click(purpose(tenant.name), *control).await?);
            }
            None => return Err(StepProblem::NoTenantChoice.into()),
        };
        Ok(self.send(purpose(tenant.name), field).await?)
    }

    /// Chooses an option, and sends the form that it stands in where that does not send itself.
    pub(in crate::runner) async fn choose_and_send(
        &mut self,
        purpose: Purpose,
        field: usize,
        option: &str,
    ) -> Result<(), BrowserError> {
        let snapshot = self.actor.seen()?.clone();
        if snapshot.submit_of(field).is_some() {
            self.actor.user()?.choose(&snapshot, field, option).await?;
            return self.send(purpose, field).await;
        }
        // No control of the page's, so it has no place among them.
        let used = UsedControl { name: option.to_owned(), role: None, handle: snapshot.page.controls.len() };
        self.act(purpose.clone(), Gesture::Clicked(used)).await;
        let chosen = Instant::now();
        self.actor.user()?.choose(&snapshot, field, option).await?;
        self.actor.user()?.sent_form(&snapshot, Some(field));
        sleep(SETS_OUT).await;
        if self.actor.user()?.has_asked_network(chosen) {
            return Ok(());
        }
        match self.actor.user()?.peek().await {
            // It still asks: it is for the user to send.
            Ok(now) if now.page.fields.len() == snapshot.page.fields.len() => self.send(purpose, field).await,
            _ => Ok(()),
        }
    }

    /// Fills in whatever the form in front of the user asks for beyond what the checklist foresees, as a persistent user would, and
    /// sends it.
    pub(in crate::runner) async fn fill_anything(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let snapshot = self.actor.seen()?.clone();
        let fields = snapshot.parts.asks_for.clone();
        for at in &fields {
            self.fill_field(&snapshot, *at, Filling::Everything).await?;
        }
        self.send(purpose, fields.last().copied().unwrap_or_default()).await
    }

    /// Fills in what the page wants before it disconnects: makes a choice, repeats the password, types the phrase that it shows. What
    /// is in front of the user then is the page to send.
    pub(in crate::runner) async fn answer_confirmation(&mut self) -> Result<(), BrowserError> {
        let snapshot = self.actor.seen()?.clone();
        let Some(form) = snapshot.parts.confirmation.clone() else { return Ok(()) };
        let (login, password) = (self.actor.person.login.clone(), self.actor.person.password.clone());
        for at in form.fields {
            let field = &snapshot.page.fields[at];
            let user = self.actor.user()?;
            match field.kind {
                FieldKind::Password | FieldKind::NewPassword => user.fill(&snapshot, at, &password).await?,
                FieldKind::Email if form.phrase.is_none() => user.fill(&snapshot, at, &login).await?,
                FieldKind::Email | FieldKind::Text | FieldKind::Url
                    if form.phrase.is_some() || snapshot.is_empty(at) =>
                {
                    user.fill(&snapshot, at, form.phrase.as_deref().unwrap_or(REASON)).await?;
                }
                FieldKind::Select | FieldKind::Radio | FieldKind::Combobox => {
                    // The first choice of a list is often a prompt ("Please choose").
                    let first = usize::from(field.kind == FieldKind::Select);
                    if let Some(option) = field.options.get(first).or(field.options.first()) {
                        user.choose(&snapshot, at, option).await?;
                    }
                }
                FieldKind::Checkbox => user.tick(&snapshot, at).await?,
                _ => {}
            }
        }
        // Many a button works only now.
        self.await_page(|snapshot| snapshot.parts.confirmation.is_some()).await.map(drop)
    }

    /// Sends the form that a field stands in.
    pub(in crate::runner) async fn send(&mut self, purpose: Purpose, field: usize) -> Result<(), BrowserError> {
        if let Ok(now) = self.actor.user()?.peek().await
            && now.page.fields.len() == self.actor.seen()?.page.fields.len()
        {
            // Its button may have been shut until the form was filled in.
            self.take(now);
        }
        let snapshot = self.actor.seen()?.clone();
        if let Some(control) = snapshot.submit_of(field) {
            self.click(purpose, control).await?;
        } else {
            self.act(purpose, Gesture::PressedEnter).await;
            self.actor.user()?.press_enter(&snapshot, field).await?;
        }
        self.actor.user()?.sent_form(&snapshot, Some(field));
        Ok(())
    }
}
