//! The configurable behaviour of a server: what Klaviyo makes configurable, and what is not known for certain.

/// How a server behaves; the default is what Klaviyo does, as far as that is known.
///
/// ```
/// use fake_klaviyo::Settings;
///
/// let strict = Settings { strict: true, ..Settings::default() };
/// assert_eq!(strict.expires_in_s, 3_600);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
#[must_use = "settings do nothing until they are given to `Builder::settings`"]
pub struct Settings {
    /// Lifetime of access tokens in seconds (D: 3600).
    pub expires_in_s: u32,
    /// Lifetime of authorization codes in seconds, counted from when their attempt first reached Klaviyo (S: 300; the
    /// start is A).
    pub code_life_s: u32,
    /// Days after which an unused refresh token expires (D: 90).
    pub refresh_life_days: u32,
    /// Whether a refresh replaces the refresh token (O: it does not).
    pub refresh: Refresh,
    /// Reject requests for which Klaviyo's response is not known (A); by default they are recorded and accepted.
    pub strict: bool,
    /// Whether the second use of a code revokes the tokens of its first (R 6749 §4.1.2 "should"; not observed at
    /// Klaviyo).
    pub code_replay_revokes: bool,
    /// Whether the consent page warns of apps that Klaviyo has not reviewed (D).
    pub warn_unreviewed: bool,
    /// Whether the API enforces its rate limits (S, D).
    pub rate_limits: bool,
    /// What becomes of API requests with a retired revision.
    pub retired_revisions: RetiredRevisions,
    /// Whether the server's URLs use Klaviyo's own hosts, `https://www.klaviyo.com/`; for a server behind a gateway.
    pub own_hosts: bool,
}

/// What a refresh does to the refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Refresh {
    /// It returns the same refresh token (O 2026-09-04).
    #[default]
    Same,
    /// It returns a new refresh token and revokes the old one, as the docs allow (D).
    Rotate,
}

/// What becomes of API requests with a retired revision; Klaviyo does either (D).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RetiredRevisions {
    /// They get 410.
    #[default]
    Gone,
    /// The oldest revision that is still served answers them (A: which).
    FallForward,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            expires_in_s: 3_600,
            code_life_s: 300,
            refresh_life_days: 90,
            refresh: Refresh::Same,
            strict: false,
            code_replay_revokes: false,
            warn_unreviewed: true,
            rate_limits: true,
            retired_revisions: RetiredRevisions::Gone,
            own_hosts: false,
        }
    }
}
