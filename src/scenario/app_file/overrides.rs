//! `overrides` of `flowcheck.yaml`: parts of the app's pages that are found as the file says, not by the page reader.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::evidence::PagePart;
use crate::scenario::spanned::Spanned;

/// How parts of the app's pages are found, for those that the page reader gets wrong. Each is found in this way alone.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// The login form's box for an e-mail address or user name.
    pub login_email: Option<Spanned<Locator>>,
    /// The login form's box for the password.
    pub login_password: Option<Spanned<Locator>>,
    /// The box for a one-time code.
    pub login_code: Option<Spanned<Locator>>,
    /// What sends the login form; a page that has it is a login page.
    pub login_submit: Option<Spanned<Locator>>,
    /// What leads from the login page to the sign-up page.
    pub sign_up_link: Option<Spanned<Locator>>,
    /// The sign-up form's box for an e-mail address.
    pub sign_up_email: Option<Spanned<Locator>>,
    /// The sign-up form's box for a password.
    pub sign_up_password: Option<Spanned<Locator>>,
    /// What sends the sign-up form; a page that has it is a sign-up page.
    pub sign_up_submit: Option<Spanned<Locator>>,
    /// Where a tenant is chosen or typed in; a page that has it asks for one.
    pub tenant_field: Option<Spanned<Locator>>,
    /// What sends the choice of a tenant.
    pub tenant_submit: Option<Spanned<Locator>>,
    /// What connects Klaviyo, on the app's settings.
    pub connect: Option<Spanned<Locator>>,
    /// What disconnects Klaviyo, on the app's settings.
    pub disconnect: Option<Spanned<Locator>>,
    /// What says yes where the app asks once more before it disconnects.
    pub confirm: Option<Spanned<Locator>>,
    /// What leads on from a page in between.
    pub r#continue: Option<Spanned<Locator>>,
    /// What tries again, on an error message.
    pub retry: Option<Spanned<Locator>>,
    /// What dismisses a message.
    pub dismiss: Option<Spanned<Locator>>,
    /// What signs out.
    pub sign_out: Option<Spanned<Locator>>,
    /// What gets a cookie banner out of the way.
    pub cookie_banner: Option<Spanned<Locator>>,
    /// Shown where the app is installed, and nowhere else.
    pub installed: Option<Spanned<Locator>>,
    /// Shown where the app is not installed, and nowhere else.
    pub not_installed: Option<Spanned<Locator>>,
    /// An error message.
    pub error: Option<Spanned<Locator>>,
    /// Any other message.
    pub notice: Option<Spanned<Locator>>,
}

/// How something on a page is found: by one of `css`, `text`, `label`, or by `role` and `name`. The first that can be seen is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Locator {
    /// A CSS selector.
    pub css: Option<String>,
    /// Text that it shows.
    pub text: Option<String>,
    /// The label of a form field.
    pub label: Option<String>,
    /// Its role, as screen readers have it: button, link, textbox, heading…
    pub role: Option<String>,
    /// Its accessible name; with `role`.
    pub name: Option<String>,
}

impl Overrides {
    /// Those that the file gives.
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
    /// In the words of the file: `css "#connect"`.
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
