//! Why a step did not go as it should.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Page, PagePart, Tampering};

/// A page as a problem names it. `Display`: `/login ("Welcome back")`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageRef {
    /// Its path, or its whole address where that has none.
    pub path: String,
    /// What it says first.
    pub headline: String,
}

/// What a persistent user had to get around.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// A page that stops the user.
    Page(PageRef),
    /// A page that asks for more after consent.
    MoreAfterConsent(PageRef),
}

/// A setting of `flowcheck.yaml` that a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Declaration {
    /// `trigger`
    Trigger,
    /// `scopes_update`
    ScopesUpdate,
    /// `scopes_update.revoke`
    RevokeOutdated,
}

/// Why a step strayed, failed or was skipped. `Display` says what happened; [`StepProblem::remedy`] what to do about it, where
/// `flowcheck.yaml` can help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepProblem {
    /// The consent page is not in front of the user.
    ConsentNotOpen,
    /// No page has been opened yet.
    NoPageOpen,
    /// `flowcheck.yaml` lacks a setting.
    NotDeclared(Declaration),
    /// The app lives in no host platform.
    NoHost,
    /// The user has yet to install the app on the host platform.
    HostInstallPending(PageRef),
    /// No installation has reached the consent page, so there is no callback to open.
    NoAttempt,
    /// The `state` that the app sent cannot be changed so, or the change would mean nothing.
    StateCannotBe(Tampering),
    /// The app's redirect URI is not an address.
    InvalidRedirectUri(String),
    /// Klaviyo's listing of the app has no Install control.
    NoInstallOnListing,
    /// The host's listing has no control that installs the app.
    NoInstallOnHost {
        /// Address of the listing.
        listing: String,
    },
    /// The consent page lacks a control.
    ConsentLacks(String),
    /// Back led elsewhere than to the consent page.
    BackLedTo(PageRef),
    /// Dismissing a message led to a page that does not work.
    DismissLedTo(PageRef),
    /// The app asks for more after consent.
    MoreAfterConsent(PageRef),
    /// The message offers no way to try again; the user installed from Klaviyo instead.
    MessageLeadsNowhere,
    /// No notice with a link was found; the user installed anew instead.
    NoNotice,
    /// The consent page was reached only by detours.
    OnlyByDetours(Vec<PageRef>),
    /// The user was stopped.
    StoppedAt {
        /// The page that stopped the user.
        page: PageRef,
        /// Whether the app's settings were tried, and offer no way to continue.
        settings_tried: bool,
    },
    /// The consent page was not reached after this many pages.
    NoConsentAfter(usize),
    /// Klaviyo showed an error page; what it says.
    KlaviyoRefused(String),
    /// The app did not answer; at this address, where one was asked for.
    NoAnswer(Option<String>),
    /// The app refused a login.
    LoginRefused {
        /// Whose, where the login was the step's own purpose.
        login: Option<String>,
        /// What the page says.
        headline: String,
    },
    /// The app refused a login because there were too many.
    LoginLimited {
        /// The page's status.
        status: u16,
        /// What the page says.
        headline: String,
    },
    /// The app refused a sign-up; what the page says.
    SignUpRefused(String),
    /// There is no login form.
    NoLoginForm {
        /// The address that was opened.
        url: String,
        /// What the page says instead.
        headline: String,
        /// Overrides that found nothing there.
        overrides: Vec<UnmatchedOverride>,
    },
    /// There is no sign-up form.
    NoSignUpForm {
        /// Where it was looked for.
        url: String,
        /// What the page says instead.
        headline: String,
    },
    /// The app says that it sent a mail to log in by, and none came.
    NoLoginMail {
        /// The page.
        page: PageRef,
        /// Overrides that found nothing there.
        overrides: Vec<UnmatchedOverride>,
    },
    /// The login form asks for no password, and the app speaks of no mail.
    NoPasswordField {
        /// The page.
        page: PageRef,
        /// Overrides that found nothing there.
        overrides: Vec<UnmatchedOverride>,
    },
    /// The login form is at a host that passwords are kept from.
    PasswordElsewhere {
        /// The host.
        host: String,
        /// The page.
        page: PageRef,
    },
    /// The login was taken, and the app asks for another; the page that it led to.
    LoginIncomplete(PageRef),
    /// Something checks on the sign-up page whether the user is human.
    BotCheck {
        /// What checks it: `Turnstile`, `a frame of challenges.example`.
        check: String,
        /// The page.
        page: PageRef,
    },
    /// The app asks for a one-time code, and no mail with one came.
    NoCodeMail {
        /// Who was asked.
        login: String,
    },
    /// The page lacks a part that the step needs.
    PartNotFound {
        /// Which.
        part: PagePart,
        /// The page, where the sentence names it.
        page: Option<PageRef>,
        /// Why a candidate was not certain enough, where there was one.
        doubt: Option<String>,
    },
    /// An override of `flowcheck.yaml` matches nothing.
    OverrideMatchesNothing(UnmatchedOverride),
    /// Klaviyo's choice of accounts does not offer this one.
    AccountNotOffered(String),
    /// The app asks for a tenant, and `flowcheck.yaml` names none for the user.
    TenantNotDeclared,
    /// The tenant is not among the choices.
    TenantNotOffered {
        /// The tenant.
        tenant: String,
        /// The choices.
        offered: Vec<String>,
    },
    /// The page that asks for a tenant has neither choices nor a text box.
    NoTenantChoice,
    /// Klaviyo's integrations page does not list the app.
    NotListedInKlaviyo,
    /// An action of `flowcheck.yaml` failed; the error in words.
    ActionFailed(String),
    /// The request by which `flowcheck.yaml` makes the app work got an answer that shows no work: a redirect or an error.
    TriggerAnswered {
        /// Method and URL.
        request: String,
        /// The status.
        status: u16,
        /// Where a redirect leads.
        to: Option<String>,
    },
    /// The app ended, or closed the connection without an answer, over the request that makes it work; the error in words.
    EndedByTrigger(String),
    /// The app did not take the update of its scopes; the error in words.
    UpdateFailed(String),
    /// The fake Klaviyo did not take what the step arranges; the error in words.
    NotArranged(String),
    /// The app made no call that could be throttled.
    NothingThrottled,
    /// Requests at once got no answer; the error in words.
    RequestsFailed(String),
    /// The app ended over a hostile input.
    EndedByHostileInput,
    /// So many hostile inputs got no answer that the rest were not sent.
    HostileInputsUnanswered(usize),
    /// flowcheck ended the app, because it called Klaviyo without end.
    EndedForRequestStorm,
    /// A script of the page kept the tab from answering.
    TabBlocked,
    /// The control that was to be clicked is covered.
    ControlCovered {
        /// Its name.
        control: String,
        /// What covers it.
        cover: String,
    },
}

