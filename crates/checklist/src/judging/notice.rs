//! Notices that ask a user to authorize the app again, on a page or in a mail.

use flowcheck_evidence::{Mail, Page};
use flowcheck_lexicon::{Key, SENTENCE_ENDS, says};

/// Whether a text asks to authorize the app again.
pub fn asks_to_authorize_again(text: &str) -> bool {
    says(text, Key::Reauthorize) || says(text, Key::Authorization) && says(text, Key::ToAuthorize)
}

/// The notices on a page of the app, as they read; the same one as often as it stands there.
pub(crate) fn notices(page: &Page) -> Vec<&str> {
    if !page.kind.is_the_apps() {
        return Vec::new();
    }
    let alerts: Vec<&str> =
        page.alerts.iter().map(String::as_str).filter(|alert| asks_to_authorize_again(alert)).collect();
    if !alerts.is_empty() {
        return alerts;
    }
    // Not every app marks its notices as such.
    page.text.split(SENTENCE_ENDS).map(str::trim).filter(|sentence| asks_to_authorize_again(sentence)).collect()
}

/// Whether a mail asks to authorize the app again; what it asks for may stand in another sentence than what to do.
pub(crate) fn mail_asks(mail: &Mail) -> bool {
    asks_to_authorize_again(&format!("{}. {}", mail.subject, mail.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_worded_in_many_ways() {
        for text in [
            "Klaviyo needs your permission again before more reviews can be sent",
            "Please reauthorize Harbour Reviews in Klaviyo",
            "Segments need a new permission. Update permissions",
            "We've improved our Klaviyo application. For access to the most up-to-date functionality, please follow this link",
            "Reconnect Klaviyo to use segments",
            "Klaviyo has to let us: review the new permissions",
            "Please review the access we ask for",
            "Klaviyo braucht eine neue Berechtigung. Bitte erteilen Sie den Zugriff, und bestätigen Sie in Klaviyo",
            "Veuillez réautoriser l'application",
            "Vuelva a autorizar: hace falta un nuevo permiso, autorícelo en Klaviyo",
            "Conceda a nova permissão",
            "新しい権限を承認してください",
            "Klaviyo richiede nuove autorizzazioni: concedi l'accesso",
            "Riconnetti Klaviyo per usare i segmenti",
            "Geef opnieuw toestemming in Klaviyo",
            "Werk je machtigingen bij",
        ] {
            assert!(asks_to_authorize_again(text), "{text}");
        }
    }

    #[test]
    fn other_texts_and_mere_refusals_are_none() {
        for text in [
            "Sends every review to Klaviyo as an event",
            "Klaviyo was disconnected: access was removed in Klaviyo",
            "403 Forbidden",
            "You do not have permission to see this",
            "Klaviyo Connected Disconnect",
            "Segments are not available right now",
            "Connect Klaviyo",
            "Sie haben keine Berechtigung für diese Seite",
            "No tiene permiso para ver esta página",
            "Non hai il permesso di vedere questa pagina",
            "Je hebt geen toegang tot deze pagina",
        ] {
            assert!(!asks_to_authorize_again(text), "{text}");
        }
    }
}
