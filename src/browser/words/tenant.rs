//! Stores, workspaces, accounts, and choosing among them.

use crate::evidence::says_any;

/// Whether text speaks of a tenant: a store, an account below the account, a workspace.
pub(in crate::browser) fn speaks_of_tenant(text: &str) -> bool {
    says_any(
        text,
        &[
            "store",
            "stores",
            "shop",
            "shops",
            "workspace",
            "workspaces",
            "tenant",
            "tenants",
            "sub-account",
            "subaccount",
            "organization",
            "organizations",
            "organisation",
            "organisations",
            "site",
            "sites",
            "brand",
            "brands",
            "location",
            "locations",
            "company",
            "project",
            "team",
            "teams",
            "business", //
            "laden",
            "geschäft",
            "filiale*",
            "arbeitsbereich*",
            "mandant*",
            "marke",
            "standort",
            "unternehmen",
            "firma",
            "projekt",
            "unterkonto", //
            "boutique*",
            "magasin*",
            "espace",
            "espaces",
            "espace de travail",
            "marque",
            "entreprise",
            "équipe",
            "projet",
            "locataire", //
            "tienda*",
            "espacio*",
            "espacio de trabajo",
            "marca*",
            "organización",
            "empresa",
            "equipo",
            "proyecto",
            "sitio", //
            "loja*",
            "espaço*",
            "organização",
            "equipe",
            "projeto",
            "negócio", //
            "ストア",
            "店舗",
            "ショップ",
            "ワークスペース",
            "組織",
            "テナント",
            "支店",
            "ブランド",
            "インストール先",
            "プロジェクト",
            "チーム",
        ],
    )
}

/// Whether text speaks of an account: a tenant only where it is to be chosen.
pub(in crate::browser) fn speaks_of_account(text: &str) -> bool {
    says_any(
        text,
        &[
            "account",
            "accounts",
            "konto",
            "konten",
            "compte",
            "comptes",
            "cuenta",
            "cuentas",
            "conta",
            "contas",
            "アカウント",
        ],
    )
}

/// Whether text asks for a choice.
pub(in crate::browser) fn asks_to_choose(text: &str) -> bool {
    says_any(
        text,
        &[
            "choose",
            "select",
            "pick",
            "which",
            "where should",
            "where do you want",
            "switch to", //
            "wähle",
            "wählen",
            "auswählen",
            "auswahl",
            "welche",
            "welchen",
            "welcher",
            "welches", //
            "choisir",
            "choisissez",
            "sélectionn*",
            "quel",
            "quelle",
            "où installer", //
            "elige",
            "elegir",
            "selecciona*",
            "escoge*",
            "qué",
            "cuál", //
            "escolh*",
            "selecione",
            "selecionar",
            "qual",
            "para qual", //
            "選択",
            "選ん",
            "選ぶ",
            "どの",
        ],
    )
}

/// Whether a box with these words takes the address of a store or workspace.
pub(in crate::browser) fn names_an_address(text: &str) -> bool {
    says_any(
        text,
        &[
            "myshopify",
            "domain*",
            "url",
            "subdomain",
            "adresse",
            "dirección",
            "domínio",
            "dominio",
            "endereço",
            "address",
            "ドメイン",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_are_named_in_many_ways() {
        for text in [
            "Which store?",
            "Shop auswählen",
            "Choisir un espace de travail",
            "Elige una tienda",
            "Para qual loja?",
            "店舗を選択",
        ] {
            assert!(speaks_of_tenant(text), "{text}");
        }
        assert!(!speaks_of_tenant("Language") && !speaks_of_tenant("Restore"));
    }
}
