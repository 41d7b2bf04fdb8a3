//! Errors and their causes.

use crate::evidence::{ErrorCause, says_any};

/// What is said of errors that are none: there were none, or something can't be taken back.
const NO_ERROR: &[&str] = &[
    "no error",
    "no errors",
    "0 errors",
    "without error",
    "without errors",
    "can't be undone",
    "cannot be undone",
    "no problem",
    "keine fehler",
    "kein fehler",
    "nicht rückgängig",
    "aucune erreur",
    "sin errores",
    "ningún error",
    "sem erros",
    "nenhum erro",
    "エラーなし",
    "エラーはありません",
];

const ERROR: &[&str] = &[
    "denied",
    "declined",
    "refused",
    "rejected",
    "cancelled",
    "canceled",
    "failed",
    "failure",
    "error",
    "went wrong",
    "not valid",
    "invalid",
    "expired",
    "no longer valid",
    "no longer good",
    "no longer works",
    "no longer usable",
    "couldn't",
    "could not",
    "can't",
    "cannot",
    "unable",
    "was not installed",
    "wasn't installed",
    "not completed",
    "problem",
    "not found",
    "unauthorized",
    "forbidden",
    "try again",
    "oops",
    "timed out",
    "took too long",
    "permission not given",
    "not given",
    "not to allow",
    "not approve",
    "not allowed",
    "did not authorize",
    "didn't authorize",
    "unavailable",
    "account inactive",
    "is inactive",
    "bad request",
    "exception", //
    "fehler",
    "fehlgeschlagen",
    "abgelehnt",
    "abgebrochen",
    "abgelaufen",
    "ungültig",
    "nicht möglich",
    "konnte nicht",
    "konnten nicht",
    "konnte leider nicht",
    "kann nicht",
    "verweigert",
    "etwas ist schief*",
    "wurde nicht",
    "nicht gefunden",
    "erneut versuchen",
    "nicht mehr gültig",
    "anmeldefehler", //
    "erreur",
    "échec",
    "échoué",
    "refusé*",
    "annulé*",
    "expiré*",
    "impossible",
    "n'a pas pu",
    "n'avons pas pu",
    "n'ont pas pu",
    "invalide",
    "introuvable",
    "réessayer",
    "plus valide",
    "problème",
    "une erreur", //
    "error",
    "errores",
    "falló",
    "fallido",
    "denegad*",
    "denegó",
    "rechazad*",
    "cancelad*",
    "cancelar el",
    "caducad*",
    "expirad*",
    "no se ha podido",
    "no se pudo",
    "no pudimos",
    "no hemos podido",
    "no válid*",
    "salió mal",
    "ha ido mal",
    "ups",
    "inténtalo de nuevo",
    "ya no es válid*",
    "problema", //
    "erro",
    "falhou",
    "falha",
    "negad*",
    "negou",
    "recusad*",
    "expirou",
    "não foi possível",
    "não conseguimos",
    "inválid*",
    "tente novamente",
    "não é mais válid*",
    "deu errado",
    "indisponível",
    "não concluíd*",
    "não encontrad*", //
    "エラー",
    "失敗",
    "拒否",
    "キャンセルされ",
    "キャンセルしました",
    "期限が切れ",
    "期限切れ",
    "できません",
    "できませんでした",
    "無効な",
    "見つかりません",
    "問題が発生",
    "もう一度お試し",
    "中止",
    "取り消",
];

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

/// Whether text speaks of something that went wrong.
pub(in crate::browser) fn speaks_of_error(text: &str) -> bool {
    says_any(&without_denials_of_errors(text), ERROR)
}

/// What a message says went wrong.
pub(in crate::browser) fn cause_of(text: &str) -> ErrorCause {
    if says_any(text, EXPIRED) {
        ErrorCause::Expired
    } else if says_any(text, DENIED) {
        ErrorCause::Denied
    } else {
        ErrorCause::Other
    }
}

fn without_denials_of_errors(text: &str) -> String {
    let mut text = text.to_lowercase().replace('’', "'");
    for phrase in NO_ERROR {
        text = text.replace(phrase, " ");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_from_their_absence() {
        assert!(speaks_of_error("Something went wrong") && speaks_of_error("Klaviyo konnte nicht verbunden werden"));
        assert!(!speaks_of_error("No errors today. This can't be undone."));
    }

    #[test]
    fn what_is_over_is_no_error_by_that_alone() {
        assert!(speaks_of_error("Your session is no longer valid"));
        assert!(!speaks_of_error("The app was uninstalled in Klaviyo. Points are no longer sent there."));
    }

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
            assert_eq!(cause_of(text), ErrorCause::Denied, "{text}");
        }
        for text in ["has expired", "ist abgelaufen", "a expiré", "ha caducado", "expirou", "期限が切れています"]
        {
            assert_eq!(cause_of(text), ErrorCause::Expired, "{text}");
        }
        assert_eq!(cause_of("Internal server error"), ErrorCause::Other);
    }
}
