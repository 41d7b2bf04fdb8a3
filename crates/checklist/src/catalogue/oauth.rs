//! OAuth as Klaviyo's servers and reviewers see it.

use super::sources::{OAUTH, STATE};
use crate::{Group, Item, Tier, oauth};

pub(super) static ITEMS: &[Item] = &[
    Item {
        id: "oauth.authorize.request",
        group: Group::Oauth,
        requirement: "The authorization request has response_type=code, known client, registered redirect URI, known scopes, accounts:read",
        judged: "Every authorization request",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::authorize_request,
    },
    Item {
        id: "oauth.pkce",
        group: Group::Oauth,
        requirement: "PKCE with S256, fresh for each attempt; the verifier matches Klaviyo's pattern and the challenge",
        judged: "Every authorization request and every code exchange",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::pkce,
    },
    Item {
        id: "oauth.state.sent",
        group: Group::Oauth,
        requirement: "state is sent, unguessable and fresh for each attempt",
        judged: "Over two attempts and two users: a repeat or a known id fails, under 64 bits of variety is for review",
        source: STATE,
        tier: Tier::Gate,
        judge: oauth::state_sent,
    },
    Item {
        id: "oauth.redirect-uri",
        group: Group::Oauth,
        requirement: "The token request repeats the authorization request's redirect URI",
        judged: "Every code exchange",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::redirect_uri,
    },
    Item {
        id: "oauth.client-auth",
        group: Group::Oauth,
        requirement: "Client credentials are sent as Basic credentials in the header, not in the body or the address",
        judged: "Every token and revocation request",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::client_auth,
    },
    Item {
        id: "oauth.token-host",
        group: Group::Oauth,
        requirement: "Token and revocation requests go to a.klaviyo.com",
        judged: "Every token and revocation request",
        source: OAUTH,
        tier: Tier::Gate,
        judge: oauth::token_host,
    },
];
