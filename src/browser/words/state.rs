//! Installed and not installed.

use crate::evidence::says_any;

/// Whether text says that something is not installed. To be asked before [`says_installed`].
pub(in crate::browser) fn says_not_installed(text: &str) -> bool {
    says_any(
        text,
        &[
            "not connected",
            "not installed",
            "disconnected",
            "isn't connected",
            "is not connected",
            "not linked",
            "inactive",
            "not active",
            "uninstalled",
            "not yet connected",
            "no connection",
            "no account connected",
            "not enabled",
            "unlinked",
            "no accounts connected",
            "no social network accounts connected",
            "not currently connected", //
            "nicht verbunden",
            "nicht installiert",
            "nicht verknüpft",
            "nicht aktiv",
            "kein konto",
            "keine verbindung",
            "getrennt",
            "inaktiv",
            "deinstalliert",
            "nicht gekoppelt",
            "noch nicht", //
            "non connecté*",
            "pas connecté*",
            "déconnecté*",
            "non installé*",
            "pas installé*",
            "aucun compte",
            "inactif",
            "inactive",
            "pas de compte",
            "désinstallé*",
            "n'avez pas", //
            "sin conectar",
            "no conectad*",
            "no está conectad*",
            "desconectad*",
            "no instalad*",
            "sin instalar",
            "inactiv*",
            "ninguna cuenta",
            "desinstalad*",
            "no vinculad*",
            "sin vincular",
            "no tienes",
            "no tiene", //
            "não conectad*",
            "não está",
            "não instalad*",
            "inativ*",
            "nenhuma conta",
            "não vinculad*",
            "não há", //
            "未連携",
            "未接続",
            "未インストール",
            "無効",
            "接続されていません",
            "連携されていません",
            "インストールされていません",
            "ありません",
            "していません",
        ],
    )
}

/// What is said of a state that is yet to come.
const TO_COME: &[&str] = &["be connected", "be installed", "be linked", "be enabled", "get connected"];

/// Whether text says that something is installed.
pub(in crate::browser) fn says_installed(text: &str) -> bool {
    let mut text = text.to_lowercase();
    for phrase in TO_COME {
        text = text.replace(phrase, " ");
    }
    !says_not_installed(&text)
        && says_any(
            &text,
            &[
                "connected",
                "installed",
                "linked",
                "active",
                "enabled",
                "activated", //
                "verbunden",
                "installiert",
                "verknüpft",
                "aktiv",
                "aktiviert",
                "gekoppelt", //
                "connecté*",
                "installé*",
                "actif",
                "activé*",
                "associé*",
                "relié*", //
                "conectad*",
                "instalad*",
                "vinculad*",
                "activo",
                "activa",
                "activad*",
                "enlazad*", //
                "ativo",
                "ativa",
                "ativad*",
                "ligad*", //
                "連携済",
                "連携中",
                "接続済",
                "接続中",
                "インストール済",
                "連携しています",
                "接続しています",
                "有効",
            ],
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_connected_is_not_connected() {
        assert!(says_installed("Klaviyo Connected since May"));
        assert!(says_not_installed("Klaviyo Not connected") && !says_installed("Klaviyo Not connected"));
        assert!(!says_installed("Klaviyo") && !says_not_installed("Klaviyo"));
        assert!(
            says_not_installed("Kein Konto verbunden") && !says_installed("Sin conectar") && says_installed("連携済み")
        );
    }
}
