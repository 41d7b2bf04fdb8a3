//! Filling the app's and Klaviyo's forms: login, sign-up, tenant.

use crate::browser::{BrowserError, PageSnapshot, Tenants, matches_sign_up};
use crate::evidence::{FieldKind, Gesture, PageKind, PagePart, PageRef, Purpose, StepProblem};
use crate::runner::world::world::World;

/// What a stranger calls the business when signing up.
const BUSINESS: &str = "Flowcheck Trial Store";
/// What a user who leaves gives as a reason.
const REASON: &str = "No longer needed";
const BUSINESS_URL: &str = "https://flowcheck-trial-store.example";

impl World {
    /// Fills the login form in front of the user with the user's own login, and sends it.
    pub(in crate::runner) async fn log_in(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        if self.asks_for_code()? {
            return self.enter_code(purpose).await;
        }
        self.mails_before = self.mail.count();
        let (login, password) = (self.person().login.clone(), self.person().password.clone());
        self.send_credentials(purpose, &login, &password).await
    }

    /// Fills Klaviyo's login form, and sends it.
    pub(in crate::runner) async fn log_in_to_klaviyo(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let user = self.actors.klaviyo.clone();
        self.send_credentials(purpose, &user.email, &user.password).await
    }

    async fn send_credentials(&mut self, purpose: Purpose, login: &str, password: &str) -> Result<(), BrowserError> {
        let mut sight = self.seen()?.clone();
        if sight.field(FieldKind::Password).is_none()
            && let Some(first) = sight.field(FieldKind::Email).or_else(|| sight.field(FieldKind::Text))
        {
            // The address comes first, the password on the next page.
            self.user()?.fill(&sight, first, login).await?;
            self.send(Purpose::Prepare, first).await?;
            let known = |sight: &PageSnapshot| {
                sight.field(FieldKind::Password).or(sight.field(FieldKind::Code)).is_some()
                    || sight.page.kind == PageKind::Notice
            };
            self.rest(known).await?;
            sight = self.seen()?.clone();
            if self.asks_for_code()? {
                return self.enter_code(purpose).await;
            }
        }
        let Some(box_for_password) = sight.field(FieldKind::Password) else {
            if !self.open_mailed_link(purpose).await? {
                let (page, overrides) = (PageRef::of(&sight.page), self.unmatched_login_overrides()?);
                self.config_mismatch = Some(StepProblem::NoLoginMail { page, overrides });
            }
            return Ok(());
        };
        let box_for_login = sight.field(FieldKind::Email).or_else(|| sight.field(FieldKind::Text));
        if let Some(field) = box_for_login {
            self.user()?.fill(&sight, field, login).await?;
        }
        self.user()?.fill(&sight, box_for_password, password).await?;
        self.send(purpose, box_for_password).await
    }

