//! What controls do.

use super::matches_sign_out;
use crate::evidence::says_any;

const CONNECT: &[&str] = &[
    "connect",
    "reconnect",
    "install",
    "reinstall",
    "integrate",
    "authorize",
    "authorise",
    "link",
    "enable",
    "activate",
    "set up",
    "turn on",
    "pair", //
    "verbinden",
    "neu verbinden",
    "verknüpfen",
    "installieren",
    "aktivieren",
    "einrichten",
    "koppeln",
    "anbinden",
    "verbindung herstellen",
    "autorisieren",
    "einschalten", //
    "connecter",
    "connectez",
    "reconnecter",
    "installer",
    "relier",
    "associer",
    "lier",
    "activer",
    "autoriser",
    "intégrer", //
    "conectar",
    "conecta",
    "reconectar",
    "instalar",
    "instala",
    "vincular",
    "enlazar",
    "activar",
    "habilitar",
    "autorizar",
    "integrar",
    "conectarse", //
    "ligar",
    "ativar",
    "associar", //
    "連携",
    "接続",
    "インストール",
    "有効",
    "認証",
    "認可",
    "リンク",
];
/// These connect only where nothing else is named beside Klaviyo.
const ADD: &[&str] = &["add", "hinzufügen", "ajouter", "añadir", "agregar", "adicionar", "追加"];
/// These always take something apart again.
const DISCONNECT: &[&str] = &[
    "disconnect",
    "uninstall",
    "unlink",
    "revoke",
    "deauthorize",
    "deauthorise",
    "unpair", //
    "trennen",
    "deinstallieren",
    "entkoppeln",
    "verbindung aufheben",
    "verknüpfung aufheben",
    "widerrufen",
    "verbindung beenden", //
    "déconnecter",
    "désinstaller",
    "dissocier",
    "délier",
    "révoquer", //
    "desconectar",
    "desinstalar",
    "desvincular",
    "desenlazar",
    "revocar", //
    "revogar",
    "desligar",
    "desassociar", //
    "解除",
    "切断",
    "アンインストール",
    "取り消",
];
/// These do where what they name is the app, or nothing: a photo is removed too.
const REMOVE: &[&str] = &[
    "remove",
    "delete",
    "deactivate",
    "disable",
    "turn off",
    "switch off", //
    "entfernen",
    "löschen",
    "deaktivieren",
    "ausschalten",
    "abschalten", //
    "supprimer",
    "retirer",
    "enlever",
    "désactiver", //
    "eliminar",
    "quitar",
    "borrar",
    "desactivar",
    "deshabilitar", //
    "remover",
    "excluir",
    "apagar",
    "desativar",
    "desabilitar", //
    "削除",
    "無効",
    "外す",
];
/// What may be named beside a verb that could mean anything.
const THE_APP: &[&str] = &[
    "klaviyo",
    "app",
    "apps",
    "application",
    "integration",
    "connection",
    "access",
    "it",
    "plugin",
    "extension",
    "yes",
    "sync", //
    "integrationen",
    "verbindung",
    "zugriff",
    "anwendung",
    "die",
    "den",
    "das",
    "ja",
    "erweiterung", //
    "l'intégration",
    "l'application",
    "l'accès",
    "connexion",
    "la",
    "le",
    "oui",
    "intégration",
    "accès", //
    "integración",
    "conexión",
    "aplicación",
    "acceso",
    "sí",
    "el", //
    "integração",
    "conexão",
    "aplicativo",
    "acesso",
    "sim",
    "a",
    "o",
    "ligação", //
    "this",
    "the",
    "with",
    "to",
    "mit",
    "von",
    "de",
    "do",
    "da",
    "du",
    "à",
    "ao",
    "con",
    "com",
    "now",
    "your",
];

/// Whether a control with this name connects an integration.
pub fn matches_connect(name: &str) -> bool {
    if matches_disconnect(name) || matches_sign_out(name) {
        return false;
    }
    // French logs in and connects by the same word.
    if says_any(name, &["se connecter", "connectez-vous"]) && !says_any(name, &["se connecter à", "connectez-vous à"])
    {
        return false;
    }
    says_any(name, CONNECT) || says_any(name, ADD) && names_only_the_app(name, ADD)
}

/// Whether a control with this name disconnects an integration.
pub fn matches_disconnect(name: &str) -> bool {
    !matches_sign_out(name)
        && (says_any(name, DISCONNECT) || says_any(name, REMOVE) && names_only_the_app(name, REMOVE))
}

/// Whether a text speaks of connecting or adding something.
pub(in crate::browser) fn matches_connect_in(text: &str) -> bool {
    says_any(text, CONNECT) || says_any(text, ADD)
}

/// Whether a text speaks of taking something apart again.
pub(in crate::browser) fn matches_disconnect_in(text: &str) -> bool {
    says_any(text, DISCONNECT) || says_any(text, REMOVE)
}

/// Whether a control connects what is connected already.
pub(in crate::browser) fn matches_connect_again(name: &str) -> bool {
    says_any(
        name,
        &[
            "reconnect",
            "reinstall",
            "neu verbinden",
            "erneut verbinden",
            "reconnecter",
            "reconectar",
            "volver a conectar",
            "再接続",
            "再連携",
        ],
    )
}

fn names_only_the_app(name: &str, verbs: &[&str]) -> bool {
    let mut rest = name.to_lowercase();
    for phrase in verbs.iter().filter(|verb| verb.contains(' ')) {
        rest = rest.replace(phrase, " ");
    }
    rest.split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
        .filter(|word| !word.is_empty() && word.chars().all(|letter| letter < '\u{3040}'))
        .all(|word| verbs.contains(&word) || THE_APP.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connecting_and_disconnecting_are_told_apart() {
        for name in [
            "Connect Klaviyo",
            "Install",
            "Reconnect",
            "Link account",
            "Verknüpfen",
            "Se connecter à Klaviyo",
            "連携する",
            "Add",
        ] {
            assert!(matches_connect(name) && !matches_disconnect(name), "{name}");
        }
        for name in [
            "Disconnect",
            "Uninstall app",
            "Remove integration",
            "Revoke access",
            "Désinstaller",
            "連携を解除",
            "Trennen",
            "Remover",
        ] {
            assert!(matches_disconnect(name) && !matches_connect(name), "{name}");
        }
        for name in [
            "Reviews",
            "Connections",
            "Linkage",
            "Shopify",
            "Delete account",
            "Remove photo",
            "Se déconnecter",
            "Se connecter",
            "Add product",
        ] {
            assert!(!matches_connect(name) && !matches_disconnect(name), "{name}");
        }
    }
}
