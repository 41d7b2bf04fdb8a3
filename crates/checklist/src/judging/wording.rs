//! What a message says: whether it names the denial or the expiry, or is raw output that no user should see.

use flowcheck_evidence::Page;
use flowcheck_lexicon::{Key, says};

/// How stack traces begin.
const TRACES: &[&str] = &[
    "Traceback (most recent call last)",
    "stack backtrace:",
    "Stack trace:",
    "stack trace:",
    "panicked at",
    "Caused by:",
];
/// Endings of source files, as stack traces name them with a line.
const SOURCES: &[&str] =
    &[".cs:", ".go:", ".java:", ".js:", ".jsx:", ".mjs:", ".php:", ".py:", ".rb:", ".rs:", ".ts:", ".tsx:"];

/// What a page tells of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The cause that was asked for, by a readable message.
    Named,
    /// Something went wrong, but not what.
    Generic,
    /// Output that was not made for people: a stack trace, bare JSON.
    Raw,
    /// Nothing.
    Nothing,
}

/// What a page tells of a denial.
pub(crate) fn told_of_denial(page: &Page) -> Told {
    told(page, |sentence| says(sentence, Key::Denied) && says(sentence, Key::Permission))
}

/// What a page tells of an app that is not installed on its host: to install it there.
pub(crate) fn told_of_listing(page: &Page, host: &str) -> Told {
    let host = host.to_lowercase();
    told(page, |sentence| {
        says(sentence, Key::Installing) && (says(sentence, Key::AppListing) || sentence.to_lowercase().contains(&host))
    })
}

/// Whether a page says that something is to be tried again.
pub(crate) fn says_to_retry(page: &Page) -> bool {
    says(&page.text, Key::OnceMore)
}

/// What a page tells of an expired code.
pub(crate) fn told_of_expiry(page: &Page) -> Told {
    told(page, |sentence| says(sentence, Key::Expired))
}

/// What a page tells of Klaviyo not answering as it should.
pub(crate) fn told_of_outage(page: &Page) -> Told {
    told(page, |sentence| says(sentence, Key::Outage))
}

fn told(page: &Page, names: impl Fn(&str) -> bool) -> Told {
    // Neither the browser's own words ("took too long to respond") nor Klaviyo's are the app's message.
    if !page.kind.is_the_apps() {
        return Told::Nothing;
    }
    if is_raw(page) {
        return Told::Raw;
    }
    // The protocol's own words are for programs: a page that shows only them names nothing to a user.
    let text = page.text.replace("access_denied", " ").replace("invalid_grant", " ");
    if text.split(['.', '!', '?']).any(names) {
        Told::Named
    } else if says(&text, Key::GenericFailure)
        || page.status.is_some_and(|status| status >= 400)
        || text.len() < page.text.len()
    {
        Told::Generic
    } else {
        Told::Nothing
    }
}

/// Whether a page is output that was not made for people.
fn is_raw(page: &Page) -> bool {
    let json = page.media_type.as_deref().is_some_and(|kind| kind.contains("json"))
        || page.text.trim_start().starts_with(['{', '[']);
    let trace = TRACES.iter().any(|sign| page.text.contains(sign))
        || page.text.split_whitespace().filter(is_code_line).count() > 1;
    json || trace
}

