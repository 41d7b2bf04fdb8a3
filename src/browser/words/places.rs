//! The pages of an app where its integrations are.

use crate::evidence::says_any;

/// Links that say it outright, then those behind which people look next, then those that may have it somewhere.
const NEARER_AND_NEARER: [&[&str]; 3] = [
    &[
        "settings",
        "preferences",
        "account",
        "admin",
        "configuration",
        "configure",
        "manage",
        "setup",
        "store",
        "stores",
        "shops",
        "workspace", //
        "einstellungen",
        "konto",
        "verwalten", //
        "paramètres",
        "réglages",
        "préférences",
        "compte",
        "gérer", //
        "configuración",
        "ajustes",
        "preferencias",
        "cuenta",
        "gestionar", //
        "configurações",
        "configuração",
        "definições",
        "preferências",
        "conta",
        "gerenciar", //
        "設定",
        "管理",
        "アカウント",
    ],
    &[
        "integration*",
        "connection*",
        "connected apps",
        "connect",
        "apps",
        "add-ons",
        "addons",
        "plugins",
        "extensions",
        "channels",
        "third-party",
        "marketplace", //
        "verbindungen",
        "verknüpfungen",
        "erweiterungen", //
        "intégrations",
        "connexions",
        "applications", //
        "integraciones",
        "conexiones",
        "aplicaciones", //
        "integrações",
        "integração",
        "conexões",
        "aplicativos", //
        "連携",
        "アプリ",
    ],
    &["klaviyo"],
];

/// How surely a link with this name leads to where integrations are: from 1, the more the surer; none where it does not say so.
pub fn leads_to_integrations(name: &str) -> Option<u8> {
    (1..).zip(NEARER_AND_NEARER).filter(|(_, words)| says_any(name, words)).map(|(nearness, _)| nearness).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_klaviyo_is_nearer_than_what_names_settings() {
        let nearness =
            ["Klaviyo settings", "Integrations", "Connected apps", "Account settings", "Einstellungen", "Blog"]
                .map(leads_to_integrations);
        assert_eq!(nearness, [Some(3), Some(2), Some(2), Some(1), Some(1), None]);
    }
}
