//! What is found out by probing: the callback, tokens that run out, an endpoint out of order, secrets.

use super::sources::{OAUTH, STATE};
use crate::{Group, Item, Source, Tier, callback, outage, refresh, secrets};

const CURRENT_PRACTICE: Source = Source { document: "RFC 9700", place: "OAuth 2.0 Security Best Current Practice" };
const REPLAY: Source = Source { document: "RFC 6749", place: "section 4.1.2" };

pub(super) static ITEMS: &[Item] = &[
    Item {
        id: "oauth.state.checked",
        group: Group::Oauth,
        requirement: "A callback with a missing or altered state is refused without a token request, and the app survives",
        judged: "Both are opened in the user's browser with a good code; the user installs after it. Another user's state is judged by oauth.state.bound",
        source: STATE,
        tier: Tier::Gate,
        judge: callback::state_checked,
    },
    Item {
        id: "oauth.state.bound",
        group: Group::Oauth,
        requirement: "Another browser cannot finish a flow that it did not start",
        judged: "The good callback of one user's flow is opened in another user's browser: no token request",
        source: CURRENT_PRACTICE,
        tier: Tier::Hardening,
        judge: callback::state_bound,
    },
    Item {
        id: "oauth.code-replay",
        group: Group::Oauth,
        requirement: "Reloading or revisiting the callback does no harm",
        judged: "Reload, Back and the same callback again after installing: no second token request, still installed",
        source: REPLAY,
        tier: Tier::Hardening,
        judge: callback::code_replay,
    },
    Item {
        id: "oauth.refresh",
        group: Group::Oauth,
        requirement: "An expired access token is refreshed and the call repeated; the user sees nothing of it",
        judged: "Klaviyo's clock is moved by an hour; the app is triggered, and its settings are looked at",
        source: OAUTH,
        tier: Tier::Gate,
        judge: refresh::refresh,
    },
    Item {
        id: "oauth.refresh.rotation",
        group: Group::Oauth,
        requirement: "A rotated refresh token is stored",
        judged: "Two hours pass; the second refresh sends the token that the first one brought",
        source: OAUTH,
        tier: Tier::Gate,
        judge: refresh::rotation,
    },
    Item {
        id: "oauth.refresh.once",
        group: Group::Oauth,
        requirement: "Calls made at once do not storm the token endpoint",
        judged: "After an hour several pages are asked for at once: two refreshes at most",
        source: CURRENT_PRACTICE,
        tier: Tier::Hardening,
        judge: refresh::once,
    },
    Item {
        id: "oauth.secrets-hidden",
        group: Group::Oauth,
        requirement: "Client secret and tokens never reach the browser, and the PKCE verifier never where script can read it",
        judged: "Every answer, address, cookie and stored value of the browser is searched, encoded ones too",
        source: OAUTH,
        tier: Tier::Gate,
        judge: secrets::hidden,
    },
    Item {
        id: "oauth.unavailable",
        group: Group::Oauth,
        requirement: "5xx, a timeout, a dropped connection or malformed JSON at the token endpoint gives a clear message and can be retried",
        judged: "Each of them after Allow; the page then shown, and the attempt after it",
        source: OAUTH,
        tier: Tier::Gate,
        judge: outage::unavailable,
    },
    Item {
        id: "oauth.survives",
        group: Group::Oauth,
        requirement: "No callback input makes the app hang, crash or answer 5xx",
        judged: "A table of hostile inputs is sent from the user's own browser",
        source: CURRENT_PRACTICE,
        tier: Tier::Hardening,
        judge: callback::survives,
    },
];
