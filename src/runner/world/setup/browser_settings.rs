//! What `flowcheck.yaml` tells the browser about the app: overrides, and access to a site that is not public.

use crate::browser::{Override, SiteAccess};
use crate::scenario::AppFile;

/// The overrides of `flowcheck.yaml`, as the browser takes them.
pub(in crate::runner) fn overrides(file: &AppFile) -> Vec<Override> {
    let given = file.overrides.entries().into_iter();
    let given = given.map(|(part, finder)| {
        let finder = finder.value.clone();
        let (css, text, label, role, name) = (finder.css, finder.text, finder.label, finder.role, finder.name);
        Override { part, is: part.role(), css, text, label, role, name }
    });
    given.collect()
}

/// What lets people in to an app that is not public, at its address.
pub(in crate::runner) fn pass(file: &AppFile, address: &str) -> Option<SiteAccess> {
    let access = &file.access;
    let origin = address.parse().ok().filter(|_| !access.is_open())?;
    Some(SiteAccess {
        origin,
        headers: access.headers_to_send(),
        cookies: access.cookies.clone().into_iter().collect(),
    })
}