    /// Goes from the login page to the sign-up page. Whether there was a way.
    pub(in crate::runner) async fn find_sign_up(&mut self) -> Result<bool, BrowserError> {
        // The form's own link knows where the user was going; one in the site's header seldom does.
        let named = |sight: &PageSnapshot| {
            sight
                .control(|control| matches_sign_up(&control.name) && !control.in_navigation)
                .or_else(|| sight.control(|control| matches_sign_up(&control.name)))
        };
        let link = self.seen()?.part(PagePart::SignUpLink, named);
        match link {
            Some(control) => self.click(Purpose::FindSignUp, control).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Fills the sign-up form in front of the user, and sends it.
    pub(in crate::runner) async fn sign_up(&mut self) -> Result<(), BrowserError> {
        let sight = self.seen()?.clone();
        let (login, password) = (self.person().login.clone(), self.person().password.clone());
        let form = sight.page.fields.iter().find(|field| is_password(field.kind)).and_then(|field| field.form);
        let mut last = 0;
        for (index, field) in sight.page.fields.iter().enumerate().filter(|(_, field)| field.form == form) {
            last = index;
            let user = self.user()?;
            match field.kind {
                FieldKind::Email => user.fill(&sight, index, &login).await?,
                FieldKind::Password | FieldKind::NewPassword => user.fill(&sight, index, &password).await?,
                FieldKind::Url => user.fill(&sight, index, BUSINESS_URL).await?,
                FieldKind::Text => user.fill(&sight, index, BUSINESS).await?,
                FieldKind::Checkbox => user.tick(&sight, index).await?,
                // There is none yet.
                FieldKind::Code => {}
                FieldKind::Select | FieldKind::Radio | FieldKind::Combobox => {
                    // The first choice is often a prompt ("Please choose").
                    if let Some(option) = field.options.get(1).or(field.options.first()) {
                        user.choose(&sight, index, option).await?;
                    }
                }
            }
        }
        self.person_mut().registered = true;
        self.mails_before = self.mail.count();
        self.send(Purpose::SignUp, last).await
    }

    /// Says which tenant to install for. What stood in the way comes back in words.
    pub(in crate::runner) async fn choose_tenant(&mut self) -> Result<Result<(), StepProblem>, BrowserError> {
        let sight = self.seen()?.clone();
        let Some(tenant) = self.person().tenants.first().cloned() else {
            return Ok(Err(StepProblem::TenantNotDeclared));
        };
        let missing =
            |offered: Vec<String>| Ok(Err(StepProblem::TenantNotOffered { tenant: tenant.name.clone(), offered }));
        let field = match &sight.parts.tenants {
            Some(Tenants::Field { field }) if sight.page.fields[*field].takes_choice() => {
                let options = &sight.page.fields[*field].options;
                let option = options.iter().find(|option| option.contains(&tenant.name));
                // A list that is closed says nothing yet of what is in it.
                let Some(option) = option.or(options.is_empty().then_some(&tenant.name)) else {
                    return missing(options.clone());
                };
                self.user()?.choose(&sight, *field, option).await?;
                *field
            }
            Some(Tenants::Field { field }) => {
                let text = tenant.url.as_deref().unwrap_or(&tenant.name);
                self.user()?.fill(&sight, *field, text).await?;
                *field
            }
            Some(Tenants::Controls { options }) => {
                let Some((_, control)) = options.iter().find(|(name, _)| name.contains(&tenant.name)) else {
                    return missing(options.iter().map(|(name, _)| name.clone()).collect());
                };
                return self.click(Purpose::ChooseTenant(tenant.name), *control).await.map(Ok);
            }
            None => return Ok(Err(StepProblem::NoTenantChoice)),
        };
        self.send(Purpose::ChooseTenant(tenant.name), field).await.map(Ok)
    }

    /// Fills in whatever the form in front of the user asks for beyond what the checklist foresees, as a persistent user would, and
    /// sends it.
    pub(in crate::runner) async fn fill_anything(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let sight = self.seen()?.clone();
        let fields = sight.parts.asks_for.clone();
        for at in &fields {
            let field = &sight.page.fields[*at];
            let user = self.user()?;
            match field.kind {
                FieldKind::Select | FieldKind::Radio | FieldKind::Combobox => {
                    // The first choice of a list is often a prompt ("Please choose").
                    let first = usize::from(field.kind == FieldKind::Select);
                    if let Some(option) = field.options.get(first).or(field.options.first()) {
                        user.choose(&sight, *at, option).await?;
                    }
                }
                FieldKind::Checkbox => user.tick(&sight, *at).await?,
                FieldKind::Text | FieldKind::Url => user.fill(&sight, *at, BUSINESS_URL).await?,
                FieldKind::Email | FieldKind::Password | FieldKind::NewPassword | FieldKind::Code => {}
            }
        }
        self.send(purpose, fields.last().copied().unwrap_or_default()).await
    }

    /// Fills in what the page wants before it disconnects: makes a choice, repeats the password, types the phrase that it shows. What
    /// is in front of the user then is the page to send.
    pub(in crate::runner) async fn answer_confirmation(&mut self) -> Result<(), BrowserError> {
        let sight = self.seen()?.clone();
        let Some(form) = sight.parts.confirmation.clone() else { return Ok(()) };
        let (login, password) = (self.person().login.clone(), self.person().password.clone());
        for at in form.fields {
            let field = &sight.page.fields[at];
            let user = self.user()?;
            match field.kind {
                FieldKind::Password | FieldKind::NewPassword => user.fill(&sight, at, &password).await?,
                FieldKind::Email if form.phrase.is_none() => user.fill(&sight, at, &login).await?,
                FieldKind::Email | FieldKind::Text | FieldKind::Url if form.phrase.is_some() || sight.is_empty(at) => {
                    user.fill(&sight, at, form.phrase.as_deref().unwrap_or(REASON)).await?;
                }
                FieldKind::Select | FieldKind::Radio | FieldKind::Combobox => {
                    // The first choice of a list is often a prompt ("Please choose").
                    let first = usize::from(field.kind == FieldKind::Select);
                    if let Some(option) = field.options.get(first).or(field.options.first()) {
                        user.choose(&sight, at, option).await?;
                    }
                }
                FieldKind::Checkbox => user.tick(&sight, at).await?,
                _ => {}
            }
        }
        // Many a button works only now.
        self.rest(|sight| sight.parts.confirmation.is_some()).await.map(drop)
    }

    /// Sends the form that a field stands in.
    pub(in crate::runner) async fn send(&mut self, purpose: Purpose, field: usize) -> Result<(), BrowserError> {
        let sight = self.seen()?.clone();
        if let Some(control) = sight.submit_of(field) {
            return self.click(purpose, control).await;
        }
        self.act(purpose, Gesture::PressedEnter).await;
        self.user()?.press_enter(&sight, field).await
    }
}

fn is_password(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Password | FieldKind::NewPassword)
}
