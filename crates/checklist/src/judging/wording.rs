//! What a message says: whether it names the denial or the expiry, or is raw output that no user should see.

use flowcheck_evidence::{Page, PageKind};
use flowcheck_lexicon::{Key, SENTENCE_ENDS, lists, phrases, says, without};

use super::message::{is_of_failures_alone, message, shows_new_picture, was_read_before, whole};
use crate::flow::{At, Flow};

/// How stack traces begin.
const TRACES: &[&str] = &[
    "Traceback (most recent call last)",
    "stack backtrace:",
    "Stack trace:",
    "stack trace:",
    "panicked at",
    "Caused by:",
];
/// Endings of source files.
const SOURCES: &[&str] = &[
    "cs", "erb", "ex", "exs", "go", "java", "js", "jsx", "kt", "mjs", "php", "pl", "py", "rb", "rs", "scala", "svelte",
    "ts", "tsx", "vue",
];
/// What stands between a source file and the number of a line in stack traces and debug pages; the words for it say so by themselves.
const BEFORE_LINE: &[(&str, bool)] = &[
    (":line ", true),
    (", line ", true),
    (" (line ", true),
    (" on line ", true),
    (":", false),
    (" :", false),
    (" (", false),
    ("(", false),
];

/// What a page tells of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureMessage {
    /// The cause that was asked for, by a readable message.
    Named,
    /// Something, in words that no list has: only a person can say whether it names the cause.
    Unknown,
    /// A picture that no page before had: only a person can read what is in it.
    Pictured,
    /// Something went wrong, but not what.
    Generic,
    /// Output that was not made for people: a stack trace, bare JSON.
    Raw,
    /// Nothing.
    Nothing,
}

/// What a page tells of a denial.
pub(crate) fn message_of_denial(flow: &Flow<'_>, page: At<'_, Page>) -> FailureMessage {
    failure_message(flow, page, names_denial)
}

/// The same, but for words that the app shows as they came to it.
pub(crate) fn message_of_denial_besides(flow: &Flow<'_>, page: At<'_, Page>, quoted: &str) -> FailureMessage {
    let quoted = quoted.trim_end_matches(SENTENCE_ENDS).to_lowercase();
    failure_message(flow, page, |sentence| names_denial(&sentence.to_lowercase().replace(&quoted, " ")))
}

/// Marks around the name of a button: "You clicked “Cancel”".
const QUOTES: &[char] = &['"', '“', '”', '„', '«', '»', '「', '」'];

