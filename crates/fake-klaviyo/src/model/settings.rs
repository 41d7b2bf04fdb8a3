//! How this Klaviyo behaves, where its real behaviour is a matter of configuration or not known for sure.

/// The knobs of one fake Klaviyo.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a knob of its own")]
pub struct Settings {
    /// Seconds that an access token lives (D: 3600).
    pub expires_in_s: u32,
    /// Seconds that an authorization code lives, counted from when its attempt first reached Klaviyo (S: 300; the
    /// beginning is A).
    pub code_life_s: u32,
    /// Days after which an unused refresh token dies (D: 90).
    pub refresh_life_days: u32,
    /// What refreshing does to the refresh token (O: the same again).
    pub refresh: Refresh,
    /// Refuse what is recorded and let pass otherwise, because Klaviyo's answer is not known (A).
    pub strict: bool,
    /// Whether a code's second use also ends the tokens of its first (R 6749 §4.1.2 "should"; not observed at Klaviyo).
    pub code_replay_revokes: bool,
    /// Whether the consent page warns of apps that Klaviyo has not reviewed (D).
    pub warn_unreviewed: bool,
    /// Whether the API keeps to its rate limits (S, D).
    pub rate_limits: bool,
    /// Whether its addresses are Klaviyo's own, `https://www.klaviyo.com/`: for one that a gateway stands before.
    pub own_hosts: bool,
}

/// What refreshing does to the refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Refresh {
    /// The same refresh token is issued again (O 2026-09-04).
    #[default]
    Same,
    /// A new one takes its place, as the docs allow (D).
    Rotate,
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
            own_hosts: false,
        }
    }
}