/// An override of `flowcheck.yaml` that matches nothing on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnmatchedOverride {
    /// The part that it is for.
    pub part: PagePart,
    /// `flowcheck.yaml`, as the user named it.
    pub file: String,
    /// Line of the override, from 1.
    pub line: u32,
    /// How it looks for the part, in words.
    pub finder: String,
    /// The page.
    pub page: PageRef,
}

impl PageRef {
    /// Names a page.
    pub fn of(page: &Page) -> Self {
        let after_scheme = page.url.split_once("://").map_or("", |(_, rest)| rest);
        let path = after_scheme.find('/').map(|at| after_scheme[at..].split(['?', '#']).next().unwrap_or("/"));
        let path = path.unwrap_or(if after_scheme.is_empty() { &page.url } else { "/" }).to_owned();
        Self { path, headline: page.headline() }
    }

    /// The same with `redact` applied to its texts.
    pub fn redacted(&self, redact: impl Fn(&str) -> String) -> Self {
        Self { path: redact(&self.path), headline: redact(&self.headline) }
    }
}

impl StepProblem {
    /// What to do about it, where the user of flowcheck can do something.
    pub fn remedy(&self) -> Option<String> {
        let login = [PagePart::LoginEmail, PagePart::LoginPassword, PagePart::LoginSubmit];
        match self {
            Self::PartNotFound { part, .. } => Some(format!("if it has, say how it is found: `{part}` in flowcheck.yaml")),
            Self::NoLoginForm { overrides, .. } | Self::NoPasswordField { overrides, .. } if overrides.is_empty() => {
                let [email, password, submit] = login.map(|part| format!("`{part}`"));
                Some(format!("if it has one, say how it is found: {email}, {password} and {submit} in flowcheck.yaml"))
            }
            Self::NoLoginForm { overrides, .. } | Self::NoPasswordField { overrides, .. } => {
                Some(overrides.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            }
            Self::NoLoginMail { .. } => Some(SMTP_ONLY.to_owned()),
            Self::PasswordElsewhere { host, .. } => Some(format!("if it is the app's way to log in, say so: --password-to {host}")),
            Self::NoCodeMail { .. } => Some(format!(
                "give the user `totp` in flowcheck.yaml where an authenticator shows the code; else {SMTP_ONLY}"
            )),
            Self::LoginIncomplete(_) => Some(
                "do what that page asks of the users in flowcheck.yaml once, before flowcheck runs, or name the right page as \
                 `pages.settings`"
                    .to_owned(),
            ),
            Self::TenantNotDeclared => Some(
                "name it: `tenants` of that user in flowcheck.yaml; into a box goes its `url`, or else its `key`".to_owned(),
            ),
            Self::TriggerAnswered { .. } => Some(
                "let `trigger` in flowcheck.yaml name an address that makes the app call Klaviyo without a login and answers \
                 2xx (`headers:` may carry what it asks for), or a command: `run:`"
                    .to_owned(),
            ),
            Self::BotCheck { .. } => Some(
                "use the test keys of the bot check where flowcheck runs, with which it lets everybody through".to_owned(),
            ),
            Self::SignUpRefused(_) => {
                Some("say what the form wants of a new user: `newcomer` in flowcheck.yaml".to_owned())
            }
            Self::LoginRefused { login: Some(_), .. } => {
                Some("check `users` and `pages.login` in flowcheck.yaml".to_owned())
            }
            _ => None,
        }
    }
}

/// What to do where a mail does not come.
const SMTP_ONLY: &str = "let the app send its mails by SMTP where flowcheck runs, to SMTP_HOST and SMTP_PORT, which flowcheck gives it: \
     mails that go out by a mail provider's HTTP API, or into a log, are not seen";