/// Whether a sentence names a denial. That something was cancelled does so only together with the permission, and what asks for the
/// permission does not say that it was denied.
fn names_denial(sentence: &str) -> bool {
    let sentence = sentence.replace(QUOTES, " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = sentence.as_str();
    let denied = says(&without(sentence, Key::NoAccess), Key::Denied) && says(sentence, Key::Permission);
    let asks = || says(&without(sentence, Key::OnceMore), Key::ToAuthorize);
    denied || says(sentence, Key::Cancelled) && says(sentence, Key::Authorization) && !asks()
}

/// What a page tells of a permission that the user's role does not give.
pub(crate) fn message_of_role(flow: &Flow<'_>, page: At<'_, Page>) -> FailureMessage {
    failure_message(flow, page, |sentence| says(sentence, Key::Permission))
}

/// What a page tells of an app that is not installed on its host: to install it there.
pub(crate) fn message_of_listing(flow: &Flow<'_>, page: At<'_, Page>, host: &str) -> FailureMessage {
    let host = host.to_lowercase();
    failure_message(flow, page, |sentence| {
        says(sentence, Key::Installing) && (says(sentence, Key::AppListing) || sentence.to_lowercase().contains(&host))
    })
}

/// Whether a page says that something is to be tried again.
pub(crate) fn says_to_retry(page: &Page) -> bool {
    says(&page.text, Key::OnceMore)
}

/// What a page tells of an expired code.
pub(crate) fn message_of_expiry(flow: &Flow<'_>, page: At<'_, Page>) -> FailureMessage {
    failure_message(flow, page, |sentence| says(sentence, Key::Expired))
}

/// What a page tells of Klaviyo not answering as it should.
pub(crate) fn message_of_outage(flow: &Flow<'_>, page: At<'_, Page>) -> FailureMessage {
    let by_words = || failure_message(flow, page, |sentence| says(sentence, Key::Outage));
    match page.it.kind {
        // A page of the app's own has many words; only what it says as a message is one. One that is shown after failures alone is a
        // message, whatever it says of the installation: "The installation has stopped. Nothing was installed."
        PageKind::Installed | PageKind::NotInstalled => match is_of_failures_alone(flow, page).then(by_words) {
            Some(FailureMessage::Named) => FailureMessage::Named,
            _ => alert_of_outage(flow, page),
        },
        _ => by_words(),
    }
}

/// Whether a page has an alert that was not there before, in words that no list has.
pub(crate) fn alerts_in_unknown_words(flow: &Flow<'_>, page: At<'_, Page>) -> bool {
    !page.it.alerts.is_empty() && message(flow, page).is_some_and(|text| !is_generic(&for_people(&text), flow))
}

/// What the message beside an app's state tells of Klaviyo not answering as it should. Whatever else is new on such a page is its
/// state, and where that is installed, only a message that names the outage is one about it.
fn alert_of_outage(flow: &Flow<'_>, page: At<'_, Page>) -> FailureMessage {
    let Some(text) = message(flow, page).map(|text| for_people(&text)) else { return FailureMessage::Nothing };
    if text.split(SENTENCE_ENDS).any(|sentence| says(sentence, Key::Outage)) {
        return FailureMessage::Named;
    }
    let is_alert = page.it.alerts.iter().any(|alert| text.contains(for_people(alert).as_str()));
    match is_alert && page.it.kind == PageKind::NotInstalled {
        true if is_generic(&text, flow) && says(&text, Key::GenericFailure) => FailureMessage::Generic,
        true => FailureMessage::Unknown,
        false => FailureMessage::Nothing,
    }
}

fn failure_message(flow: &Flow<'_>, page: At<'_, Page>, names: impl Fn(&str) -> bool) -> FailureMessage {
    // Neither the browser's own words ("took too long to respond") nor Klaviyo's are the app's message.
    if !page.it.kind.is_the_apps() {
        return FailureMessage::Nothing;
    }
    if is_raw(page.it) {
        return FailureMessage::Raw;
    }
    let is_news = |sentence: &str| !was_read_before(flow, page, sentence);
    if for_people(&whole(page.it)).split(SENTENCE_ENDS).any(|sentence| names(sentence) && is_news(sentence)) {
        return FailureMessage::Named;
    }
    let failed = page.it.status.is_some_and(|status| status >= 400);
    let protocols = for_people(&page.it.text).len() < page.it.text.len();
    match message(flow, page).map(|text| for_people(&text)) {
        // It may have stood there only for a moment.
        Some(text) if text.split(SENTENCE_ENDS).any(&names) => FailureMessage::Named,
        Some(text) if !is_generic(&text, flow) => FailureMessage::Unknown,
        Some(text) if failed || protocols || says(&text, Key::GenericFailure) => FailureMessage::Generic,
        Some(_) => FailureMessage::Unknown,
        None if failed || protocols => FailureMessage::Generic,
        None if shows_new_picture(flow, page) => FailureMessage::Pictured,
        None => FailureMessage::Nothing,
    }
}

/// A text without the protocol's own words: they are for programs, and name nothing to a user.
fn for_people(text: &str) -> String {
    text.replace("access_denied", " ").replace("invalid_grant", " ")
}

/// Whether a text has none but words that name no cause: with any other, it may.
fn is_generic(text: &str, flow: &Flow<'_>) -> bool {
    let app = flow.setup.app.name.to_lowercase();
    // Where words are not set apart by spaces, the longest phrases go first.
    let mut pieces: Vec<&str> = phrases(Key::GenericWords).filter(|phrase| !phrase.is_ascii()).collect();
    pieces.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    let joined = |phrase: &&&str| phrase.chars().all(|letter| ('\u{3040}'..='\u{9fff}').contains(&letter));
    let text = text.to_lowercase().replace('’', "'");
    let text = pieces.iter().filter(joined).fold(text, |text, piece| text.replace(*piece, " "));
    let text = if app.is_empty() { text } else { text.replace(&app, " ") };
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    let mut words = words.map(|word| word.trim_matches('\'')).filter(|word| word.chars().any(char::is_alphabetic));
    words.all(|word| lists(Key::GenericWords, word) || word.split('\'').all(|part| lists(Key::GenericWords, part)))
}

/// Whether a page is output that was not made for people.
fn is_raw(page: &Page) -> bool {
    let json = page.media_type.as_deref().is_some_and(|kind| kind.contains("json"))
        || page.text.trim_start().starts_with(['{', '[']);
    let trace = TRACES.iter().any(|sign| page.text.contains(sign)) || names_code(&page.text);
    json || trace
}

/// Whether a text names places in source files, as `src/pages/callback.rs:57` and `app.py\", line 12`: two, or one in words.
fn names_code(text: &str) -> bool {
    let places = text.match_indices('.').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let ending = rest.find(|one: char| !one.is_ascii_lowercase()).unwrap_or(rest.len());
        let after = SOURCES.contains(&&rest[..ending]).then(|| rest[ending..].trim_start_matches(['"', '\'']))?;
        let is_number = |text: &str| text.starts_with(|one: char| one.is_ascii_digit());
        BEFORE_LINE.iter().find_map(|(mark, in_words)| is_number(after.strip_prefix(mark)?).then_some(*in_words))
    });
    places.fold(0, |sum, in_words| sum + if in_words { 2 } else { 1 }) > 1
}

