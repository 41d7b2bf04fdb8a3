//! What controls answer: yes and no, again, go on, out of the way, and what cookie banners ask.

use super::{matches_connect, matches_disconnect};
use crate::evidence::says_any;

/// Whether a control with this name says yes to what a dialog asks.
pub(in crate::browser) fn confirms(name: &str) -> bool {
    !backs_out(name)
        && (matches_disconnect(name)
            || says_any(
                name,
                &[
                    "yes",
                    "confirm",
                    "ok",
                    "okay",
                    "continue",
                    "proceed",
                    "delete",
                    "i'm sure",
                    "ja",
                    "bestätigen",
                    "fortfahren",
                    "weiter",
                    "oui",
                    "confirmer",
                    "continuer",
                    "valider",
                    "sí",
                    "confirmar",
                    "aceptar",
                    "continuar",
                    "sim",
                    "はい",
                    "確認",
                    "続行",
                    "実行",
                ],
            ))
}

/// Whether a control with this name leaves a dialog with nothing done.
pub(in crate::browser) fn backs_out(name: &str) -> bool {
    is_a_cross(name)
        || says_any(
            name,
            &[
                "cancel",
                "close",
                "no",
                "keep",
                "keep it",
                "not now",
                "go back",
                "dismiss",
                "abbrechen",
                "schließen",
                "nein",
                "behalten",
                "annuler",
                "fermer",
                "non",
                "conserver",
                "cancelar",
                "cerrar",
                "mantener",
                "fechar",
                "não",
                "manter",
                "キャンセル",
                "閉じる",
                "いいえ",
                "やめる",
                "戻る",
            ],
        )
}

/// Whether a control with this name tries something again.
pub fn matches_retry(name: &str) -> bool {
    says_any(
        name,
        &[
            "again",
            "retry",
            "restart",
            "start over",
            "reinstall",
            "reconnect",
            "start the installation",
            "start installation",
            "noch einmal",
            "erneut",
            "nochmal",
            "neu starten",
            "wiederholen", //
            "réessayer",
            "recommencer",
            "de nouveau",
            "reintentar",
            "de nuevo",
            "otra vez",
            "volver a",
            "tentar novamente",
            "novamente",
            "de novo",
            "recomeçar",
            "再試行",
            "もう一度",
            "やり直",
        ],
    ) || matches_connect(name)
}

/// Whether a control with this name asks for permissions again.
pub fn matches_authorize_again(name: &str) -> bool {
    !matches_disconnect(name)
        && says_any(
            name,
            &[
                "reauthorize",
                "reauthorise",
                "re-authorize",
                "re-authorise",
                "authorize",
                "authorise",
                "permission",
                "permissions",
                "reconnect",
                "connect again",
                "reinstall",
                "grant access",
                "update access",
                "approve",
            ],
        )
}

/// Whether a control with this name gets a message out of the way.
pub fn matches_dismiss(name: &str) -> bool {
    is_a_cross(name)
        || says_any(
            name,
            &[
                "dismiss",
                "close",
                "ok",
                "okay",
                "got it",
                "back",
                "cancel",
                "return",
                "go to",
                "home",
                "dashboard",
                "continue",
                "not now",
                "settings",
                "integrations", //
                "schließen",
                "verstanden",
                "zurück",
                "abbrechen",
                "weiter",
                "startseite",
                "übersicht",
                "einstellungen",
                "integrationen", //
                "fermer",
                "compris",
                "retour",
                "annuler",
                "continuer",
                "accueil",
                "paramètres",
                "réglages", //
                "cerrar",
                "entendido",
                "volver",
                "cancelar",
                "continuar",
                "inicio",
                "ajustes",
                "configuración", //
                "fechar",
                "entendi",
                "voltar",
                "início",
                "configurações",
                "painel", //
                "閉じる",
                "了解",
                "戻る",
                "キャンセル",
                "続ける",
                "ホーム",
                "設定",
            ],
        )
}

/// Whether a control with this name goes on to the next step.
pub fn matches_continue(name: &str) -> bool {
    says_any(
        name,
        &[
            "continue",
            "next",
            "proceed",
            "go on",
            "get started",
            "start",
            "finish",
            "done",
            "submit",
            "save",
            "ok",
            "go", //
            "weiter",
            "fortfahren",
            "starten",
            "fertig",
            "los",
            "absenden",
            "speichern", //
            "continuer",
            "suivant",
            "commencer",
            "terminer",
            "valider",
            "envoyer",
            "enregistrer", //
            "continuar",
            "siguiente",
            "empezar",
            "comenzar",
            "terminar",
            "enviar",
            "guardar", //
            "próximo",
            "avançar",
            "começar",
            "concluir",
            "salvar", //
            "続ける",
            "続行",
            "次へ",
            "進む",
            "開始",
            "完了",
            "送信",
            "保存",
        ],
    )
}

/// Whether a control with this name lets a site set cookies.
pub(in crate::browser) fn accepts_cookies(name: &str) -> bool {
    says_any(
        name,
        &[
            "accept*",
            "allow",
            "allow all",
            "agree",
            "i agree",
            "got it",
            "ok",
            "okay",
            "akzeptieren",
            "zustimmen",
            "alle erlauben",
            "einverstanden",
            "accepter",
            "j'accepte",
            "autoriser",
            "aceptar",
            "acepto",
            "permitir",
            "aceitar",
            "aceito",
            "同意",
            "許可",
            "承諾",
            "了承",
        ],
    )
}

/// Whether a text asks for leave to set cookies.
pub(in crate::browser) fn asks_for_cookies(text: &str) -> bool {
    says_any(
        text,
        &[
            "cookie*",
            "クッキー",
            "gdpr",
            "dsgvo",
            "rgpd",
            "we value your privacy",
            "privatsphäre-einstellungen",
            "tracking",
        ],
    )
}

fn is_a_cross(name: &str) -> bool {
    matches!(name.trim(), "×" | "✕" | "✖" | "x" | "X" | "⨯" | "╳")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialogs_answers_are_told_apart() {
        for name in ["Yes, remove", "OK", "Confirmer", "解除する", "Ja, trennen"] {
            assert!(confirms(name) && !backs_out(name), "{name}");
        }
        for name in ["Cancel", "No, keep it", "×", "Abbrechen", "キャンセル"] {
            assert!(backs_out(name) && !confirms(name), "{name}");
        }
    }
}
