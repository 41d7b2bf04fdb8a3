//! `overrides` of `flowcheck.yaml`: locators for parts of the app's pages that the page reader does not recognise.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::evidence::PagePart;
use crate::scenario::spanned::Spanned;

/// Locators for parts of the app's pages that the page reader does not recognise. A part with a locator is found by it only.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// The login form's field for an e-mail address or user name.
    pub login_email: Option<Spanned<Locator>>,
    /// The login form's password field.
    pub login_password: Option<Spanned<Locator>>,
    /// The field for a one-time code.
    pub login_code: Option<Spanned<Locator>>,
    /// The control that submits the login form; a page that has it is a login page.
    pub login_submit: Option<Spanned<Locator>>,
    /// The link from the login page to the sign-up page.
    pub sign_up_link: Option<Spanned<Locator>>,
    /// The sign-up form's field for an e-mail address.
    pub sign_up_email: Option<Spanned<Locator>>,
    /// The sign-up form's password field.
    pub sign_up_password: Option<Spanned<Locator>>,
    /// The control that submits the sign-up form; a page that has it is a sign-up page.
    pub sign_up_submit: Option<Spanned<Locator>>,
    /// The field where a tenant is chosen or typed; a page that has it asks for a tenant.
    pub tenant_field: Option<Spanned<Locator>>,
    /// The control that submits that choice.
    pub tenant_submit: Option<Spanned<Locator>>,
    /// The control that connects Klaviyo, on the app's settings page.
    pub connect: Option<Spanned<Locator>>,
    /// The control that disconnects Klaviyo, on the app's settings page.
    pub disconnect: Option<Spanned<Locator>>,
    /// The control that confirms, where the app asks again before it disconnects.
    pub confirm: Option<Spanned<Locator>>,
    /// The control that continues from an intermediate page.
    pub r#continue: Option<Spanned<Locator>>,
    /// The control that retries, on an error message.
    pub retry: Option<Spanned<Locator>>,
    /// The control that dismisses a message.
    pub dismiss: Option<Spanned<Locator>>,
    /// The control that signs out.
    pub sign_out: Option<Spanned<Locator>>,
    /// The control that closes a cookie banner.
    pub cookie_banner: Option<Spanned<Locator>>,
    /// Something shown only where the app is installed.
    pub installed: Option<Spanned<Locator>>,
    /// Something shown only where the app is not installed.
    pub not_installed: Option<Spanned<Locator>>,
    /// An error message.
    pub error: Option<Spanned<Locator>>,
    /// Any other message.
    pub notice: Option<Spanned<Locator>>,
}

/// How an element is located: by `css`, `text`, `label`, or `role` with `name`. The first visible match is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Locator {
    /// A CSS selector.
    pub css: Option<String>,
    /// Text that it shows, or a part of it; case is ignored.
    pub text: Option<String>,
    /// The label of a form field, or a part of it.
    pub label: Option<String>,
    /// Its role, as a screen reader announces it: button, link, textbox, heading; together with `name`.
    pub role: Option<String>,
    /// Its accessible name; together with `role`.
    pub name: Option<String>,
}

impl Overrides {
    /// The overrides that the file has, with the part of the page each locates.
    pub fn entries(&self) -> Vec<(PagePart, &Spanned<Locator>)> {
        let all = [
            (PagePart::LoginEmail, &self.login_email),
            (PagePart::LoginPassword, &self.login_password),
            (PagePart::LoginCode, &self.login_code),
            (PagePart::LoginSubmit, &self.login_submit),
            (PagePart::SignUpLink, &self.sign_up_link),
            (PagePart::SignUpEmail, &self.sign_up_email),
            (PagePart::SignUpPassword, &self.sign_up_password),
            (PagePart::SignUpSubmit, &self.sign_up_submit),
            (PagePart::TenantField, &self.tenant_field),
            (PagePart::TenantSubmit, &self.tenant_submit),
            (PagePart::Connect, &self.connect),
            (PagePart::Disconnect, &self.disconnect),
            (PagePart::Confirm, &self.confirm),
            (PagePart::Continue, &self.r#continue),
            (PagePart::Retry, &self.retry),
            (PagePart::Dismiss, &self.dismiss),
            (PagePart::SignOut, &self.sign_out),
            (PagePart::CookieBanner, &self.cookie_banner),
            (PagePart::Installed, &self.installed),
            (PagePart::NotInstalled, &self.not_installed),
            (PagePart::Error, &self.error),
            (PagePart::Notice, &self.notice),
        ];
        all.into_iter().filter_map(|(part, locator)| Some((part, locator.as_ref()?))).collect()
    }
}

impl Locator {
    /// The locator as text: `css "#connect"`.
    pub fn in_words(&self) -> String {
        let said = [
            ("css", &self.css),
            ("text", &self.text),
            ("label", &self.label),
            ("role", &self.role),
            ("name", &self.name),
        ];
        let said = said.into_iter().filter_map(|(key, value)| Some(format!("{key} {:?}", value.as_ref()?)));
        said.collect::<Vec<_>>().join(" ")
    }
}
