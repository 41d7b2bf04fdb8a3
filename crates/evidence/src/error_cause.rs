//! What an error message says went wrong, and the words by which it says so: in English, German, French, Spanish, Portuguese
//! and Japanese.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::says_any;

/// What an error message says went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCause {
    /// Permission was not given.
    Denied,
    /// It took too long.
    Expired,
    /// Something else, or nothing that it says.
    Other,
}

impl ErrorCause {
    /// What a message says.
    pub fn named_in(text: &str) -> Self {
        if says_expired(text) {
            Self::Expired
        } else if says_denied(text) {
            Self::Denied
        } else {
            Self::Other
        }
    }
}

/// Whether a text says that something was denied.
pub fn says_denied(text: &str) -> bool {
    says_any(text, DENIED)
}

/// Whether a text says that something took too long.
pub fn says_expired(text: &str) -> bool {
    says_any(text, EXPIRED)
}

const DENIED: &[&str] = &[
    "denied",
    "declined",
    "refused",
    "rejected",
    "cancelled",
    "canceled",
    "cancel logging",
    "not grant*",
    "didn't grant",
    "not allow",
    "not to allow",
    "not allowed",
    "didn't allow",
    "not authorize",
    "not authorized",
    "didn't authorize",
    "not approve",
    "not approved",
    "did not approve",
    "didn't approve",
    "permission not given",
    "not given",
    "turned down",
    "without permission",
    "without the permissions",
    "do not have permission", //
    "abgelehnt",
    "verweigert",
    "nicht erlaubt",
    "nicht zugestimmt",
    "nicht erteilt",
    "abgebrochen", //
    "refusé*",
    "annulé*",
    "pas autorisé*",
    "pas accordé*", //
    "denegad*",
    "denegó",
    "denegaste",
    "rechazad*",
    "rechazaste",
    "cancelad*",
    "cancelar el",
    "no autoriz*", //
    "negad*",
    "negou",
    "recusad*",
    "recusou",
    "não autoriz*", //
    "拒否",
    "許可されませんでした",
    "キャンセル",
    "承認されませんでした",
    "中止",
];

const EXPIRED: &[&str] = &[
    "expired",
    "expire",
    "no longer valid",
    "not valid any more",
    "not valid anymore",
    "isn't valid any more",
    "timed out",
    "took too long",
    "too old",
    "has ended",
    "too long ago", //
    "abgelaufen",
    "nicht mehr gültig",
    "zu lange",
    "zeitüberschreitung", //
    "expiré*",
    "plus valide",
    "trop de temps",
    "trop longtemps",
    "délai dépassé", //
    "caducad*",
    "caducó",
    "expirad*",
    "expiró",
    "ya no es válid*",
    "demasiado tiempo", //
    "expirou",
    "não é mais válid*",
    "demorou", //
    "期限が切れ",
    "期限切れ",
    "有効期限",
    "タイムアウト",
    "時間切れ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_in_six_languages() {
        for text in [
            "You declined",
            "Du hast den Zugriff abgelehnt",
            "Accès refusé",
            "Se denegó el permiso",
            "foi recusada",
            "拒否されました",
        ] {
            assert_eq!(ErrorCause::named_in(text), ErrorCause::Denied, "{text}");
        }
        for text in ["has expired", "ist abgelaufen", "a expiré", "ha caducado", "expirou", "期限が切れています"]
        {
            assert_eq!(ErrorCause::named_in(text), ErrorCause::Expired, "{text}");
        }
        assert_eq!(ErrorCause::named_in("Internal server error"), ErrorCause::Other);
    }
}
