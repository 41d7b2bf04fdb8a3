//! What to do about a failure, where several items have the same remedy.

pub(crate) const API: &str =
    "call Klaviyo from the server, with the install's access token and a dated revision header";
pub(crate) const EMBEDDED: &str =
    "go the way of the host platform's user: host login, host account, then Klaviyo's authorization page";
pub(crate) const EMBEDDED_NOT_INSTALLED: &str =
    "tell users without the host's app to install it from its listing, with a link, and take them up again from there";
pub(crate) const ERROR_DENIED: &str = "look for `error` in the callback before `code`; say that permissions were denied, with a way back and a way to try again";
pub(crate) const ERROR_EXPIRED: &str =
    "take a refused code for a session that is no longer valid: say so, and link to the installation URL";
pub(crate) const OAUTH_REFRESH: &str = "refresh when a call answers 401, store both new tokens, and repeat the call, one refresh at a time for each install";
pub(crate) const OAUTH_STATE: &str =
    "make 16 random bytes for each attempt, bind them to the browser's session, and compare in the callback";
pub(crate) const RATE: &str =
    "read Retry-After in the answer, wait that long for that account alone, then send the same request again";
pub(crate) const SCOPE: &str =
    "compare the scopes of the stored tokens with those the app needs, and ask for the difference once";
pub(crate) const SCOPE_FORBIDDEN: &str =
    "when a call answers 403, mark the connection, show one notice with a link that starts the authorization anew";
