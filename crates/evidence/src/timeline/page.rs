//! A page as a person sees it, and what it was recognised as.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ErrorCause;
use crate::clip;

/// A page at rest.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// Which of the setup's users sees it.
    pub user: String,
    /// Its address, with secrets replaced by fingerprints.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What it was recognised as.
    pub kind: PageKind,
    /// How sure that is, in percent.
    pub certainty: u8,
    /// Why, in words: the signs that were found.
    pub why: Vec<String>,
    /// Of an error: what went wrong, as far as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<ErrorCause>,
    /// HTTP status of its document, where known.
    pub status: Option<u16>,
    /// Media type of its document, where known.
    pub media_type: Option<String>,
    /// Headings, in reading order.
    pub headings: Vec<String>,
    /// Visible text, whitespace folded, secrets replaced; cut at [`Page::TEXT_LIMIT`] characters.
    pub text: String,
    /// Text of alerts, status notices and open dialogs.
    pub alerts: Vec<String>,
    /// Buttons and links, in reading order.
    pub controls: Vec<Control>,
    /// Form fields, in reading order.
    pub fields: Vec<Field>,
    /// Address of the frame in which the most of it stands, where a host platform shows the app in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
    /// What checks on it whether somebody is human (`Turnstile`, `a frame of challenges.example`), beside a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_check: Option<String>,
    /// What its Content-Security-Policy kept the browser from since the user's last act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<PolicyViolation>,
    /// Addresses of the pictures on it that are big enough to hold a text and have none beside them for those who cannot see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<String>,
    /// File name of its screenshot, where one was taken.
    pub shot: Option<String>,
}

impl Page {
    /// Characters of visible text that are kept.
    pub const TEXT_LIMIT: usize = 6000;
    /// Percent of certainty below which a page is not acted upon, and a person must look.
    pub const SURE: u8 = 60;
    /// Percent of certainty from which on a page ends a wait at once: no later page will change what it shows.
    pub const CLEAR: u8 = 80;
    /// Characters of a headline.
    const HEADLINE: usize = 70;

    /// What it says first: its message, else its heading, else how its text begins.
    pub fn headline(&self) -> String {
        clip(self.alerts.first().or(self.headings.first()).unwrap_or(&self.text), Self::HEADLINE)
    }
}

/// Something that a page's Content-Security-Policy kept the browser from, as the browser told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyViolation {
    /// The directive: `form-action`.
    pub directive: String,
    /// What was blocked: an address, or only its origin.
    pub blocked: String,
}

/// What a page can be recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// Nothing to see.
    Blank,
    /// The browser's own error page.
    BrowserError,
    /// Klaviyo's login.
    KlaviyoLogin,
    /// Klaviyo's choice among several accounts.
    KlaviyoAccounts,
    /// Klaviyo's consent page: the OAuth page of the checklist.
    KlaviyoConsent,
    /// The app's listing in Klaviyo's App Marketplace.
    KlaviyoListing,
    /// Klaviyo's page of installed integrations.
    KlaviyoIntegrations,
    /// Klaviyo's error page: unknown client, unregistered redirect URI.
    KlaviyoError,
    /// The app's login form.
    Login,
    /// The app's sign-up form.
    SignUp,
    /// A choice of tenant.
    TenantChoice,
    /// An error message.
    Error,
    /// A message that asks for nothing but to be read, or to go on.
    Notice,
    /// The app says it is installed.
    Installed,
    /// The app says it is not installed.
    NotInstalled,
    /// None of these.
    Other,
}

impl PageKind {
    /// Whether the app's own words stand on such a page, and neither the browser's nor Klaviyo's.
    pub fn is_the_apps(self) -> bool {
        !matches!(
            self,
            Self::Blank
                | Self::BrowserError
                | Self::KlaviyoLogin
                | Self::KlaviyoAccounts
                | Self::KlaviyoConsent
                | Self::KlaviyoListing
                | Self::KlaviyoIntegrations
                | Self::KlaviyoError
        )
    }
}

/// Something to click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    /// Button or link.
    pub role: ControlRole,
    /// Its accessible name.
    pub name: String,
    /// Where a link leads, with secrets replaced.
    pub href: Option<String>,
    /// The text of the card, row or section it stands in, cut short.
    pub near: String,
    /// Whether it stands in the page's own navigation, header or footer.
    pub in_navigation: bool,
}

impl Control {
    /// Whether it is a button.
    pub fn is_button(&self) -> bool {
        self.role == ControlRole::Button
    }
}

/// What a control is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ControlRole {
    /// A button.
    Button,
    /// A link.
    Link,
}

/// Something to fill in or choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// What it takes.
    pub kind: FieldKind,
    /// Its accessible name.
    pub label: String,
    /// Its `name` attribute.
    pub name: String,
    /// The choices of a drop-down or radio group, as shown.
    pub options: Vec<String>,
    /// Which form it belongs to, from 0 in reading order; none when it stands alone.
    pub form: Option<usize>,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// An e-mail address or user name.
    Email,
    /// A password that exists.
    Password,
    /// A password to be set.
    NewPassword,
    /// A one-time code.
    Code,
    /// An address on the web.
    Url,
    /// Any other text.
    Text,
    /// A drop-down.
    Select,
    /// A component library's own drop-down, whose choices are there once it is opened.
    Combobox,
    /// A box to tick.
    Checkbox,
    /// A group of radio buttons.
    Radio,
}

impl Field {
    /// Whether it takes one of several choices, rather than text.
    pub fn takes_choice(&self) -> bool {
        matches!(self.kind, FieldKind::Select | FieldKind::Radio | FieldKind::Combobox)
    }
}
