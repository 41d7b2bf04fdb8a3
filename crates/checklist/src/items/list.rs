//! All items, in Klaviyo's order.

use std::sync::LazyLock;

use super::item::{Item, Tier};
use super::{api, data, embedded, errors, install, installed, oauth, oauth_probes, rate, scopes, uninstall, user};
use crate::item_id::ItemId;

/// Things a person has to see to before submitting: listed in every report, never passed by flowcheck.
pub const BY_HAND: &[&str] = &[
    "The listing's text and pictures describe the app as it is",
    "A website shows what the app is good for, with current pictures and a demo video",
    "Documentation is linked from the listing: setup step by step, what data is exchanged, common uses",
    "Testing instructions and a test account are given to the reviewer",
    "Five accounts of real customers have installed the app and call the API through it (test accounts and your own do not count)",
    "The scopes in the app's settings at Klaviyo are saved, and equal those in flowcheck.yaml",
    "The app is of use within minutes, in a modern interface, without code and with little work by hand",
    "The examples at installation have every core metric and property",
    "Profile properties, events and their properties have the formats that Klaviyo recommends",
    "Data is synced as soon as customers need it",
    "Errors in whatever else the app does say what is wrong and what to do about it",
    "Outages are announced to customers, and what support and stability need is seen to in time",
    "The security and legal forms are filled in, and company and authentication details are right",
];

/// Every item, in Klaviyo's order.
pub fn catalogue() -> &'static [Item] {
    &ALL
}

/// The item of this id.
pub fn find(id: &str) -> Option<&'static Item> {
    catalogue().iter().find(|item| item.id == id)
}

/// Whether an item decides whether the app passes.
pub(crate) fn is_gate(item: &ItemId) -> bool {
    find(item.as_str()).is_some_and(|item| item.tier == Tier::Gate)
}

/// What to do about an item, nothing further known.
pub fn remedy(item: &str) -> Option<&'static str> {
    find(item).map(|item| item.remedy)
}

