//! Every text of a timeline that came from elsewhere: from the app, its pages, its users, or an error.
//!
//! What is left out says so by its name: what flowcheck chose itself, and what has one of a few values.

use std::borrow::Cow;

use smol_str::SmolStr;

use crate::redaction::redact::Secrets;
use crate::{
    Act, ApiCall, AppEvent, AuthorizeCall, BrowserDialog, BrowserWindow, Control, Event, Exchange, Exposure, Facts,
    Field, GatewayTraffic, Gesture, HarnessError, Hermetic, Hop, Location, Mail, MailLink, Obstacle, Page, PageRef,
    Place, PolicyViolation, Probe, Purpose, RevokeCall, Search, StepPhase, StepProblem, TokenCall, TokenOutcome,
    UnmatchedOverride, UsedControl, WindowChange,
};

/// What texts are in.
pub(crate) trait Redact {
    /// Replaces the secrets that stand in its texts.
    fn redact(&mut self, secrets: &Secrets);
}

impl Redact for String {
    fn redact(&mut self, secrets: &Secrets) {
        if let Cow::Owned(changed) = secrets.redact(self) {
            *self = changed;
        }
    }
}

impl Redact for SmolStr {
    fn redact(&mut self, secrets: &Secrets) {
        if let Cow::Owned(changed) = secrets.redact(self) {
            *self = changed.into();
        }
    }
}

impl<T: Redact> Redact for Option<T> {
    fn redact(&mut self, secrets: &Secrets) {
        if let Some(inner) = self {
            inner.redact(secrets);
        }
    }
}

impl<T: Redact> Redact for Vec<T> {
    fn redact(&mut self, secrets: &Secrets) {
        for inner in self {
            inner.redact(secrets);
        }
    }
}

impl<T: Redact, U: Redact> Redact for (T, U) {
    fn redact(&mut self, secrets: &Secrets) {
        self.0.redact(secrets);
        self.1.redact(secrets);
    }
}

/// Redacts each of these.
macro_rules! redact {
    ($secrets:ident: $($text:expr),+) => {{ $($text.redact($secrets);)+ }};
}

impl Redact for Event {
    fn redact(&mut self, secrets: &Secrets) {
        match self {
            Self::Step(mark) => mark.phase.redact(secrets),
            Self::Act(Act { user: _, purpose, gesture }) => redact!(secrets: purpose, gesture),
            Self::Hop(Hop {
                user: _,
                method: _,
                url,
                status: _,
                location,
                cause: _,
                error,
                from_service_worker: _,
            }) => {
                redact!(secrets: url, location, error);
            }
            Self::Page(page) => page.redact(secrets),
            Self::Window(BrowserWindow { user: _, change }) => {
                if let WindowChange::Blocked { url } = change {
                    url.redact(secrets);
                }
            }
            Self::Dialog(BrowserDialog { user: _, kind: _, text }) => text.redact(secrets),
            Self::Exchange(exchange) => exchange.redact(secrets),
            Self::Mail(mail) => {
                let Mail { from, to, subject, text, links, codes: _ } = &mut **mail;
                redact!(secrets: from, to, subject, text, links);
            }
            // Klaviyo's own doing, in Klaviyo's own words.
            Self::Klaviyo(_) => {}
            Self::App(event) => event.redact(secrets),
            Self::Probe(Probe { user: _, input, method: _, status: _, error, took_ms: _ }) => {
                redact!(secrets: input, error);
            }
            Self::Search(search) => search.redact(secrets),
            Self::GatewayTraffic(GatewayTraffic { connections: _, requests: _, distrusted, hermetic, held_back }) => {
                redact!(secrets: distrusted, held_back);
                if let Some(Hermetic::BrowserOnly(why)) = hermetic {
                    why.redact(secrets);
                }
            }
            Self::HarnessError(HarnessError { what }) => what.redact(secrets),
        }
    }
}

impl Redact for StepPhase {
    fn redact(&mut self, secrets: &Secrets) {
        match self {
            Self::Strayed(why) | Self::Failed(why) | Self::Skipped(why) => why.redact(secrets),
            Self::Began | Self::Done => {}
        }
    }
}

