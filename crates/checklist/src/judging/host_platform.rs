//! What differs for an app that lives in a host platform: whose login and users they are.

use flowcheck_evidence::{HostSetup, Page, Setup};

use crate::flow::is_below;
use crate::verdict::Value;

/// The platform that the app lives in, if it does.
pub(crate) fn host(setup: &Setup) -> Option<&HostSetup> {
    setup.app.host.as_ref()
}

/// The item that applies to the app's kind: of two that ask the same, one is for apps by themselves and one for those on a host.
pub(crate) fn for_kind(setup: &Setup, standalone: &'static str, on_host: &'static str) -> &'static str {
    if host(setup).is_some() { on_host } else { standalone }
}

/// Whose users they are: "the app", or the host by its name.
pub(crate) fn whose(setup: &Setup) -> Value {
    Value::name_or(host(setup).map(|host| host.name.as_str()), "the app")
}

/// Whether a page is where the app's users log in: for an embedded app, on its host.
pub(crate) fn is_on_login_side(page: &Page, setup: &Setup) -> bool {
    host(setup).is_none_or(|host| is_below(&page.url, &host.url))
}