static ALL: LazyLock<Vec<Item>> = LazyLock::new(|| {
    vec![
        install::signed_in_direct::ITEM,
        install::signed_out_login::ITEM,
        install::signed_out_resumes::ITEM,
        install::no_account_sign_up::ITEM,
        install::no_account_resumes::ITEM,
        install::tenant_chosen::ITEM,
        install::tenant_resumes::ITEM,
        install::tenant_isolated::ITEM,
        install::completes::ITEM,
        installed::shown::ITEM,
        install::no_detour::ITEM,
        install::no_manual_steps::ITEM,
        install::from_app::ITEM,
        install::any_klaviyo_host::ITEM,
        install::any_klaviyo_session::ITEM,
        installed::settings_url::ITEM,
        embedded::signed_in_direct::ITEM,
        embedded::signed_out_login::ITEM,
        embedded::signed_out_resumes::ITEM,
        embedded::no_account_sign_up::ITEM,
        embedded::no_account_resumes::ITEM,
        embedded::not_installed_told::ITEM,
        embedded::not_installed_resumes::ITEM,
        embedded::tenant_chosen::ITEM,
        embedded::tenant_resumes::ITEM,
        embedded::tenant_isolated::ITEM,
        user::isolated::ITEM,
        user::role_scopes::ITEM,
        user::revoked_with_role::ITEM,
        errors::denied_message::ITEM,
        errors::denied_dismiss::ITEM,
        errors::denied_retry::ITEM,
        errors::expired_message::ITEM,
        errors::expired_link::ITEM,
        errors::expired_retry::ITEM,
        errors::abandoned_return::ITEM,
        uninstall::app_findable::ITEM,
        uninstall::app_revokes::ITEM,
        uninstall::app_removed::ITEM,
        uninstall::app_shown::ITEM,
        uninstall::app_reinstall::ITEM,
        uninstall::klaviyo_shown::ITEM,
        uninstall::klaviyo_quiet::ITEM,
        uninstall::klaviyo_reinstall::ITEM,
        rate::respects_retry_after::ITEM,
        rate::delivers::ITEM,
        rate::isolated::ITEM,
        scopes::requested::ITEM,
        scopes::new_install::ITEM,
        scopes::proactive::ITEM,
        scopes::old_install::ITEM,
        scopes::forbidden_told::ITEM,
        scopes::forbidden_link::ITEM,
        scopes::forbidden_no_spam::ITEM,
        scopes::reauthorized::ITEM,
        scopes::least::ITEM,
        scopes::outdated_revoked::ITEM,
        oauth::authorize_request::ITEM,
        oauth::pkce::ITEM,
        oauth::state_sent::ITEM,
        oauth::redirect_uri::ITEM,
        oauth::client_auth::ITEM,
        oauth::token_host::ITEM,
        oauth_probes::state_checked::ITEM,
        oauth_probes::state_bound::ITEM,
        oauth_probes::code_replay::ITEM,
        oauth_probes::refresh::ITEM,
        oauth_probes::refresh_rotation::ITEM,
        oauth_probes::refresh_once::ITEM,
        oauth_probes::secrets_hidden::ITEM,
        oauth_probes::unavailable::ITEM,
        oauth_probes::survives::ITEM,
        api::bearer_only::ITEM,
        api::revision::ITEM,
        api::server_side::ITEM,
        api::published::ITEM,
        api::edge_challenge::ITEM,
        data::named_for_app::ITEM,
        data::bulk::ITEM,
        data::stable_schema::ITEM,
        data::one_source::ITEM,
        data::examples::ITEM,
    ]
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_item_has_a_remedy_and_a_judgement_in_words() {
        for item in catalogue() {
            for text in [item.remedy, item.requirement, item.judged] {
                assert!(text.len() > 10, "{}: {text:?} says too little", item.id);
            }
        }
    }

    #[test]
    fn every_item_has_a_file_of_its_own_that_begins_with_its_requirement() {
        let mut files = item_files();
        for item in catalogue() {
            let (_, name) = item.id.split_once('.').expect("an id begins with its group");
            let stem = name.replace(['.', '-'], "_");
            let id = format!("id: \"{}\"", item.id);
            let (path, text) = files
                .remove(&id)
                .unwrap_or_else(|| panic!("no file in crates/checklist/src/items defines {}", item.id));
            assert!(path.ends_with(&format!("/{stem}.rs")), "{} is defined in {path}", item.id);
            assert!(
                text.replace('`', "").starts_with(&format!("//! {}.\n", item.requirement.replace('`', ""))),
                "{path} does not begin with its requirement"
            );
        }
        assert!(files.is_empty(), "not in the list: {files:?}");
    }

    #[test]
    fn a_twin_asks_the_same_in_the_same_words_of_an_id() {
        for item in catalogue() {
            let Some(twin) = item.twin else { continue };
            let twin = find(twin).unwrap_or_else(|| panic!("{} has a twin that there is not", item.id));
            assert_eq!(twin.id.split_once('.').map(|(_, name)| name), item.id.split_once('.').map(|(_, name)| name));
            assert!(std::ptr::fn_addr_eq(twin.judge, item.judge), "{} is judged otherwise than its twin", item.id);
        }
    }

    /// The files that define an item, by the line with its id.
    fn item_files() -> BTreeMap<String, (String, String)> {
        let mut found = BTreeMap::new();
        let items = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/items");
        for group in fs::read_dir(items).expect("items can be listed") {
            let group = group.expect("items can be listed").path();
            for file in fs::read_dir(&group).into_iter().flatten() {
                let path = file.expect("items can be listed").path();
                let text = fs::read_to_string(&path).expect("sources can be read");
                let mut ids = text
                    .lines()
                    .filter_map(|line| line.trim().strip_suffix(',').filter(|line| line.starts_with("id: ")));
                let Some(id) = ids.next().map(str::to_owned) else { continue };
                assert_eq!(ids.next(), None, "{} defines two items", path.display());
                found.insert(id, (path.display().to_string(), text.clone()));
            }
        }
        found
    }
}
