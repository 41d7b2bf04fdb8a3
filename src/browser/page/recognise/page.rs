//! The whole page: each recogniser is asked, and the surest of them is believed.

use super::foreground::Foreground;
use super::onward::{confirmation_form, disconnect_option, interruption, language, onboarding, ways};
use super::recognised::{Guess, Recognised};
use super::{account_form, error, install_state, notice, overrides, sign_up_link, tenant, ways_in};
use crate::browser::page::page_snapshot::{Parts, Reading, Tenants};
use crate::evidence::{ErrorCause, PageKind};
use crate::lexicon::LANGUAGES;

/// Recognises a page; `on_klaviyo` says whether its address is the fake Klaviyo's.
pub(in crate::browser) fn recognise(reading: &Reading, on_klaviyo: bool) -> Recognised {
    if let Some(guess) = browser_page(reading).or_else(|| klaviyo(reading, on_klaviyo)) {
        return recognised(guess, None, Parts::default());
    }
    let foreground = Foreground::of(reading);
    let mut found = install_state::install_state(&foreground);
    let state = [&found.disconnect, &found.connect].into_iter().flatten().find(|part| part.is_sure());
    let choice = tenant::choice(&foreground, state.map(|part| part.control));
    if let Some((_, Tenants::Field { field })) = &choice {
        // The button that sends the choice connects nothing before it is made.
        let form = reading.fields[*field].field.form;
        found.connect = found.connect.filter(|part| form.is_none() || reading.controls[part.control].form != form);
    }
    let ways_in = ways_in::ways_in(&foreground);
    let parts = Parts {
        connect: found.connect,
        disconnect_option: disconnect_option::disconnect_option(&foreground).filter(|_| found.disconnect.is_none()),
        disconnect: found.disconnect,
        asks_once_more: found.asks_once_more,
        confirmation: confirmation_form::confirmation(&foreground),
        asks_for: onboarding::asks_for(&foreground),
        choice: onboarding::choice(&foreground),
        ways: ways::ways(&foreground),
        banner: foreground.banner.clone(),
        interruption: interruption::interruption(&foreground),
        language: language::language(&foreground),
        foreign: foreign_language(reading),
        tenants: choice.as_ref().map(|(_, tenants)| tenants.clone()),
        sign_up: sign_up_link::sign_up_link(reading),
        sign_up_form: account_form::sign_up_form(&foreground),
        way_in: ways_in.as_ref().map(|(_, part)| part.clone()),
    };
    let is_installed = |guess: &Guess| guess.kind == PageKind::Installed && guess.is_sure();
    let error = error::error(&foreground, found.guess.as_ref().is_some_and(is_installed));
    let cause = error.as_ref().map(|(_, cause)| *cause);
    // A form can be filled in again whatever stands above it; a page that tells of an error and offers a way in alone is the error's.
    let is_surer = |guess: &Guess| error.as_ref().is_none_or(|(error, _)| error.certainty < guess.certainty);
    // The order decides among equals: a login form with an error above it is a login, settings with one are an error.
    let guesses = [
        account_form::account_form(&foreground),
        ways_in.map(|(guess, _)| guess).filter(is_surer),
        choice.map(|(guess, _)| guess),
        error.map(|(guess, _)| guess),
        found.guess,
        notice::notice(&foreground),
    ];
    let mut guesses = guesses.into_iter().flatten().collect::<Vec<_>>();
    let guess = if let Some(first) = guesses.iter().position(|guess| comes_first(guess) && guess.is_sure()) {
        guesses.swap_remove(first)
    } else {
        guesses
            .into_iter()
            .reduce(|best, next| if next.certainty > best.certainty { next } else { best })
            .unwrap_or_else(|| Guess::new(PageKind::Other, 50, "nothing telling on it"))
    };
    let cause = cause.filter(|_| guess.kind == PageKind::Error);
    overrides::apply_overrides(recognised(guess, cause, parts), reading)
}

/// The language that a page says it is in, where the lexicon has no words of it.
fn foreign_language(reading: &Reading) -> Option<String> {
    let language = reading.language.as_deref()?.split(['-', '_']).next()?.to_lowercase();
    let is_code = (2..=3).contains(&language.len()) && language.chars().all(|letter| letter.is_ascii_lowercase());
    (is_code && !LANGUAGES.iter().any(|(known, _)| *known == language)).then_some(language)
}

fn recognised(guess: Guess, cause: Option<ErrorCause>, parts: Parts) -> Recognised {
    Recognised { kind: guess.kind, certainty: guess.certainty, why: guess.why, cause, parts }
}

/// Forms come before all else, then errors that a message tells of.
fn comes_first(guess: &Guess) -> bool {
    match guess.kind {
        PageKind::Login | PageKind::SignUp | PageKind::TenantChoice | PageKind::Other => true,
        PageKind::Error => guess.certainty >= error::TOLD,
        _ => false,
    }
}

fn browser_page(reading: &Reading) -> Option<Guess> {
    let is_browsers = |url: &str| url.starts_with("chrome-error:") || url.starts_with("about:neterror");
    if is_browsers(&reading.url) {
        return Some(Guess::new(PageKind::BrowserError, 100, "the browser's own error page"));
    }
    if reading.frame.as_deref().is_some_and(is_browsers) {
        return Some(Guess::new(PageKind::BrowserError, 100, "the browser's own error page in a frame"));
    }
    let empty = reading.text.is_empty() && reading.controls.is_empty() && reading.fields.is_empty();
    empty.then(|| Guess::new(PageKind::Blank, 100, "nothing visible"))
}

fn klaviyo(reading: &Reading, on_klaviyo: bool) -> Option<Guess> {
    let name = reading.klaviyo_page.as_deref().filter(|_| on_klaviyo)?;
    let kind = match name {
        "login" => PageKind::KlaviyoLogin,
        "accounts" => PageKind::KlaviyoAccounts,
        "consent" => PageKind::KlaviyoConsent,
        "listing" => PageKind::KlaviyoListing,
        "integrations" | "uninstall" => PageKind::KlaviyoIntegrations,
        "error" => PageKind::KlaviyoError,
        _ => PageKind::Other,
    };
    Some(Guess::new(kind, 100, format!("Klaviyo's {name} page")))
}