impl Redact for Purpose {
    fn redact(&mut self, secrets: &Secrets) {
        match self {
            Self::ChooseTenant(words) | Self::KlaviyoAccount(words) => words.redact(secrets),
            Self::Recover(Obstacle::Page(page) | Obstacle::MoreAfterConsent(page)) | Self::StartAnew(page) => {
                page.redact(secrets);
            }
            Self::Look(Place::Settings(tenant)) => tenant.redact(secrets),
            _ => {}
        }
    }
}

impl Redact for Gesture {
    fn redact(&mut self, secrets: &Secrets) {
        match self {
            Self::Opened { url: text }
            | Self::RequestedAtOnce { url: text, times: _, triggered: _ }
            | Self::OpenedCallback { path: text, tampering: _ }
            | Self::SentHostileInputs { inputs: _, redirect_uri: text }
            | Self::Clicked(UsedControl { name: text, role: _, handle: _ })
            | Self::AcceptedCookies(UsedControl { name: text, role: _, handle: _ }) => text.redact(secrets),
            Self::PressedEnter
            | Self::TypedCode
            | Self::PressedBack
            | Self::PressedReload
            | Self::AcceptedDialog
            | Self::ClosedWindow => {}
        }
    }
}

impl Redact for PageRef {
    fn redact(&mut self, secrets: &Secrets) {
        let Self { path, headline } = self;
        redact!(secrets: path, headline);
    }
}

impl Redact for UnmatchedOverride {
    fn redact(&mut self, secrets: &Secrets) {
        let Self { part: _, file, line: _, finder, page } = self;
        redact!(secrets: file, finder, page);
    }
}

impl Redact for StepProblem {
    fn redact(&mut self, secrets: &Secrets) {
        match self {
            Self::ConsentNotOpen
            | Self::NoPageOpen
            | Self::NotDeclared(_)
            | Self::NoHost
            | Self::NoAttempt
            | Self::NoInstallOnListing
            | Self::MessageLeadsNowhere
            | Self::NoNotice
            | Self::NoConsentAfter(_)
            | Self::TenantNotDeclared
            | Self::NoTenantChoice
            | Self::NotListedInKlaviyo
            | Self::NothingThrottled
            | Self::StateCannotBe(_)
            | Self::EndedByHostileInput
            | Self::HostileInputsUnanswered(_)
            | Self::EndedForRequestStorm => {}
            Self::HostInstallPending(page)
            | Self::BackLedTo(page)
            | Self::DismissLedTo(page)
            | Self::MoreAfterConsent(page)
            | Self::LoginIncomplete(page)
            | Self::StoppedAt { page, settings_tried: _ } => page.redact(secrets),
            Self::OnlyByDetours(pages) => pages.redact(secrets),
            Self::InvalidRedirectUri(text)
            | Self::NoInstallOnHost { listing: text }
            | Self::ConsentLacks(text)
            | Self::KlaviyoRefused(text)
            | Self::LoginLimited { status: _, headline: text }
            | Self::SignUpRefused(text)
            | Self::NoCodeMail { login: text }
            | Self::AccountNotOffered(text)
            | Self::ActionFailed(text)
            | Self::EndedByTrigger(text)
            | Self::UpdateFailed(text)
            | Self::NotArranged(text)
            | Self::RequestsFailed(text) => text.redact(secrets),
            Self::NoAnswer(url) => url.redact(secrets),
            Self::TriggerAnswered { request, status: _, to } => redact!(secrets: request, to),
            Self::LoginRefused { login, headline } => redact!(secrets: login, headline),
            Self::NoLoginForm { url, headline, overrides } => redact!(secrets: url, headline, overrides),
            Self::NoSignUpForm { url, headline } => redact!(secrets: url, headline),
            Self::NoLoginMail { page, overrides } | Self::NoPasswordField { page, overrides } => {
                redact!(secrets: page, overrides);
            }
            Self::BotCheck { check, page } => redact!(secrets: check, page),
            Self::PartNotFound { part: _, page, doubt } => redact!(secrets: page, doubt),
            Self::OverrideMatchesNothing(unmatched) => unmatched.redact(secrets),
            Self::TenantNotOffered { tenant, offered } => redact!(secrets: tenant, offered),
        }
    }
}

