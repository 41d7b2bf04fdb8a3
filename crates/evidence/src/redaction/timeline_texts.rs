//! Every text of a timeline that came from elsewhere: from the app, its pages, its users, or an error.
//!
//! What is left out says so by its name: what flowcheck chose itself, and what has one of a few values.

use std::borrow::Cow;

use smol_str::SmolStr;

use crate::{
    Act, ApiCall, AppEvent, AuthorizeCall, BrowserDialog, BrowserWindow, Control, Event, Exchange, Exposure, Facts,
    Field, GatewayTraffic, Gesture, HarnessError, Hermetic, Hop, Location, Mail, MailLink, Obstacle, Page, PageRef,
    Place, PolicyViolation, Probe, Purpose, RevokeCall, Search, SentData, SentMetric, SentProperty, StepPhase,
    StepProblem, TokenCall, TokenOutcome, UnmatchedOverride, UsedControl, WindowChange,
};

/// What is done to each text: its secrets replaced, its length bounded.
pub(crate) trait Rewrite {
    /// The text as it is to stay; borrowed where it stays as it is.
    fn text<'a>(&self, text: &'a str) -> Cow<'a, str>;
}

/// What texts are in.
pub(crate) trait Texts {
    /// Rewrites each of its texts.
    fn rewrite(&mut self, by: &impl Rewrite);
}

impl Texts for String {
    fn rewrite(&mut self, by: &impl Rewrite) {
        if let Cow::Owned(changed) = by.text(self) {
            *self = changed;
        }
    }
}

impl Texts for SmolStr {
    fn rewrite(&mut self, by: &impl Rewrite) {
        if let Cow::Owned(changed) = by.text(self) {
            *self = changed.into();
        }
    }
}

