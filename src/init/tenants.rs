//! Tenants in the evidence: those that the app offers, and the part of a URL that is a tenant's key.

use url::Url;

use super::{DraftTenant, DraftUser};
use crate::evidence::{FieldKind, Page, PageKind, Tenancy};

/// The placeholder for a tenant's key in a URL.
const PLACE: &str = "{tenant}";

/// A page that asks for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// How it asks.
    pub(super) tenancy: Tenancy,
    /// The tenants that it offers, as far as they can be read.
    pub(super) names: Vec<String>,
}

/// How a page asks for a tenant; none where it does not.
pub(super) fn asked(page: &Page) -> Option<Asked> {
    if page.kind != PageKind::TenantChoice || page.certainty < Page::SURE {
        return None;
    }
    let choice = page.fields.iter().find(|field| field.takes_choice());
    let text = page.fields.iter().any(|field| matches!(field.kind, FieldKind::Url | FieldKind::Text));
    Some(match choice {
        Some(field) => Asked {
            tenancy: Tenancy::DropDown,
            // The first option is often a prompt.
            names: field.options.iter().filter(|option| !is_prompt(option)).cloned().collect(),
        },
        None if text => Asked { tenancy: Tenancy::TextBox, names: Vec::new() },
        None => Asked { tenancy: Tenancy::DropDown, names: Vec::new() },
    })
}

fn is_prompt(option: &str) -> bool {
    option.trim().is_empty()
        || option.ends_with(['…', ':'])
        || option.ends_with("...")
        || option.starts_with(['-', '—'])
}

/// Adds tenants' keys to the users; returns the settings page's URL with `{tenant}`, or none where no URL tells tenants apart.
///
/// `settings` holds each user's settings page; `links` are the names and URLs of links that were seen.
pub(super) fn find_keys(
    users: &mut [DraftUser],
    settings: &[Option<String>],
    links: &[(String, String)],
) -> Option<String> {
    let (found, place) = users.iter().zip(settings).find_map(|(user, page)| {
        let page = parts(page.as_deref()?)?;
        let place = place(&page, &user.tenants, links)?;
        Some((page, place))
    })?;
    let fits = |other: &[String]| {
        other.len() == found.len() && (0..found.len()).all(|at| at == place || other[at] == found[at])
    };
    for (user, page) in users.iter_mut().zip(settings) {
        for tenant in &mut user.tenants {
            let own = links.iter().filter(|(name, _)| name.contains(&tenant.name)).filter_map(|(_, link)| parts(link));
            tenant.key = own.into_iter().find(|link| fits(link)).map(|link| link[place].clone()).or(tenant.key.take());
        }
        if user.tenants.is_empty()
            && let Some(page) = page.as_deref().and_then(parts).filter(|page| fits(page))
        {
            // The app never asked for the tenant, so only its key is known.
            user.tenants.push(DraftTenant { name: page[place].clone(), key: None, url: None });
        }
    }
    let mut written = found;
    PLACE.clone_into(&mut written[place]);
    Some(written.join("/"))
}

/// The index of the segment that differs between links to two of these tenants.
fn place(page: &[String], tenants: &[DraftTenant], links: &[(String, String)]) -> Option<usize> {
    let link = |tenant: &DraftTenant| {
        let named = links.iter().filter(|(name, _)| name.contains(&tenant.name)).filter_map(|(_, link)| parts(link));
        named.into_iter().find(|link| link.len() == page.len())
    };
    let found: Vec<_> = tenants.iter().filter_map(link).collect();
    let (one, another) = (found.first()?, found.get(1)?);
    let mut differing = (0..page.len()).filter(|at| one[*at] != another[*at]);
    let place = differing.next()?;
    let same_form = (0..page.len()).all(|at| at == place || page[at] == one[at]);
    (differing.next().is_none() && same_form).then_some(place)
}

/// The segments of a URL between its slashes; none for a text that is no URL.
fn parts(address: &str) -> Option<Vec<String>> {
    let sample = address.replace("{port}", "1");
    Url::parse(&sample).ok()?;
    let bare = address.split(['?', '#']).next().unwrap_or(address);
    Some(bare.split('/').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Variable;
    use super::*;

    fn user(tenants: &[&str]) -> DraftUser {
        let tenant = |name: &&str| DraftTenant { name: (*name).to_owned(), key: None, url: None };
        DraftUser {
            login: String::new(),
            password: Variable { name: String::new(), value: String::new() },
            tenants: tenants.iter().map(tenant).collect(),
        }
    }

    #[test]
    fn the_part_that_differs_from_tenant_to_tenant_is_the_key() {
        let link = |name: &str, key: &str| (name.to_owned(), format!("http://a:{{port}}/stores/{key}/settings"));
        let links = [link("Lighthouse Teas", "7"), link("Quayside Records", "8"), link("Unrelated", "9")];
        let mut users = [user(&[]), user(&["Lighthouse Teas", "Quayside Records"])];
        let settings = ["http://a:{port}/stores/3/settings", "http://a:{port}/stores/7/settings"]
            .map(|page| Some(page.to_owned()));
        let written = find_keys(&mut users, &settings, &links);
        assert_eq!(written.as_deref(), Some("http://a:{port}/stores/{tenant}/settings"));
        assert_eq!(users[0].tenants[0].name, "3");
        assert_eq!(users[1].tenants[1].key.as_deref(), Some("8"));
    }

    #[test]
    fn settings_that_are_the_same_for_all_have_no_key() {
        let link = |name: &str| (name.to_owned(), "http://a/settings".to_owned());
        let mut users = [user(&["One", "Two"])];
        let written = find_keys(&mut users, &[Some("http://a/settings".to_owned())], &[link("One"), link("Two")]);
        assert_eq!((written, users[0].tenants[0].key.as_deref()), (None, None));
    }
}
