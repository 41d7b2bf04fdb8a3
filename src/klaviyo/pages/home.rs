//! The home page: the directory in short.

use askama::Template;

use super::error::page_of;
use crate::evidence::Facts;
use crate::klaviyo::Client;
use crate::klaviyo::answer::Answer;
use crate::klaviyo::call::Call;
use crate::klaviyo::platform::Platform;

#[derive(Template)]
#[template(path = "klaviyo/pages/home.html")]
struct Home {
    apps: Vec<Client>,
}

/// `GET /`.
pub(crate) fn home(platform: &Platform, _: &Call) -> Answer {
    let apps = platform.state().clients.clone();
    page_of(&Home { apps }).facts(Facts::Page("home".to_owned()))
}
