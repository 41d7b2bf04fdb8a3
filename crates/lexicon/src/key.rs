//! What lists of phrases mean.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a list of phrases means. In the data files a key is written in lower case with hyphens: `sign-up`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Key {
            $($(#[$doc])* $name,)*
        }

        impl Key {
            /// Every key, in the order of the data files.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

keys! {
    // What controls do.
    /// Connects or installs an integration: "Connect", "Install". Names of controls, and headings above them.
    Connect,
    /// Adds something; it connects an integration where nothing but the app is named beside it: "Add", "Add integration".
    Add,
    /// Takes an integration apart: "Disconnect", "Uninstall", "Revoke".
    Disconnect,
    /// Removes something; it disconnects an integration where nothing but the app is named beside it: "Remove", "Remove app".
    Remove,
    /// Words that may stand beside [`Add`](Self::Add) and [`Remove`](Self::Remove): names of the app, articles, "yes". Single words,
    /// compared whole.
    AppWords,
    /// Connects what is connected already: "Reconnect".
    ConnectAgain,
    /// Phrases with a verb of [`Connect`](Self::Connect) that mean logging in: French "se connecter". May be empty.
    SignInByConnect,
    /// Phrases of [`SignInByConnect`](Self::SignInByConnect) that do connect: French "se connecter à". May be empty.
    ConnectTo,
    /// Words of [`Connect`](Self::Connect) in a phrase that names a place, a thing or a state: Japanese "連携設定". Taken out wherever they
    /// stand. May be empty.
    ConnectAsNoun,
    /// Tells how something is done, or what it is for, and does not do it: "How to", "Guide". Names of controls, and headings.
    Guide,

    // What controls answer.
    /// Says yes to what a dialog asks: "Yes", "Confirm".
    Confirm,
    /// Leaves a dialog without doing anything: "Cancel", "Keep it".
    BackOut,
    /// Puts off what a dialog offers: "Skip", "No thanks".
    Skip,
    /// Asks for text to be typed as it stands there: "Type". Stands before the text, in most languages.
    TypeIn,
    /// What follows the text that is to be typed: "to confirm", "below".
    TypedUntil,
    /// Tries something again: "Retry", "Start over".
    Retry,
    /// Asks for permissions again: "Reauthorize", "Update access". Controls on notices, and links in mails.
    AuthorizeAgain,
    /// Gets a message out of the way: "Close", "Back to settings".
    Dismiss,
    /// Goes on to the next step: "Continue", "Save".
    Continue,
    /// Lets a site set cookies: "Accept all".
    AcceptCookies,

    // Where links lead.
    /// Links to settings, where integrations may be.
    Settings,
    /// Links to integrations.
    Integrations,
    /// Links behind which a disconnect control may be: "Manage", "Advanced".
    NearDisconnect,

    // Forms.
    /// Speaks of an account that is still to be made: "Sign up". Names of controls, headings, titles.
    SignUp,
    /// Speaks of an account that exists: "Log in". Names of controls, headings, titles.
    SignIn,
    /// Signs out: "Log out".
    SignOut,
    /// Names what a person logs in by: "Username". Labels and names of fields.
    LoginName,
    /// Speaks of a password that is to be changed or set.
    ChangePassword,
    /// Speaks of a password that was forgotten.
    ForgotPassword,
    /// Leads to logging in by something or at someone: "Continue with e-mail", "Sign in with". Names of controls.
    WayIn,
    /// Names a password. A control called so, that speaks of none forgotten, leads from a mailed link or code to logging in by password.
    ByPassword,
    /// Speaks to those who have no account: "No account?", "New here?". Stands beside the way to sign up.
    NoAccount,
    /// An address is asked for something else than logging in: a newsletter, an invitation.
    Newsletter,
    /// A text field that takes an e-mail address. Labels, placeholders, names and ids; for all four keys of fields `_` and `-`
    /// count as spaces too.
    EmailField,
    /// A text field that takes a URL or domain.
    UrlField,
    /// A text field that takes a one-time code which is mailed or shown by an authenticator; not a code on a card or a voucher.
    CodeField,
    /// A field that takes a telephone number.
    PhoneField,
    /// A field that takes how many there are of something.
    QuantityField,
    /// A field that takes somebody's date of birth.
    BirthdayField,
    /// A field that takes a post code.
    PostcodeField,
    /// Labels a box by which terms are agreed to.
    Terms,
    /// A password field that sets a password rather than asks for it: "New password", "Repeat password".
    NewPasswordField,

    // Stores, workspaces and accounts.
    /// Names a tenant: a store, a workspace, a company.
    Tenant,
    /// Names an account, which is a tenant only where one is to be chosen.
    Account,
    /// Asks for a choice: "Choose", "Which".
    Choose,
    /// Labels a field that takes the address of a store or workspace.
    TenantAddress,

    // Installed and not installed.
    /// Says that something is installed: "Connected". Read after [`NotInstalled`](Self::NotInstalled) and
    /// [`ToBeInstalled`](Self::ToBeInstalled).
    Installed,
    /// Says that something is not installed: "Not connected", "Disconnected".
    NotInstalled,
    /// Words of [`Installed`](Self::Installed) in a phrase about what is yet to come: "can be connected". Taken out wherever they
    /// stand, also within words.
    ToBeInstalled,
    /// Takes back what follows: "not", "no", "hasn't". Single words, compared whole.
    Negation,
    /// What may stand between a [`Negation`](Self::Negation) and what it takes back: "account", "been", "yet". Single words, compared
    /// whole.
    BesideNegation,

    // Messages.
    /// A message that wants nothing but to be read: "Thank you", "Check your email".
    Notice,
    /// Asks for leave to set cookies.
    Cookies,
    /// Says that something went wrong, whatever it was. Finds error pages.
    Error,
    /// Words of [`Error`](Self::Error) in a phrase that tells of none: "no errors". Taken out wherever they stand.
    NoError,
    /// Says that a permission was not given. The cause of an error page; with [`Permission`](Self::Permission) a message that names
    /// a denial.
    Denied,
    /// Says that the installation was broken off, by whom and why it may say beside it. The cause of an error page; names a denial only
    /// with [`Authorization`](Self::Authorization), and where it does not ask for it.
    Cancelled,
    /// Says that the user may not see or do something: "do not have access". Taken out before [`Denied`](Self::Denied) is looked for
    /// in a message about a denial: it may be about another permission than the one that the user denied.
    NoAccess,
    /// Says that something took too long or has expired.
    Expired,
    /// Says that another service does not answer as it should.
    Outage,
    /// Says that something went wrong, but not what: a message that names no cause.
    GenericFailure,
    /// Words of a message that names no cause: "the", "wrong", "later". Single words, compared whole; in languages without spaces,
    /// pieces of one. A message with any other word may name a cause.
    GenericWords,
    /// What is denied, in the same sentence as [`Denied`](Self::Denied): "access", "permissions".
    Permission,
    /// Speaks of installing an app, on the page of an app that is not installed on its host platform.
    Installing,
    /// Where a host platform lists its apps: "app store".
    AppListing,
    /// What comes after, or is done once more: "then", "again".
    OnceMore,

    // Notices that ask to authorize the app again.
    /// Asks for it without further words: "reauthorize".
    Reauthorize,
    /// What is asked for: "permissions".
    Authorization,
    /// What the user is to do about [`Authorization`](Self::Authorization): "grant", "update".
    ToAuthorize,

    // Mails.
    /// A page that speaks of a mail: "inbox".
    Mail,
    /// A mail that speaks of a code to type in: "code".
    MailedCode,
}

impl Key {
    /// Whether a language may have no phrase for it: because the language does not have the ambiguity, or joins words without spaces.
    pub fn may_be_empty(self) -> bool {
        matches!(
            self,
            Self::SignInByConnect
                | Self::ConnectTo
                | Self::ConnectAsNoun
                | Self::AppWords
                | Self::Negation
                | Self::BesideNegation
        )
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
