//! What in `flowcheck.yaml` is secret.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{AppFile, Apply, Start};
use crate::evidence::ConfiguredSecret;

/// What stands in the place of a secret that has no name of its own in OAuth.
const LABEL: &str = "secret of flowcheck.yaml";
/// How the names of environment variables end that hold secrets.
const NAMES: [&str; 9] = [
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "TOKEN",
    "API_KEY",
    "PRIVATE_KEY",
    "SECRET_KEY",
    "SECRET_KEY_BASE",
    "ENCRYPTION_KEY",
];
/// Words in the names of variables that anybody may know: Klaviyo's public API key, Stripe's publishable one.
const PUBLIC: [&str; 2] = ["PUBLIC", "PUBLISHABLE"];
/// Bytes of the shortest value that is taken for a secret where none has to be one.
const SHORTEST_SENT: usize = 4;
/// Digits of the shortest number that is.
const SHORTEST_PIN: usize = 6;

impl AppFile {
    /// What must never be shown: the client's secret, passwords, secrets of one-time passwords, what `access` and actions send, and
    /// variables of the programs' environments whose names say so.
    pub fn secrets(&self) -> Vec<ConfiguredSecret> {
        let client = &self.klaviyo;
        let mut all = vec![ConfiguredSecret::new("client_secret", &client.client_secret).of(&client.client_id)];
        for user in self.users.iter().map(|user| &user.value) {
            all.push(ConfiguredSecret::new("password", &user.password).of(&user.login));
            all.extend(user.totp.iter().flat_map(|totp| seeds(totp)).map(unnamed));
        }
        let basic = self.access.basic_auth.iter();
        all.extend(basic.map(|basic| unnamed(basic.password.clone()).of(&basic.user)));
        let revoke = self.scopes_update.as_ref().and_then(|update| update.revoke.as_ref());
        let actions = [self.trigger.as_ref(), self.reset.as_ref(), revoke].into_iter().flatten();
        let headers = actions.flat_map(|action| action.headers.values()).chain(self.access.headers.values());
        let sent = headers.flat_map(|value| credentials(value)).chain(self.access.cookies.values().cloned());
        let restart = self.scopes_update.iter().filter_map(|update| match &update.apply {
            Some(Apply::Restart(variables)) => Some(variables),
            _ => None,
        });
        let starts = [self.start.as_ref(), self.embedding().and_then(|embedding| embedding.host.start.as_ref())];
        let variables =
            starts.into_iter().flatten().map(|start: &Start| &start.env).chain(restart).flat_map(named_secret);
        all.extend(sent.chain(variables).filter(|value| may_be_secret(value)).map(unnamed));
        all
    }
}

fn unnamed(value: String) -> ConfiguredSecret {
    ConfiguredSecret::new(LABEL, value)
}

/// The secret of an authenticator as it stands in the file, and as an app may write it: in one piece, in either case.
fn seeds(totp: &str) -> [String; 3] {
    let bare: String = totp.chars().filter(|one| !one.is_whitespace() && *one != '-').collect();
    [totp.to_owned(), bare.to_ascii_uppercase(), bare.to_ascii_lowercase()]
}

/// A header's value; what follows the scheme in it (`Bearer …`), and the password in that (`Basic …`).
fn credentials(value: &str) -> Vec<String> {
    let mut all = vec![value.to_owned()];
    if let Some((scheme, rest)) = value.trim().split_once(' ') {
        let pair = STANDARD.decode(rest.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = pair.filter(|_| scheme.eq_ignore_ascii_case("basic"));
        all.extend(pair.iter().filter_map(|pair| pair.split_once(':')).map(|(_, password)| password.to_owned()));
        all.push(rest.trim().to_owned());
    }
    all
}

fn named_secret(variables: &BTreeMap<String, String>) -> impl Iterator<Item = String> {
    let is_secret = |name: &str| {
        let name = name.to_ascii_uppercase();
        NAMES.iter().any(|end| name.ends_with(end)) && !PUBLIC.iter().any(|word| name.contains(word))
    };
    variables.iter().filter(move |(name, _)| is_secret(name)).map(|(_, value)| value.clone())
}

/// Whether a value that is sent or set may be a secret, and is no switch or number: `X-Preview: 1`, `ADMIN_TOKEN: none`.
fn may_be_secret(value: &str) -> bool {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let is_switch = ["true", "false", "none", "null"].iter().any(|word| value.eq_ignore_ascii_case(word));
    value.len() >= if is_number { SHORTEST_PIN } else { SHORTEST_SENT } && !is_switch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_s_secret_is_what_follows_the_scheme_and_the_password_in_that() {
        assert_eq!(credentials("Basic YWRhOmh1c2g="), ["Basic YWRhOmh1c2g=", "hush", "YWRhOmh1c2g="]);
        assert_eq!(credentials("Bearer abcd"), ["Bearer abcd", "abcd"]);
        assert_eq!(credentials("abcd"), ["abcd"]);
    }

    #[test]
    fn switches_and_small_numbers_are_no_secrets() {
        for value in ["", "1", "on", "true", "None", "3600", "yes"] {
            assert!(!may_be_secret(value), "{value}");
        }
        for value in ["hush", "123456", "a b c"] {
            assert!(may_be_secret(value), "{value}");
        }
    }

    #[test]
    fn variables_are_secrets_by_the_end_of_their_names() {
        let names = [
            ("SESSION_SECRET", true),
            ("ADMIN_TOKEN", true),
            ("KLAVIYO_PRIVATE_API_KEY", true),
            ("secret_key_base", true),
            ("KLAVIYO_PUBLIC_API_KEY", false),
            ("TOKEN_URL", false),
            ("PASSWORD_RESET_PAGE", false),
            ("PORT", false),
        ];
        for (name, expected) in names {
            let variables = BTreeMap::from([(name.to_owned(), "value".to_owned())]);
            assert_eq!(named_secret(&variables).count() == 1, expected, "{name}");
        }
    }

    #[test]
    fn an_authenticator_s_secret_is_known_in_one_piece_and_in_either_case() {
        assert_eq!(seeds("gezd GNBV"), ["gezd GNBV", "GEZDGNBV", "gezdgnbv"]);
    }
}
