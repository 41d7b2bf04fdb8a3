//! The parts of an app's pages that are recognised, by the names under which `flowcheck.yaml` may say how each is found.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PagePart {
    /// The login form's box for an e-mail address or user name.
    LoginEmail,
    /// The login form's box for the password.
    LoginPassword,
    /// The box for a one-time code.
    LoginCode,
    /// What sends the login form.
    LoginSubmit,
    /// What leads from the login page to the sign-up page.
    SignUpLink,
    /// The sign-up form's box for an e-mail address.
    SignUpEmail,
    /// The sign-up form's box for a password.
    SignUpPassword,
    /// What sends the sign-up form.
    SignUpSubmit,
    /// Where a tenant is chosen or typed in.
    TenantField,
    /// What sends the choice of a tenant.
    TenantSubmit,
    /// What connects Klaviyo.
    Connect,
    /// What disconnects Klaviyo.
    Disconnect,
    /// What says yes where the app asks once more before it disconnects.
    Confirm,
    /// What leads on from a page in between.
    Continue,
    /// What tries again, on an error message.
    Retry,
    /// What dismisses a message.
    Dismiss,
    /// What signs out.
    SignOut,
    /// What gets a cookie banner out of the way.
    CookieBanner,
    /// Shown where the app is installed.
    Installed,
    /// Shown where it is not.
    NotInstalled,
    /// An error message.
    Error,
    /// Any other message.
    Notice,
}

/// What a part is, in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartRole {
    /// Something to fill in.
    Field,
    /// Something to click.
    Control,
    /// Something to see.
    Sign,
}

impl PagePart {
    /// Its name in `flowcheck.yaml`, below `overrides`.
    pub fn key(self) -> &'static str {
        match self {
            Self::LoginEmail => "login_email",
            Self::LoginPassword => "login_password",
            Self::LoginCode => "login_code",
            Self::LoginSubmit => "login_submit",
            Self::SignUpLink => "sign_up_link",
            Self::SignUpEmail => "sign_up_email",
            Self::SignUpPassword => "sign_up_password",
            Self::SignUpSubmit => "sign_up_submit",
            Self::TenantField => "tenant_field",
            Self::TenantSubmit => "tenant_submit",
            Self::Connect => "connect",
            Self::Disconnect => "disconnect",
            Self::Confirm => "confirm",
            Self::Continue => "continue",
            Self::Retry => "retry",
            Self::Dismiss => "dismiss",
            Self::SignOut => "sign_out",
            Self::CookieBanner => "cookie_banner",
            Self::Installed => "installed",
            Self::NotInstalled => "not_installed",
            Self::Error => "error",
            Self::Notice => "notice",
        }
    }

    /// What it is, in a page.
    pub fn role(self) -> PartRole {
        match self {
            Self::LoginEmail
            | Self::LoginPassword
            | Self::LoginCode
            | Self::SignUpEmail
            | Self::SignUpPassword
            | Self::TenantField => PartRole::Field,
            Self::Installed | Self::NotInstalled | Self::Error | Self::Notice => PartRole::Sign,
            _ => PartRole::Control,
        }
    }
}

impl fmt::Display for PagePart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "overrides.{}", self.key())
    }
}
