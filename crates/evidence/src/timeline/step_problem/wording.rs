//! The sentences in which problems of steps are told.

use std::fmt;

use super::problem::{Declaration, Obstacle, PageRef, StepProblem, UnmatchedOverride};
use crate::PagePart;

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
            Self::PasswordElsewhere { host, page } => {
                write!(
                    f,
                    "the login form is at {host}, which is not the app's own host, so no password was typed there: {page}"
                )
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
            Self::TabBlocked => f.write_str("a script of the page kept the tab from answering"),
            Self::ControlCovered { control, cover } => write!(f, "\"{control}\" cannot be clicked: {cover} covers it"),
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