impl Redact for Page {
    fn redact(&mut self, secrets: &Secrets) {
        let Self {
            user: _,
            url,
            title,
            kind: _,
            certainty: _,
            why,
            cause: _,
            status: _,
            media_type,
            headings,
            text,
            alerts,
            controls,
            fields,
            frame,
            bot_check,
            violations,
            shot: _,
        } = self;
        redact!(secrets: url, title, why, media_type, headings, text, alerts, controls, fields, frame, bot_check, violations);
    }
}

impl Redact for PolicyViolation {
    fn redact(&mut self, secrets: &Secrets) {
        let Self { directive, blocked } = self;
        redact!(secrets: directive, blocked);
    }
}

impl Redact for Control {
    fn redact(&mut self, secrets: &Secrets) {
        let Self { role: _, name, href, near, in_navigation: _ } = self;
        redact!(secrets: name, href, near);
    }
}

impl Redact for Field {
    fn redact(&mut self, secrets: &Secrets) {
        let Self { kind: _, label, name, options, form: _ } = self;
        redact!(secrets: label, name, options);
    }
}

impl Redact for Exchange {
    fn redact(&mut self, secrets: &Secrets) {
        let Self {
            method,
            host,
            path,
            query,
            request_headers,
            request_body,
            status: _,
            response_headers,
            response_body,
            took_us: _,
            klaviyo_time_s: _,
            facts,
        } = self;
        redact!(secrets: method, host, path, query, request_headers, request_body, response_headers, response_body, facts);
    }
}

impl Redact for Facts {
    fn redact(&mut self, secrets: &Secrets) {
        match self {
            Self::Authorize(call) => {
                let AuthorizeCall {
                    attempt: _,
                    client_id,
                    client_known,
                    redirect_uri,
                    redirect_uri_registered,
                    response_type,
                    scopes,
                    unknown_scopes,
                    state: _,
                    challenge: _,
                    challenge_method,
                    repeated,
                } = call;
                // What is in the app's settings is compared with them, and is no secret.
                scopes
                    .iter_mut()
                    .filter(|scope| unknown_scopes.contains(scope))
                    .for_each(|scope| scope.redact(secrets));
                redact!(secrets: response_type, unknown_scopes, challenge_method, repeated);
                if !*client_known {
                    client_id.redact(secrets);
                }
                if !*redirect_uri_registered {
                    redirect_uri.redact(secrets);
                }
            }
            Self::Token(call) => {
                let TokenCall { grant_type, redirect_uri, outcome, .. } = call;
                redact!(secrets: grant_type, redirect_uri);
                if let TokenOutcome::Refused { error: _, reason } = outcome {
                    reason.redact(secrets);
                }
            }
            Self::Revoke(RevokeCall { hint, .. }) => hint.redact(secrets),
            Self::Api(ApiCall { revision, .. }) => revision.redact(secrets),
            Self::Unknown(what) => what.redact(secrets),
            Self::Page(_) | Self::Decision(_) => {}
        }
    }
}

impl Redact for AppEvent {
    fn redact(&mut self, secrets: &Secrets) {
        match self {
            Self::Ready(words)
            | Self::Exited(words)
            | Self::Log(words)
            | Self::Reset(words)
            | Self::Updated(words)
            | Self::Triggered(words)
            | Self::LimitedLogin(words)
            | Self::Stalled { url: words, begun: _, after_ms: _ }
            | Self::Stormed { endpoint: words, calls: _, within_ms: _, status: _ } => words.redact(secrets),
        }
    }
}

impl Redact for MailLink {
    fn redact(&mut self, secrets: &Secrets) {
        let Self { href, words } = self;
        redact!(secrets: href, words);
    }
}

impl Redact for Search {
    fn redact(&mut self, secrets: &Secrets) {
        for Exposure { label: _, secret: _, spot: location } in &mut self.exposed {
            match location {
                Location::Body(text) | Location::Address(text) | Location::Cookie { name: text, http_only: _ } => {
                    text.redact(secrets);
                }
                Location::Header { url, name } => redact!(secrets: url, name),
                Location::Storage { key, url } => redact!(secrets: key, url),
            }
        }
        self.impossible.redact(secrets);
    }
}
