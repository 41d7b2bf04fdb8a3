//! Why a step did not go as it should.

use std::fmt;

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
            Self::NoCodeMail { .. } => Some(format!(
                "give the user `totp` in flowcheck.yaml where an authenticator shows the code; else {SMTP_ONLY}"
            )),
            Self::LoginIncomplete(_) => Some(
                "do what that page asks of the users in flowcheck.yaml once, before flowcheck runs, or name the right page as \
                 `pages.settings`"
                    .to_owned(),
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

impl fmt::Display for PageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (\"{}\")", self.path, self.headline)
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(page) => page.fmt(f),
            Self::MoreAfterConsent(page) => write!(f, "the app asks for more after consent: \"{}\"", page.headline),
        }
    }
}

impl fmt::Display for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trigger => "trigger",
            Self::ScopesUpdate => "scopes_update",
            Self::RevokeOutdated => "scopes_update.revoke",
        })
    }
}

impl fmt::Display for UnmatchedOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, file, line, finder, page } = self;
        write!(f, "{file}:{line}: `{part}` finds nothing on {page}: {finder}")
    }
}

impl fmt::Display for StepProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConsentNotOpen => f.write_str("the consent page is not open"),
            Self::NoPageOpen => f.write_str("no page is open"),
            Self::NotDeclared(setting) => write!(f, "flowcheck.yaml has no `{setting}`"),
            Self::NoHost => f.write_str("the app lives in no host"),
            Self::HostInstallPending(page) => write!(f, "the app has yet to be installed on the host: {page}"),
            Self::NoAttempt => f.write_str("no installation has reached Klaviyo's consent page"),
            Self::StateCannotBe(tampering) => {
                write!(f, "no callback {tampering}: for the state that the app sends, that would mean nothing")
            }
            Self::InvalidRedirectUri(uri) => write!(f, "the redirect URI {uri} is no address"),
            Self::NoInstallOnListing => f.write_str("the listing has no Install"),
            Self::NoInstallOnHost { listing } => write!(f, "{listing} has no control that installs the app"),
            Self::ConsentLacks(control) => write!(f, "the consent page has no {control}"),
            Self::BackLedTo(page) => write!(f, "Back led to \"{}\" instead of the consent page", page.headline),
            Self::DismissLedTo(page) => write!(f, "dismissing the message led to \"{}\"", page.headline),
            Self::MoreAfterConsent(page) => write!(f, "the app asks for more after consent: \"{}\"", page.headline),
            Self::MessageLeadsNowhere => f.write_str("the message leads nowhere; installed from Klaviyo instead"),
            Self::NoNotice => f.write_str("no notice with a link was found; installed anew instead"),
            Self::OnlyByDetours(pages) => {
                let pages: Vec<String> = pages.iter().map(ToString::to_string).collect();
                write!(f, "reached consent only by a detour: {}", pages.join("; "))
            }
            Self::StoppedAt { page, settings_tried: false } => write!(f, "stopped at {page}"),
            Self::StoppedAt { page, settings_tried: true } => {
                write!(f, "stopped at {page}, and the app's settings offer no way to continue")
            }
            Self::NoConsentAfter(pages) => write!(f, "no consent page after {pages} pages"),
            Self::KlaviyoRefused(headline) => write!(f, "Klaviyo refused: {headline}"),
            Self::NoAnswer(None) => f.write_str("the app did not answer"),
            Self::NoAnswer(Some(url)) => write!(f, "the app did not answer at {url}"),
            Self::LoginRefused { login: None, headline } => write!(f, "the app did not accept the login: {headline}"),
            Self::LoginRefused { login: Some(login), headline } => {
                write!(f, "the app did not accept the login of {login}: \"{headline}\"")
            }
            Self::LoginLimited { status, headline } => {
                write!(f, "the app limits its logins: it answered {status}, \"{headline}\"")
            }
            Self::SignUpRefused(headline) => write!(f, "the app did not accept the sign-up: \"{headline}\""),
            Self::NoLoginForm { url, headline, .. } => write!(f, "no login form at {url}, but \"{headline}\""),
            Self::NoSignUpForm { url, headline } => write!(f, "no sign-up form at {url}, but \"{headline}\""),
            Self::NoLoginMail { page, .. } => write!(
                f,
                "the app says that it sent a mail to log in by, and none came to flowcheck's mail server, which takes SMTP only: {page}"
            ),
            Self::NoPasswordField { page, .. } => {
                write!(f, "the app asks for no password, and speaks of no mail to log in by: {page}")
            }
            Self::LoginIncomplete(page) => {
                write!(f, "the login is not complete: it led to {page}, and the app asks for a login again after it")
            }
            Self::BotCheck { check, page } => {
                write!(f, "a bot check stands in the way of signing up: {check} on {page}")
            }
            Self::NoCodeMail { login } => write!(
                f,
                "the app asks {login} for a one-time code, and no mail with one came to flowcheck's mail server, which takes SMTP only"
            ),
            Self::PartNotFound { part, page, doubt } => {
                match (part, page) {
                    (PagePart::SignUpLink, Some(page)) => write!(f, "{page} has no way to sign up")?,
                    (PagePart::SignUpLink, None) => f.write_str("the login page has no way to sign up")?,
                    (PagePart::Connect, _) => {
                        f.write_str("the app's settings have no control that surely connects Klaviyo")?;
                    }
                    (PagePart::Disconnect, _) => {
                        f.write_str("the app's settings have no control that surely disconnects Klaviyo")?;
                    }
                    (PagePart::Dismiss, _) => f.write_str("the message has no control that dismisses it")?,
                    (part, _) => write!(f, "the page has no `{part}`")?,
                }
                doubt.as_ref().map_or(Ok(()), |doubt| write!(f, ": {doubt}"))
            }
            Self::OverrideMatchesNothing(unmatched) => unmatched.fmt(f),
            Self::AccountNotOffered(account) => write!(f, "Klaviyo's account choice does not offer \"{account}\""),
            Self::TenantNotDeclared => {
                f.write_str("the app asks for a tenant, and flowcheck.yaml names none for this user")
            }
            Self::TenantNotOffered { tenant, offered } => {
                write!(f, "\"{tenant}\" is not among the choices: {}", offered.join(", "))
            }
            Self::NoTenantChoice => f.write_str("the page has neither choices nor a box"),
            Self::NotListedInKlaviyo => f.write_str("Klaviyo's integrations page does not list the app"),
            Self::ActionFailed(error) | Self::NotArranged(error) | Self::RequestsFailed(error) => f.write_str(error),
            Self::TriggerAnswered { request, status, to: None } => write!(f, "`trigger`: {request} answered {status}"),
            Self::TriggerAnswered { request, status, to: Some(to) } => {
                write!(f, "`trigger`: {request} answered {status}, a redirect to {to}")
            }
            Self::EndedByTrigger(error) => write!(f, "the app gave no answer to `trigger`: {error}"),
            Self::UpdateFailed(error) => write!(f, "the app did not take the update: {error}"),
            Self::NothingThrottled => f.write_str("the app made no call that could be throttled"),
            Self::EndedByHostileInput => f.write_str("the app ended over a hostile input"),
            Self::HostileInputsUnanswered(count) => write!(f, "{count} inputs stayed without an answer"),
            Self::EndedForRequestStorm => {
                f.write_str("the app was ended by flowcheck, because it called Klaviyo without end")
            }
        }
    }
}

impl From<&StepProblem> for String {
    fn from(problem: &StepProblem) -> Self {
        problem.to_string()
    }
}
