//! What a control does, by its name alone.

use super::foreground::names_klaviyo;
use crate::lexicon::{Key, lists, phrases, says, without};

/// Whether a control with this name connects an integration.
pub fn matches_connect(name: &str) -> bool {
    if matches_disconnect(name) || matches_sign_out(name) || says(name, Key::Guide) {
        return false;
    }
    // French and Italian log in and connect by the same verb.
    if says(name, Key::SignInByConnect) && !says(name, Key::ConnectTo) {
        return false;
    }
    says(&without(name, Key::ConnectAsNoun), Key::Connect) || says(name, Key::Add) && names_only_the_app(name, Key::Add)
}

/// Whether a control with this name disconnects an integration.
pub fn matches_disconnect(name: &str) -> bool {
    !(matches_sign_out(name) || says(name, Key::Guide))
        && (says(name, Key::Disconnect) || says(name, Key::Remove) && names_only_the_app(name, Key::Remove))
}

/// Whether a text tells how something is connected or disconnected.
pub(super) fn tells_of_connecting(text: &str) -> bool {
    let verbs = [Key::Connect, Key::Add, Key::Disconnect, Key::Remove];
    says(text, Key::Guide) && verbs.into_iter().any(|verb| says(text, verb))
}

/// Whether a heading speaks of connecting or adding something, and not of how that is done.
pub(super) fn heads_connecting(text: &str) -> bool {
    (says(text, Key::Connect) || says(text, Key::Add)) && !says(text, Key::Guide)
}

/// Whether a text speaks of disconnecting or removing something.
pub(super) fn speaks_of_disconnecting(text: &str) -> bool {
    says(text, Key::Disconnect) || says(text, Key::Remove)
}

/// Whether a control with this name says yes to what a dialog asks.
pub fn confirms(name: &str) -> bool {
    !backs_out(name) && (matches_disconnect(name) || says(name, Key::Confirm))
}

/// Whether a control with this name leaves a dialog without doing anything.
pub fn backs_out(name: &str) -> bool {
    is_a_cross(name) || says(name, Key::BackOut)
}

/// Whether a control with this name tries something again.
pub fn matches_retry(name: &str) -> bool {
    says(name, Key::Retry) || matches_connect(name) && (names_klaviyo(name) || names_only_the_app(name, Key::Connect))
}

/// Whether a control with this name says in so many words that it tries something again.
pub fn says_to_retry(name: &str) -> bool {
    says(name, Key::Retry)
}

/// Whether a control with this name asks for permissions again.
pub fn matches_authorize_again(name: &str) -> bool {
    !matches_disconnect(name) && says(name, Key::AuthorizeAgain)
}

/// Whether a control with this name gets a message out of the way.
pub fn matches_dismiss(name: &str) -> bool {
    is_a_cross(name) || says(name, Key::Dismiss) && !matches_sign_out(name)
}

/// How surely a control with this name closes what lies over a page and changes nothing, 1 or 2; none where it does something else.
pub fn closes(name: &str) -> Option<u8> {
    if matches_connect(name) || matches_disconnect(name) || matches_sign_in_or_up(name) {
        None
    } else if backs_out(name) || says(name, Key::Skip) {
        Some(2)
    } else {
        (matches_dismiss(name) && !matches_continue(name)).then_some(1)
    }
}

/// Whether a control with this name goes on to the next step.
pub fn matches_continue(name: &str) -> bool {
    says(name, Key::Continue)
}

/// Whether a control or heading is about an account that is still to be made.
pub fn matches_sign_up(name: &str) -> bool {
    says(name, Key::SignUp)
}

/// Whether a control, heading or title is about an account that exists.
pub fn matches_sign_in(name: &str) -> bool {
    says(name, Key::SignIn)
}

/// Whether a text asks a person to log in or to sign up.
pub(super) fn matches_sign_in_or_up(text: &str) -> bool {
    matches_sign_in(text) || matches_sign_up(text)
}

/// Whether a control with this name signs out.
pub fn matches_sign_out(name: &str) -> bool {
    says(name, Key::SignOut)
}