impl<T: Texts> Texts for Option<T> {
    fn rewrite(&mut self, by: &impl Rewrite) {
        if let Some(inner) = self {
            inner.rewrite(by);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn rewrite(&mut self, by: &impl Rewrite) {
        for inner in self {
            inner.rewrite(by);
        }
    }
}

impl<T: Texts, U: Texts> Texts for (T, U) {
    fn rewrite(&mut self, by: &impl Rewrite) {
        self.0.rewrite(by);
        self.1.rewrite(by);
    }
}

/// Rewrites each of these.
macro_rules! rewrite {
    ($by:ident: $($text:expr),+) => {{ $($text.rewrite($by);)+ }};
}

impl Texts for Event {
    fn rewrite(&mut self, by: &impl Rewrite) {
        match self {
            Self::Step(mark) => mark.phase.rewrite(by),
            Self::Act(Act { user: _, purpose, gesture }) => rewrite!(by: purpose, gesture),
            Self::Hop(Hop {
                user: _,
                method: _,
                url,
                status: _,
                location,
                cause: _,
                error,
                from_service_worker: _,
                asks_for,
            }) => {
                rewrite!(by: url, location, error, asks_for);
            }
            Self::Page(page) => page.rewrite(by),
            Self::Window(BrowserWindow { user: _, change }) => {
                if let WindowChange::Blocked { url } = change {
                    url.rewrite(by);
                }
            }
            Self::Dialog(BrowserDialog { user: _, kind: _, text }) => text.rewrite(by),
            Self::Exchange(exchange) => exchange.rewrite(by),
            Self::Mail(mail) => {
                let Mail { from, to, subject, text, links, codes: _ } = &mut **mail;
                rewrite!(by: from, to, subject, text, links);
            }
            // Klaviyo's own doing, in Klaviyo's own words.
            Self::Klaviyo(_) => {}
            Self::App(event) => event.rewrite(by),
            Self::Probe(Probe { user: _, input, method: _, status: _, error, took_ms: _ }) => {
                rewrite!(by: input, error);
            }
            Self::Search(search) => search.rewrite(by),
            Self::GatewayTraffic(GatewayTraffic { connections: _, requests: _, distrusted, hermetic, held_back }) => {
                rewrite!(by: distrusted, held_back);
                if let Some(Hermetic::BrowserOnly(why)) = hermetic {
                    why.rewrite(by);
                }
            }
            Self::HarnessError(HarnessError { what }) => what.rewrite(by),
        }
    }
}

impl Texts for StepPhase {
    fn rewrite(&mut self, by: &impl Rewrite) {
        match self {
            Self::Strayed(why) | Self::Failed(why) | Self::Skipped(why) => why.rewrite(by),
            Self::Began | Self::Done => {}
        }
    }
}

impl Texts for Purpose {
    fn rewrite(&mut self, by: &impl Rewrite) {
        match self {
            Self::ChooseTenant(words) | Self::KlaviyoAccount(words) => words.rewrite(by),
            Self::Recover(Obstacle::Page(page) | Obstacle::MoreAfterConsent(page)) | Self::StartAnew(page) => {
                page.rewrite(by);
            }
            Self::Look(Place::Settings(tenant)) => tenant.rewrite(by),
            _ => {}
        }
    }
}

impl Texts for Gesture {
    fn rewrite(&mut self, by: &impl Rewrite) {
        match self {
            Self::Opened { url: text }
            | Self::RequestedAtOnce { url: text, times: _, triggered: _ }
            | Self::OpenedCallback { path: text, tampering: _ }
            | Self::SentHostileInputs { inputs: _, redirect_uri: text }
            | Self::Clicked(UsedControl { name: text, role: _, handle: _ })
            | Self::AcceptedCookies(UsedControl { name: text, role: _, handle: _ }) => text.rewrite(by),
            Self::PressedEnter
            | Self::TypedCode
            | Self::PressedBack
            | Self::PressedReload
            | Self::AcceptedDialog
            | Self::ClosedWindow => {}
        }
    }
}

impl Texts for PageRef {
    fn rewrite(&mut self, by: &impl Rewrite) {
        let Self { path, headline } = self;
        rewrite!(by: path, headline);
    }
}

impl Texts for UnmatchedOverride {
    fn rewrite(&mut self, by: &impl Rewrite) {
        let Self { part: _, file, line: _, finder, page } = self;
        rewrite!(by: file, finder, page);
    }
}

impl Texts for StepProblem {
    fn rewrite(&mut self, by: &impl Rewrite) {
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
            | Self::TabBlocked
            | Self::EndedForRequestStorm => {}
            Self::ControlCovered { control, cover } => rewrite!(by: control, cover),
            Self::HostInstallPending(page)
            | Self::BackLedTo(page)
            | Self::DismissLedTo(page)
            | Self::MoreAfterConsent(page)
            | Self::LoginIncomplete(page)
            | Self::StoppedAt { page, settings_tried: _ } => page.rewrite(by),
            Self::OnlyByDetours(pages) => pages.rewrite(by),
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
            | Self::RequestsFailed(text) => text.rewrite(by),
            Self::NoAnswer(url) => url.rewrite(by),
            Self::TriggerAnswered { request, status: _, to } => rewrite!(by: request, to),
            Self::LoginRefused { login, headline } => rewrite!(by: login, headline),
            Self::NoLoginForm { url, headline, overrides } => rewrite!(by: url, headline, overrides),
            Self::NoSignUpForm { url, headline } => rewrite!(by: url, headline),
            Self::NoLoginMail { page, overrides } | Self::NoPasswordField { page, overrides } => {
                rewrite!(by: page, overrides);
            }
            Self::PasswordElsewhere { host, page } => rewrite!(by: host, page),
            Self::BotCheck { check, page } => rewrite!(by: check, page),
            Self::PartNotFound { part: _, page, doubt } => rewrite!(by: page, doubt),
            Self::OverrideMatchesNothing(unmatched) => unmatched.rewrite(by),
            Self::TenantNotOffered { tenant, offered } => rewrite!(by: tenant, offered),
        }
    }
}

impl Texts for Page {
    fn rewrite(&mut self, by: &impl Rewrite) {
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
            pictures,
            shot: _,
        } = self;
        rewrite!(by: url, title, why, media_type, headings, text, alerts, controls, fields, frame, bot_check, violations, pictures);
    }
}

