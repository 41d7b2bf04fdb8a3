//! A hermetic run: nothing but Klaviyo and this machine is reached.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

use url::Url;

use crate::app::PlaceholderValues;
use crate::evidence::Hermetic;
use crate::gateway::{Gateway, NetworkNamespace, OutboundForward};
use crate::klaviyo;
use crate::runner::Plan;
use crate::scenario::AppFile;

/// A network of the app's own, where one can be had, and how far the run is hermetic.
pub(in crate::runner) async fn confine(
    plan: &Plan,
    file: &AppFile,
    placeholders: &PlaceholderValues,
    gateway: &Gateway,
    klaviyo: &klaviyo::Server,
) -> (Option<NetworkNamespace>, Hermetic) {
    let only_the_browser = |why: &str| (None, Hermetic::BrowserOnly(why.to_owned()));
    if file.start.is_none() {
        return only_the_browser("flowcheck did not start it");
    }
    let Some(program) = &plan.program else { return only_the_browser("flowcheck's own program is not known") };
    let folder = Path::new(&placeholders.data).with_extension("bridge");
    if let Err(error) = std::fs::create_dir(&folder) {
        return only_the_browser(&format!("no folder could be made: {error}"));
    }
    let same = |address: SocketAddr| OutboundForward { inside: address, outside: address };
    let mail = SocketAddr::from(([127, 0, 0, 1], placeholders.smtp_port));
    let endpoints = [gateway.addr(), klaviyo.addr(), mail].into_iter().chain(gateway.direct_addrs());
    match NetworkNamespace::open(program, folder, ports(file, placeholders), endpoints.map(same).collect()).await {
        Ok(namespace) => (Some(namespace), Hermetic::Wholly),
        Err(error) => only_the_browser(&error.to_string()),
    }
}

/// The ports that the app's addresses name.
fn ports(file: &AppFile, placeholders: &PlaceholderValues) -> Vec<u16> {
    let registration = &file.klaviyo;
    let ready = file.start.as_ref().and_then(|start| start.ready.as_ref());
    let actions = [&file.trigger, &file.reset].into_iter().flatten().filter_map(|action| action.address());
    let pages =
        [Some(&file.url.value), Some(&registration.install_url.value), registration.settings_url.as_ref(), ready];
    let addresses = pages.into_iter().flatten().map(String::as_str);
    let addresses = addresses.chain(actions).chain(registration.redirect_uris.iter().map(|uri| uri.value.as_str()));
    let port = |address: &str| Url::parse(&placeholders.fill(address)).ok()?.port_or_known_default();
    addresses.filter_map(port).collect::<BTreeSet<u16>>().into_iter().collect()
}