/// `src/pages/callback.rs:57`, as a stack trace has it.
fn is_code_line(word: &&str) -> bool {
    SOURCES.iter().any(|ending| {
        word.find(ending).is_some_and(|at| word[at + ending.len()..].starts_with(|one: char| one.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flowcheck_evidence::PageKind;

    fn page(text: &str) -> Page {
        Page {
            user: String::new(),
            url: String::new(),
            title: String::new(),
            kind: PageKind::Other,
            certainty: 50,
            why: Vec::new(),
            cause: None,
            status: Some(200),
            media_type: Some("text/html".to_owned()),
            headings: Vec::new(),
            text: text.to_owned(),
            alerts: Vec::new(),
            controls: Vec::new(),
            fields: Vec::new(),
            frame: None,
            bot_check: None,
            violations: Vec::new(),
            shot: None,
        }
    }

    #[test]
    fn denials_are_named_in_many_ways() {
        for text in [
            "Klaviyo was not installed: permissions were denied.",
            "You declined the permissions we need",
            "You didn't allow access to Klaviyo",
            "The installation was cancelled. You can try again.",
            "Installation failed because access was not granted",
            "Der Zugriff wurde abgelehnt",
            "Vous avez refusé l'accès",
            "Se denegó el permiso",
            "A permissão foi recusada",
            "Hai rifiutato l'autorizzazione",
            "L'accesso a Klaviyo non è stato concesso",
            "Je hebt de toegang tot Klaviyo geweigerd",
            "De installatie is geannuleerd",
        ] {
            assert_eq!(told_of_denial(&page(text)), Told::Named, "{text}");
        }
    }

    #[test]
    fn a_failure_without_its_cause_is_generic_and_the_protocols_words_name_nothing() {
        for text in
            ["Something went wrong. Please contact support.", "OAuth error: access_denied", "Oops! access_denied"]
        {
            assert_eq!(told_of_denial(&page(text)), Told::Generic, "{text}");
        }
        assert_eq!(told_of_expiry(&page("Could not connect to Klaviyo. Try again")), Told::Generic);
        for text in [
            "Es ist ein Fehler aufgetreten.",
            "Une erreur est survenue",
            "Algo salió mal. Inténtalo más tarde.",
            "Algo deu errado",
            "エラーが発生しました",
            "Si è verificato un errore. Contatta l'assistenza.",
            "Er is iets misgegaan",
        ] {
            assert_eq!(told_of_denial(&page(text)), Told::Generic, "{text}");
        }
        for text in
            ["Welcome back, here are your reviews", "Willkommen zurück", "Bienvenue", "ようこそ", "Benvenuto", "Welkom"]
        {
            assert_eq!(told_of_denial(&page(text)), Told::Nothing, "{text}");
        }
    }

    #[test]
    fn the_browsers_and_klaviyos_words_are_not_the_apps_message() {
        for (kind, text) in [
            (PageKind::BrowserError, "This site can't be reached. localhost refused to connect."),
            (PageKind::BrowserError, "localhost took too long to respond. ERR_TIMED_OUT"),
            (PageKind::KlaviyoError, "The request to install was denied: the session expired"),
        ] {
            let page = Page { kind, ..page(text) };
            assert_eq!(told_of_denial(&page), Told::Nothing, "{text}");
            assert_eq!(told_of_expiry(&page), Told::Nothing, "{text}");
        }
    }

    #[test]
    fn expiries_are_named() {
        for text in [
            "The installation session is no longer valid",
            "This link has expired.",
            "Your session timed out",
            "Der Link ist abgelaufen",
            "La sessione è scaduta",
            "De link is verlopen",
        ] {
            assert_eq!(told_of_expiry(&page(text)), Told::Named, "{text}");
        }
    }

    #[test]
    fn outages_and_listings_are_named_in_each_language() {
        for text in [
            "Klaviyo is temporarily unavailable.",
            "Klaviyo antwortet nicht.",
            "Klaviyo est indisponible, réessayez plus tard",
            "Klaviyo no responde. Inténtelo más tarde",
            "O Klaviyo não respondeu",
            "Klaviyoが応答しません",
            "Klaviyo non risponde",
            "Klaviyo is tijdelijk niet bereikbaar",
        ] {
            assert_eq!(told_of_outage(&page(text)), Told::Named, "{text}");
        }
        for (text, then) in [
            ("Install Reviews from Quay's listing", "then try again"),
            ("Installieren Sie die App in Quay", "und versuchen Sie es erneut"),
            ("Installez l'application depuis Quay", "puis réessayez"),
            ("Instale la aplicación desde Quay", "y vuelva después"),
            ("Instale o aplicativo na Quay", "e tente novamente"),
            ("Quayからアプリをインストールしてください", "その後"),
            ("Installa l'app da Quay", "poi riprova"),
            ("Installeer de app vanuit Quay", "en probeer het opnieuw"),
        ] {
            assert_eq!(told_of_listing(&page(text), "Quay"), Told::Named, "{text}");
            assert!(says_to_retry(&page(then)), "{then}");
        }
    }

    #[test]
    fn output_for_programs_is_raw_even_when_it_has_the_words() {
        for text in [
            "{\"error\":\"access_denied\",\"error_description\":\"permissions were denied\"}",
            "Error: permissions were denied at src/oauth.rs:131 at src/pages/callback.rs:57",
            "Traceback (most recent call last) File app.py permissions denied",
        ] {
            assert_eq!(told_of_denial(&page(text)), Told::Raw, "{text}");
        }
    }
}
