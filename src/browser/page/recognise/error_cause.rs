//! What an error message says went wrong.

use crate::evidence::ErrorCause;
use crate::lexicon::{Key, says};

/// The cause that a message names.
pub(super) fn cause_named_in(text: &str) -> ErrorCause {
    if says(text, Key::Expired) {
        ErrorCause::Expired
    } else if says(text, Key::Denied) || says(text, Key::Cancelled) {
        ErrorCause::Denied
    } else {
        ErrorCause::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_recognised_in_eight_languages() {
        for text in [
            "You declined",
            "Du hast den Zugriff abgelehnt",
            "Accès refusé",
            "Se denegó el permiso",
            "foi recusada",
            "拒否されました",
            "Hai rifiutato l'accesso",
            "Je hebt de toegang geweigerd",
        ] {
            assert_eq!(cause_named_in(text), ErrorCause::Denied, "{text}");
        }
        for text in [
            "has expired",
            "ist abgelaufen",
            "a expiré",
            "ha caducado",
            "expirou",
            "期限が切れています",
            "è scaduto",
            "is verlopen",
        ] {
            assert_eq!(cause_named_in(text), ErrorCause::Expired, "{text}");
        }
        assert_eq!(cause_named_in("Internal server error"), ErrorCause::Other);
    }
}
