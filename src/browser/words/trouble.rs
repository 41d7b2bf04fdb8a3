//! Errors.

use crate::evidence::says_any;

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

/// Whether text speaks of something that went wrong.
pub(in crate::browser) fn speaks_of_error(text: &str) -> bool {
    says_any(&without_denials_of_errors(text), ERROR)
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
}