/// How surely a link with this name leads to where integrations are, from 1 to 3; none where it does not say so.
pub fn leads_to_integrations(name: &str) -> Option<u8> {
    if says(name, Key::Guide) {
        // Some guides lead through the settings; most only tell of them.
        (names_klaviyo(name) || says(name, Key::Integrations) || says(name, Key::Settings)).then_some(1)
    } else if names_klaviyo(name) {
        Some(3)
    } else if says(name, Key::Integrations) {
        Some(2)
    } else {
        says(name, Key::Settings).then_some(1)
    }
}

/// Whether a link with this name may lead to a control that disconnects.
pub fn leads_to_disconnect(name: &str) -> bool {
    names_klaviyo(name) || says(name, Key::NearDisconnect)
}

fn is_a_cross(name: &str) -> bool {
    matches!(name.trim(), "×" | "✕" | "✖" | "x" | "X" | "⨯" | "╳")
}

/// Whether nothing but the app is named beside the verbs of a key.
fn names_only_the_app(name: &str, verbs: Key) -> bool {
    let mut rest = name.to_lowercase().replace('’', "'");
    for phrase in phrases(verbs).filter(|verb| verb.contains(' ')) {
        rest = rest.replace(phrase, " ");
    }
    rest.split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
        .filter(|word| !word.is_empty() && word.chars().all(|letter| letter < '\u{3040}'))
        .all(|word| lists(verbs, word) || lists(Key::AppWords, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_closes_a_dialog_is_told_from_what_it_is_for() {
        for name in ["×", "Close", "Skip", "Skip tour", "No thanks", "Maybe later", "Später", "Plus tard", "スキップ"]
        {
            assert_eq!(closes(name), Some(2), "{name}");
        }
        for name in ["Got it", "Dismiss", "Back to home"] {
            assert!(closes(name).is_some(), "{name}");
        }
        for name in ["Continue", "Start the tour", "Subscribe", "Sign up", "Connect", "Disconnect", "Weiter", "Next"] {
            assert_eq!(closes(name), None, "{name}");
        }
    }

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
            "Collega Klaviyo",
            "Connetti account",
            "Collegati a Klaviyo",
            "Koppelen",
            "Verbind met Klaviyo",
            "Integratie toevoegen",
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
            "Scollega",
            "Disconnetti Klaviyo",
            "Rimuovi integrazione",
            "Ontkoppelen",
            "Koppeling verwijderen",
            "Verbinding verbreken",
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
            "Elimina account",
            "Esci",
            "Connettiti",
            "Aggiungi prodotto",
            "Foto verwijderen",
            "Uitloggen",
            "Inloggen",
        ] {
            assert!(!matches_connect(name) && !matches_disconnect(name), "{name}");
        }
    }

    #[test]
    fn what_tells_of_connecting_or_disconnecting_does_neither() {
        for name in [
            "How to connect Klaviyo",
            "Guide: connect Klaviyo",
            "Learn about the Klaviyo integration",
            "Klaviyo install guide",
            "Watch: set up Klaviyo in two minutes",
            "Why connect Klaviyo",
            "Get help to connect Klaviyo",
            "How to uninstall the app",
            "Anleitung: Klaviyo verbinden",
            "So verbinden Sie Klaviyo",
            "Klaviyo-Installationsanleitung",
            "Cómo conectar Klaviyo",
            "Guía para conectar Klaviyo",
            "Comment connecter Klaviyo",
            "Guide pour connecter Klaviyo",
            "Come collegare Klaviyo",
            "Guida: collega Klaviyo",
            "Klaviyoの連携方法",
            "Klaviyo連携について",
            "Zo verbind je Klaviyo",
            "Handleiding: Klaviyo koppelen",
            "Como conectar o Klaviyo",
            "Saiba como conectar o Klaviyo",
            "Wie Sie Klaviyo trennen",
            "Comment déconnecter Klaviyo",
        ] {
            assert!(!matches_connect(name) && !matches_disconnect(name) && !matches_retry(name), "{name}");
            assert!(!heads_connecting(name), "{name}");
        }
        // What does it, and tells of it beside.
        for name in [
            "Connect Klaviyo. Learn more",
            "Connect your help desk to Klaviyo",
            "Start guided setup and connect Klaviyo",
            "Connect as an administrator",
            "Conectar como administrador",
            "Collega come amministratore",
            "Conectar o Klaviyo como proprietário",
            "Klaviyo verbinden – mehr erfahren",
            "Connecter Klaviyo, en savoir plus",
        ] {
            assert!(matches_connect(name), "{name}");
        }
    }

    #[test]
    fn what_names_a_place_by_the_word_for_connecting_connects_nothing() {
        for name in
            ["連携設定", "連携サービス一覧", "連携先を見る", "外部連携", "連携設定に戻る", "接続状況", "有効期限"]
        {
            assert!(!matches_connect(name) && !matches_retry(name), "{name}");
        }
        for name in [
            "連携する",
            "Klaviyoと連携",
            "Klaviyoと連携する",
            "連携を開始",
            "接続",
            "インストールする",
            "有効にする",
            "連携設定を開いて接続",
        ] {
            assert!(matches_connect(name), "{name}");
        }
        for name in ["連携を解除", "連携解除", "Klaviyoとの連携を解除する"] {
            assert!(matches_disconnect(name) && !matches_connect(name), "{name}");
        }
    }

    #[test]
    fn what_tries_again_connects_klaviyo_and_nothing_else() {
        for name in ["Try again", "Connect Klaviyo", "Reconnect", "Install app", "Connect your Klaviyo account"] {
            assert!(matches_retry(name), "{name}");
        }
        for name in ["Activate first product", "Enable dark mode", "Link a domain"] {
            assert!(!matches_retry(name), "{name}");
        }
    }

    #[test]
    fn signing_out_dismisses_nothing() {
        for name in ["Cerrar sesión", "Sair", "Log out and close"] {
            assert!(!matches_dismiss(name), "{name}");
        }
        for name in ["Cerrar", "Close", "Back to settings", "Mark as read", "Als gelesen markieren", "既読にする"]
        {
            assert!(matches_dismiss(name), "{name}");
        }
    }

    #[test]
    fn a_dialogs_answers_are_told_apart() {
        for name in ["Yes, remove", "OK", "Confirmer", "解除する", "Ja, trennen", "Sì, scollega", "Ja, verwijderen"]
        {
            assert!(confirms(name) && !backs_out(name), "{name}");
        }
        for name in ["Cancel", "No, keep it", "×", "Abbrechen", "キャンセル", "Annulla", "Nee, behouden"] {
            assert!(backs_out(name) && !confirms(name), "{name}");
        }
    }

    #[test]
    fn logging_in_signing_out_and_signing_up_are_told_apart() {
        for text in ["Log in", "Anmelden", "Se connecter", "Entrar", "ログイン", "Accedi", "Inloggen"] {
            assert!(matches_sign_in(text) && !matches_sign_out(text), "{text}");
        }
        for text in ["Log out", "Abmelden", "Se déconnecter", "Sair", "ログアウト", "Esci", "Uitloggen"] {
            assert!(matches_sign_out(text) && !matches_sign_up(text), "{text}");
        }
        for text in [
            "Registrieren",
            "S'inscrire",
            "Crea tu cuenta",
            "Cadastre-se",
            "アカウントを作成",
            "Crea un account",
            "Account aanmaken",
        ] {
            assert!(matches_sign_up(text) && !matches_sign_in(text), "{text}");
        }
    }

    #[test]
    fn a_link_that_names_klaviyo_is_nearer_than_one_that_names_settings() {
        let told =
            ["How to connect Klaviyo", "Klaviyo guide", "Setup guide", "Documentation"].map(leads_to_integrations);
        assert_eq!(told, [Some(1), Some(1), Some(1), None]);
        let nearness =
            ["Klaviyo settings", "Integrations", "Connected apps", "Account settings", "Einstellungen", "Blog"]
                .map(leads_to_integrations);
        assert_eq!(nearness, [Some(3), Some(2), Some(2), Some(1), Some(1), None]);
    }

    #[test]
    fn links_near_a_disconnect_control_are_known_in_each_language() {
        for name in [
            "Manage",
            "Klaviyo",
            "Danger zone",
            "Erweiterte Einstellungen",
            "Gérer",
            "Configurar",
            "Gerenciar integração",
            "詳細設定",
            "Gestisci",
            "Avanzate",
            "Beheren",
            "Koppelingen",
        ] {
            assert!(leads_to_disconnect(name), "{name}");
        }
        for name in ["Blog", "Reviews", "Aiuto", "Hilfe"] {
            assert!(!leads_to_disconnect(name), "{name}");
        }
    }
}
