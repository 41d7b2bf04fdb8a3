//! OAuth scopes and their plain-language descriptions.

/// What the scopes of each resource cover, in the user's words. Every scope in the operations table is one of these
/// with `:read` or `:write` (P); the wording is ours.
const RESOURCES: &[(&str, &str)] = &[
    ("accounts", "your account's name and contact details"),
    ("applications", "the installations of this app"),
    ("brands", "your brand's colours, logos and voice"),
    ("campaigns", "your campaigns"),
    ("catalogs", "your product catalogue"),
    ("conversations", "your conversations with customers"),
    ("coupon-codes", "your coupon codes"),
    ("coupons", "your coupons"),
    ("custom-objects", "your custom objects"),
    ("data-privacy", "requests to delete people's data"),
    ("events", "what people do, such as orders and visits"),
    ("flows", "your automated flows"),
    ("forms", "your sign-up forms"),
    ("images", "your images"),
    ("lists", "your lists"),
    ("metrics", "your metrics and reports"),
    ("profiles", "people's profiles, with names and contact details"),
    ("push-tokens", "devices that receive push notifications"),
    ("reviews", "your product reviews"),
    ("segments", "your segments"),
    ("sender-config", "the numbers that your text messages are sent from"),
    ("subscriptions", "who is subscribed to your marketing"),
    ("tags", "your tags"),
    ("templates", "your message templates"),
    ("tracking-settings", "how links in your messages are tracked"),
    ("translations", "translations of your messages"),
    ("usage", "how much of your plan is used"),
    ("web-feeds", "your web feeds"),
    ("webhooks", "webhooks that send data to other systems"),
];

/// A permission as the consent page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Permission {
    /// The scope.
    pub(crate) scope: String,
    /// `View`, `Add and change` or `Use`.
    pub(crate) verb: &'static str,
    /// What the verb applies to.
    pub(crate) what: String,
}

impl Permission {
    /// Describes a scope; one that is not in the table is shown as it is.
    pub(crate) fn of(scope: &str) -> Self {
        let (resource, access) = scope.split_once(':').unwrap_or((scope, ""));
        let known = RESOURCES.iter().find(|(name, _)| *name == resource).map(|(_, what)| *what);
        let (verb, what) = match (access, known) {
            ("read", Some(what)) => ("View", what.to_owned()),
            ("write", Some(what)) => ("Add and change", what.to_owned()),
            _ => ("Use", format!("“{scope}”")),
        };
        Self { scope: scope.to_owned(), verb, what }
    }
}

/// Splits a `scope` parameter at spaces and removes duplicates.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_split_at_spaces_and_told_once() {
        assert_eq!(split(" a:read  b:read a:read"), ["a:read", "b:read"]);
        assert_eq!(split("a:read,b:read"), ["a:read,b:read"]);
    }
}