#[cfg(test)]
mod tests {
    use super::super::message_table::{denial, expiry, page, read};
    use super::*;

    #[test]
    fn denials_are_named_in_many_ways() {
        for text in [
            "Klaviyo was not installed: permissions were denied.",
            "You declined the permissions we need",
            "You chose not to give Larkspur access in Klaviyo, so the two were not connected.",
            "The store owner decided not to grant us permission",
            "We can't go on: you did not give us access",
            "You didn't give your consent",
            "Access was not given by the account's owner",
            "You didn't allow access to Klaviyo",
            "Access to Klaviyo was cancelled. You can try again.",
            "Installation failed because access was not granted",
            "Der Zugriff wurde abgelehnt",
            "Vous avez refusé l'accès",
            "Se denegó el permiso",
            "A permissão foi recusada",
            "Hai rifiutato l'autorizzazione",
            "L'accesso a Klaviyo non è stato concesso",
            "Je hebt de toegang tot Klaviyo geweigerd",
            "De toegang tot Klaviyo is geannuleerd",
            "You hit Cancel, so we could not connect without those permissions.",
            "You clicked “Cancel” on Klaviyo's page, and without its permissions there is nothing we can import",
            "Since you chose to cancel, Harbour Reviews has no access to your account",
            "Sie haben auf „Abbrechen“ geklickt, deshalb fehlen uns die Berechtigungen",
            "Vous avez cliqué sur « Annuler » : nous n'avons pas reçu les autorisations",
            "Ha pulsado Cancelar, así que nos faltan los permisos",
            "Hai premuto Annulla, quindi non abbiamo i permessi necessari",
            "Je hebt op Annuleren geklikt, dus we hebben de rechten niet gekregen",
            "Você clicou em Cancelar, então ficamos sem as permissões",
        ] {
            assert_eq!(denial(page(text)), FailureMessage::Named, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_button_is_no_denial_without_its_effect_on_permissions() {
        for text in [
            // What the user did, and nothing of permissions.
            "You hit Cancel, so we stopped.",
            "You clicked “Cancel” on Klaviyo's page",
            "Sie haben auf Abbrechen geklickt.",
            // What can be done, and not what happened.
            "Click Cancel to leave the permissions as they are",
            "Cancel the request for permissions in Klaviyo",
            "Since you hit Cancel, please grant us the permissions",
            "Cancelar los permisos",
        ] {
            assert_ne!(denial(page(text)), FailureMessage::Named, "{text}");
        }
    }

    #[test]
    fn a_failure_without_its_cause_is_generic_and_the_protocols_words_name_nothing() {
        for text in
            ["Something went wrong. Please contact support.", "OAuth error: access_denied", "Oops! access_denied"]
        {
            assert_eq!(denial(page(text)), FailureMessage::Generic, "{text}");
        }
        assert_eq!(expiry(page("Could not connect to Klaviyo. Try again")), FailureMessage::Generic);
        for text in [
            "Es ist ein Fehler aufgetreten.",
            "Une erreur est survenue",
            "Algo salió mal. Inténtalo más tarde.",
            "Algo deu errado",
            "エラーが発生しました",
            "Si è verificato un errore. Contatta l'assistenza.",
            "Er is iets misgegaan",
        ] {
            assert_eq!(denial(page(text)), FailureMessage::Generic, "{text}");
        }
        for text in
            ["Welcome back, here are your reviews", "Willkommen zurück", "Bienvenue", "ようこそ", "Benvenuto", "Welkom"]
        {
            assert_eq!(denial(page(text)), FailureMessage::Nothing, "{text}");
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
            assert_eq!(denial(page.clone()), FailureMessage::Nothing, "{text}");
            assert_eq!(expiry(page), FailureMessage::Nothing, "{text}");
        }
    }

    #[test]
    fn expiries_are_named() {
        for text in [
            "The installation session is no longer valid",
            "This link has expired.",
            "Your session timed out",
            "Klaviyo's offer has lapsed",
            "This session can no longer be used",
            "That link went stale, it is only good for five minutes",
            "Time ran out before you came back",
            "The five minutes have run out",
            "Der Link ist abgelaufen",
            "Der Link gilt nicht mehr. Bitte starten Sie die Installation neu",
            "Die Sitzung ist nicht länger gültig",
            "Leider zu spät: Ihr Code ist verfallen",
            "Le délai de cinq minutes est dépassé : votre session n'est plus valable",
            "Votre lien n’est plus valide",
            "Le temps imparti est écoulé, recommencez l'installation",
            "La sesión ha caducado",
            "El código ya no sirve: ha tardado demasiado",
            "El enlace está vencido",
            "A sessão expirou",
            "O link já não é válido",
            "O código venceu, comece de novo",
            "セッションの有効期限が切れました",
            "時間がかかりすぎたため、接続できませんでした",
            "La sessione è scaduta",
            "De link is verlopen",
        ] {
            assert_eq!(expiry(page(text)), FailureMessage::Named, "{text}");
        }
        for text in [
            "Le quota de votre compte est dépassé",
            "Sie haben zu viele Anfragen gesendet",
            "El plan de su tienda no incluye Klaviyo",
            "O Klaviyo recusou o pedido",
            "Klaviyoに接続できませんでした",
        ] {
            assert_ne!(expiry(page(text)), FailureMessage::Named, "{text}");
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
            assert_eq!(read(page(text), message_of_outage), FailureMessage::Named, "{text}");
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
            assert_eq!(
                read(page(text), |flow, page| message_of_listing(flow, page, "Quay")),
                FailureMessage::Named,
                "{text}"
            );
            assert!(says_to_retry(&page(then)), "{then}");
        }
    }

    #[test]
    fn a_message_with_a_name_that_looks_like_a_file_is_none_of_a_program() {
        for text in [
            "Klaviyo was not connected to app.js: permissions were denied. Node.js (18) or later is needed.",
            "Permissions were denied. Our page http://pebble.rs:3000/help says more.",
            "Permissions were denied at 12:30, so Sellers.go was not installed.",
        ] {
            assert_eq!(denial(page(text)), FailureMessage::Named, "{text}");
        }
    }

    #[test]
    fn output_for_programs_is_raw_even_when_it_has_the_words() {
        for text in [
            "{\"error\":\"access_denied\",\"error_description\":\"permissions were denied\"}",
            "Error: permissions were denied at src/oauth.rs:131 at src/pages/callback.rs:57",
            "Traceback (most recent call last) File app.py permissions denied",
            // Debug pages of Django, Rails, Laravel, Symfony, ASP.NET, Phoenix and Next.js, and a warning of PHP's.
            "KeyError at /callback Exception Location: /srv/app/views.py, line 47, in callback error_description 'The user denied permissions'",
            "KeyError in KlaviyoController#callback app/controllers/klaviyo_controller.rb:12 app/models/install.rb:3 permissions were denied",
            "ErrorException app/Http/Controllers/KlaviyoController.php :31 routes/web.php :9 permissions were denied",
            "in src/Controller/KlaviyoController.php (line 31) permissions were denied",
            "KeyNotFoundException in /src/Callback.cs:line 31 permissions were denied",
            "KeyError at GET /callback lib/app_web/callback.ex:12 lib/app_web/router.ex:3 permissions were denied",
            "app/api/callback/route.ts (12:13) app/api/klaviyo.ts (3:1) permissions were denied",
            "Warning: Undefined array key \"code\" in /var/www/callback.php on line 12. Permissions were denied",
        ] {
            assert_eq!(denial(page(text)), FailureMessage::Raw, "{text}");
        }
    }
}