impl Texts for PolicyViolation {
    fn rewrite(&mut self, by: &impl Rewrite) {
        let Self { directive, blocked } = self;
        rewrite!(by: directive, blocked);
    }
}

impl Texts for Control {
    fn rewrite(&mut self, by: &impl Rewrite) {
        let Self { role: _, name, href, near, in_navigation: _ } = self;
        rewrite!(by: name, href, near);
    }
}

impl Texts for Field {
    fn rewrite(&mut self, by: &impl Rewrite) {
        let Self { kind: _, label, name, options, form: _ } = self;
        rewrite!(by: label, name, options);
    }
}

impl Texts for Exchange {
    fn rewrite(&mut self, by: &impl Rewrite) {
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
        rewrite!(by: method, host, path, query, request_headers, request_body, response_headers, response_body, facts);
    }
}

impl Texts for Facts {
    fn rewrite(&mut self, by: &impl Rewrite) {
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
                    state_change: _,
                    challenge: _,
                    challenge_method,
                    repeated,
                } = call;
                // What is in the app's settings is compared with them, and is no secret.
                scopes.iter_mut().filter(|scope| unknown_scopes.contains(scope)).for_each(|scope| scope.rewrite(by));
                rewrite!(by: response_type, unknown_scopes, challenge_method, repeated);
                if !*client_known {
                    client_id.rewrite(by);
                }
                if !*redirect_uri_registered {
                    redirect_uri.rewrite(by);
                }
            }
            Self::Token(call) => {
                let TokenCall { grant_type, redirect_uri, outcome, .. } = call;
                rewrite!(by: grant_type, redirect_uri);
                if let TokenOutcome::Refused { error: _, reason } = outcome {
                    reason.rewrite(by);
                }
            }
            Self::Revoke(RevokeCall { hint, .. }) => hint.rewrite(by),
            Self::Api(ApiCall { revision, sent, .. }) => rewrite!(by: revision, sent),
            Self::Unknown(what) => what.rewrite(by),
            Self::Page(_) | Self::Decision(_) => {}
        }
    }
}

impl Texts for SentData {
    fn rewrite(&mut self, by: &impl Rewrite) {
        let Self { lists, profiles: _, profile_properties, metrics } = self;
        rewrite!(by: lists, profile_properties);
        for SentMetric { name, events: _, properties } in metrics {
            name.rewrite(by);
            for SentProperty { name, types: _ } in properties {
                name.rewrite(by);
            }
        }
    }
}

impl Texts for AppEvent {
    fn rewrite(&mut self, by: &impl Rewrite) {
        match self {
            Self::Ready(words)
            | Self::Exited(words)
            | Self::Log(words)
            | Self::Reset(words)
            | Self::Updated(words)
            | Self::Triggered(words)
            | Self::LimitedLogin(words)
            | Self::BlockedTab { url: words }
            | Self::CrashedTab { url: words, how: _ }
            | Self::NoPage { url: words, error: _ }
            | Self::Stalled { url: words, begun: _, after_ms: _ }
            | Self::Stormed { endpoint: words, calls: _, within_ms: _, status: _ } => words.rewrite(by),
            Self::CoveredControl { url, control, cover, usable: _ } => rewrite!(by: url, control, cover),
            Self::LogLeftOut { lines: _, bytes: _ } => {}
        }
    }
}

impl Texts for MailLink {
    fn rewrite(&mut self, by: &impl Rewrite) {
        let Self { href, words } = self;
        rewrite!(by: href, words);
    }
}

impl Texts for Search {
    fn rewrite(&mut self, by: &impl Rewrite) {
        for Exposure { label: _, secret: _, spot: location } in &mut self.exposed {
            match location {
                Location::Body(text) | Location::Address(text) | Location::Cookie { name: text, .. } => {
                    text.rewrite(by);
                }
                Location::Header { url, name } => rewrite!(by: url, name),
                Location::Storage { key, url } => rewrite!(by: key, url),
            }
        }
        self.impossible.rewrite(by);
    }
}
