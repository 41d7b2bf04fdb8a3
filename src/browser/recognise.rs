//! What a page is, worked out from what a person sees on it.

use super::sight::Reading;
use super::words;
use crate::evidence::{Control, FieldKind, PageKind};

/// What a page was recognised as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recognised {
    pub(super) kind: PageKind,
    /// Percent.
    pub(super) certainty: u8,
    pub(super) why: Vec<String>,
}

impl Recognised {
    fn new(kind: PageKind, certainty: u8, why: impl Into<String>) -> Self {
        Self { kind, certainty, why: vec![why.into()] }
    }
}

/// Recognises a page; `on_klaviyo` says whether its address is the fake Klaviyo's.
pub(super) fn recognise(reading: &Reading, on_klaviyo: bool) -> Recognised {
    // The order matters: a login form with an error above it is a login; a settings page with an error above it is an error.
    browser_page(reading)
        .or_else(|| klaviyo(reading, on_klaviyo))
        .or_else(|| password_form(reading))
        .or_else(|| tenant_choice(reading))
        .or_else(|| error(reading))
        .or_else(|| integration_state(reading))
        .unwrap_or(Recognised::new(PageKind::Other, 50, "nothing telling on it"))
}

fn browser_page(reading: &Reading) -> Option<Recognised> {
    if reading.url.starts_with("chrome-error:") || reading.url.starts_with("about:neterror") {
        return Some(Recognised::new(PageKind::BrowserError, 100, "the browser's own error page"));
    }
    if reading
        .frame
        .as_deref()
        .is_some_and(|frame| frame.starts_with("chrome-error:") || frame.starts_with("about:neterror"))
    {
        return Some(Recognised::new(PageKind::BrowserError, 100, "the browser's own error page in a frame"));
    }
    let empty = reading.text.is_empty() && reading.controls.is_empty() && reading.fields.is_empty();
    empty.then(|| Recognised { kind: PageKind::Blank, certainty: 100, why: vec!["nothing visible".to_owned()] })
}

fn klaviyo(reading: &Reading, on_klaviyo: bool) -> Option<Recognised> {
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
    Some(Recognised::new(kind, 100, format!("Klaviyo's {name} page")))
}

fn password_form(reading: &Reading) -> Option<Recognised> {
    let passwords: Vec<_> = reading
        .fields
        .iter()
        .map(|read| &read.field)
        .filter(|field| matches!(field.kind, FieldKind::Password | FieldKind::NewPassword))
        .collect();
    let first = passwords.first()?;
    let sends = first
        .form
        .and_then(|form| reading.submits.get(form).copied().flatten())
        .and_then(|submit| reading.controls.get(submit))
        .map_or("", |read| read.control.name.as_str());
    let named = words::matches_sign_up(sends) || reading.headings.iter().any(|heading| words::matches_sign_up(heading));
    if first.kind == FieldKind::NewPassword || passwords.len() > 1 || named {
        Some(Recognised::new(PageKind::SignUp, 95, format!("a form that sets a password, sent by \"{sends}\"")))
    } else {
        Some(Recognised::new(PageKind::Login, 95, format!("a form that asks for a password, sent by \"{sends}\"")))
    }
}

fn tenant_choice(reading: &Reading) -> Option<Recognised> {
    let tenant_words = |label: &str| {
        words::speaks_of_tenant(label) || reading.headings.iter().any(|heading| words::speaks_of_tenant(heading))
    };
    let field = reading.fields.iter().map(|read| &read.field).find(|field| {
        let offers = match field.kind {
            FieldKind::Select | FieldKind::Radio => field.options.len() > 1,
            FieldKind::Url | FieldKind::Text => true,
            _ => false,
        };
        // A settings page has fields too; a choice is a form with nothing else to fill in.
        let alone = reading.fields.iter().filter(|other| other.field.form == field.form).count() == 1;
        offers && alone && field.form.is_some() && tenant_words(&field.label)
    })?;
    let what = if field.options.is_empty() { "a box to name one" } else { "a choice of several" };
    Some(Recognised::new(PageKind::TenantChoice, 85, format!("{what}: \"{}\"", field.label)))
}

fn error(reading: &Reading) -> Option<Recognised> {
    if let Some(status) = reading.status.filter(|status| *status >= 400) {
        return Some(Recognised::new(PageKind::Error, 90, format!("status {status}")));
    }
    if let Some(alert) = reading.alerts.iter().find(|alert| words::speaks_of_error(alert)) {
        return Some(Recognised::new(PageKind::Error, 90, format!("a message: \"{alert}\"")));
    }
    if let Some(heading) = reading.headings.iter().find(|heading| words::speaks_of_error(heading)) {
        return Some(Recognised::new(PageKind::Error, 85, format!("a heading: \"{heading}\"")));
    }
    let short = reading.text.chars().count() < 600;
    (short && words::speaks_of_error(&reading.text)).then(|| Recognised {
        kind: PageKind::Error,
        certainty: 70,
        why: vec!["a short text that speaks of something going wrong".to_owned()],
    })
}

fn integration_state(reading: &Reading) -> Option<Recognised> {
    let controls: Vec<&Control> = reading
        .controls
        .iter()
        .map(|read| &read.control)
        .filter(|control| is_about_klaviyo(control, reading))
        .collect();
    let disconnect = controls.iter().find(|control| words::matches_disconnect(&control.name));
    let connect = controls.iter().find(|control| words::matches_connect(&control.name));
    // The text of the card the control stands in; without a control, the words around Klaviyo's name.
    let near = match disconnect.or(connect) {
        Some(control) => control.near.clone(),
        None => around_klaviyo(&reading.text)?,
    };
    let (kind, control, agrees) = match (disconnect, connect) {
        (Some(control), _) => (PageKind::Installed, Some(control), words::says_installed(&near)),
        (None, Some(control)) => (PageKind::NotInstalled, Some(control), !words::says_installed(&near)),
        (None, None) if words::says_installed(&near) => (PageKind::Installed, None, false),
        (None, None) if words::says_not_installed(&near) => (PageKind::NotInstalled, None, false),
        (None, None) => return None,
    };
    let contradicts = match kind {
        PageKind::Installed => words::says_not_installed(&near),
        _ => words::says_installed(&near),
    };
    let certainty = match (control.is_some(), agrees, contradicts) {
        (_, _, true) => 40,
        (true, true, _) => 95,
        (true, false, _) => 80,
        (false, ..) => 65,
    };
    let mut why = vec![format!("beside Klaviyo's name: \"{}\"", near.chars().take(120).collect::<String>())];
    why.extend(control.map(|control| format!("a control \"{}\"", control.name)));
    Some(Recognised { kind, certainty, why })
}

/// Whether a control stands beside Klaviyo's name, or on a page that is about nothing else.
fn is_about_klaviyo(control: &Control, reading: &Reading) -> bool {
    let names = |text: &str| text.to_lowercase().contains("klaviyo");
    !control.in_navigation
        && (names(&control.name)
            || names(&control.near)
            || reading.headings.first().is_some_and(|heading| names(heading)))
}

fn around_klaviyo(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find("klaviyo")?;
    let before = lower[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    let after = lower[at..].chars().take(120).collect::<String>();
    Some(before + &after)
}
