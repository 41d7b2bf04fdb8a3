//! Login and sign-up pages without a form: all that they offer is ways in, such as "Continue with e-mail" or another identity provider.

use url::Url;

use super::controls::{matches_sign_in, matches_sign_out, matches_sign_up};
use super::foreground::{Foreground, names_klaviyo};
use super::recognised::Guess;
use crate::browser::page::page_snapshot::{Part, ReadControl};
use crate::evidence::{ControlRole, PageKind};
use crate::lexicon::{Key, says};

/// Identity providers for which nobody but a real person has an account.
const PROVIDERS: &[&str] = &[
    "google",
    "apple",
    "microsoft",
    "facebook",
    "github",
    "gitlab",
    "linkedin",
    "twitter",
    "shopify",
    "bigcommerce",
    "slack",
    "okta",
    "amazon",
    "yahoo",
    "paypal",
    "discord",
    "line",
    "meta",
    "outlook",
    "office",
];
/// Links that may stand beside the ways in: terms, privacy, help.
const MOST_LINKS: usize = 8;

/// What a page is that has no form and offers ways in, with the way to take.
pub(super) fn ways_in(foreground: &Foreground<'_>) -> Option<(Guess, Part)> {
    if foreground.fields().next().is_some()
        || foreground.reading.controls.iter().any(|read| matches_sign_out(&read.control.name))
    {
        return None;
    }
    let heading = foreground.headings().map(|heading| heading.text.as_str()).find(|text| about(text).is_some());
    let path = Url::parse(&foreground.reading.url).ok().map(|url| url.path().replace(['/', '-', '_'], " "));
    let leading = [heading, Some(foreground.reading.title.as_str()), path.as_deref()];
    let kind = leading.into_iter().flatten().find_map(about);
    let ways: Vec<(usize, &ReadControl)> =
        foreground.controls().filter(|(_, read)| is_way(foreground, read, kind)).collect();
    let others =
        || foreground.controls().filter(|(index, _)| !ways.iter().any(|(way, _)| way == index)).map(|(_, read)| read);
    let enters = |name: &str| about(name).is_some() || says(name, Key::WayIn);
    let is_more = |read: &ReadControl| read.control.role == ControlRole::Button && !enters(&read.control.name);
    if ways.is_empty() || others().any(is_more) || others().count() > MOST_LINKS {
        return None;
    }
    let named = ways.iter().any(|(_, read)| says(&read.control.name, Key::WayIn));
    let certainty = match (kind, named) {
        (Some(_), true) => 90,
        (Some(_), false) => 75,
        (None, true) if ways.len() > 1 => 75,
        (None, _) => return None,
    };
    let (control, read) = ways.iter().min_by_key(|(_, read)| remoteness(foreground, read))?;
    let why = format!("all that it offers is ways in, such as \"{}\"", read.control.name);
    let guess = Guess::new(kind.unwrap_or(PageKind::Login), certainty, why.clone());
    Some((guess, Part { control: *control, certainty, why }))
}

/// Whether a text is about logging in or signing up.
fn about(text: &str) -> Option<PageKind> {
    if matches_sign_up(text) { Some(PageKind::SignUp) } else { matches_sign_in(text).then_some(PageKind::Login) }
}

fn is_way(foreground: &Foreground<'_>, read: &ReadControl, kind: Option<PageKind>) -> bool {
    let name = &read.control.name;
    if names_klaviyo(name) || matches_sign_up(name) && kind != Some(PageKind::SignUp) {
        return false;
    }
    // A plain "Log in" that is a link within the site leads to the login page; here it would be that page.
    says(name, Key::WayIn)
        || matches_sign_in(name) && (read.control.role == ControlRole::Button || leads_away(foreground, read))
}

/// How unlikely it is that a user of `flowcheck.yaml` gets in there: by e-mail first, with another company's account last.
fn remoteness(foreground: &Foreground<'_>, read: &ReadControl) -> u8 {
    let name = &read.control.name;
    let by_mail = says(name, Key::EmailField) || says(name, Key::Mail);
    match (by_mail, names_provider(name)) {
        (true, false) => 0,
        (_, true) => 3,
        (false, false) => 1 + u8::from(leads_away(foreground, read) && !is_local(read)),
    }
}

/// Whether a control leads to another company's accounts.
pub(super) fn names_provider(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split(|letter: char| !letter.is_alphanumeric()).any(|word| PROVIDERS.contains(&word))
}

fn leads_away(foreground: &Foreground<'_>, read: &ReadControl) -> bool {
    let origin = |address: &str| Url::parse(address).ok().map(|url| url.origin());
    read.control.href.as_deref().is_some_and(|href| origin(href) != origin(&foreground.reading.url))
}

/// Whether a link leads to a server on this machine, as a test's identity provider is.
fn is_local(read: &ReadControl) -> bool {
    let host = read.control.href.as_deref().and_then(|href| Url::parse(href).ok()?.host_str().map(str::to_owned));
    host.is_some_and(|host| host == "localhost" || host.ends_with(".localhost") || host.starts_with("127."))
}
