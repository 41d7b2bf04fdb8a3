//! What `init` wrote, compared with the file that a person wrote.

use std::collections::{BTreeMap, BTreeSet};

use flowcheck::scenario::{AppFile, Tenant};

/// How what `init` wrote differs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Entries that are not right, each with what is.
    pub(crate) wrong: Vec<String>,
    /// Fields that the person's file has and `init`'s has not.
    pub(crate) open: Vec<String>,
}

/// An entry as both files have it; none where a file does not say it.
type Entry = (&'static str, Option<String>, Option<String>);

/// Compares the entries that `init` can find out. `text` is its file, in which a default may be left as a question. `also` has further right entries by field.
pub(crate) fn compare(
    person: &AppFile,
    init: &AppFile,
    text: &str,
    also: &BTreeMap<String, Vec<String>>,
) -> Difference {
    let some = |text: &str| Some(text.to_owned());
    let set =
        |values: Vec<&str>| Some(values.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" "));
    let uris = |app: &AppFile| set(app.klaviyo.redirect_uris.iter().map(|uri| uri.value.as_str()).collect());
    let tenants = |app: &AppFile| {
        let one = |index: usize| {
            let user = &app.users[index].value;
            // Of a user's only tenant nobody sees more than what stands in addresses.
            let is_only = user.tenants.len() == 1;
            let shown = |tenant: &Tenant| if is_only { tenant.key().to_owned() } else { tenant.name.clone() };
            let mut names: Vec<String> = user.tenants.iter().map(shown).collect();
            names.sort_unstable();
            format!("{}: {}", user.login, names.join(", "))
        };
        (0..app.users.len()).filter(|index| !app.users[*index].value.tenants.is_empty()).map(one).collect::<Vec<_>>()
    };
    let logins = |app: &AppFile| set(app.users.iter().map(|user| user.value.login.as_str()).collect());
    let tenants_of_person = tenants(person).join("; ");
    let entries: Vec<Entry> = vec![
        ("client_id", some(&person.klaviyo.client_id), some(&init.klaviyo.client_id)),
        ("client_secret", some(&person.klaviyo.client_secret), some(&init.klaviyo.client_secret)),
        ("redirect_uris", uris(person), uris(init)),
        ("install_url", some(&person.klaviyo.install_url.value), some(&init.klaviyo.install_url.value)),
        ("accounts", Some(format!("{:?}", person.accounts)), Some(format!("{:?}", init.accounts))),
        (
            "tenancy",
            Some(format!("{:?}", person.tenancy)),
            text.contains("\ntenancy:").then(|| format!("{:?}", init.tenancy)),
        ),
        (
            "sign_up",
            Some(person.sign_up.to_string()),
            (!text.contains("\n# sign_up: false")).then(|| init.sign_up.to_string()),
        ),
        ("users", logins(person), logins(init)),
        (
            "tenants",
            Some(tenants_of_person.clone()),
            Some(tenants(init).join("; ")).filter(|tenants| !tenants.is_empty() || tenants_of_person.is_empty()),
        ),
        ("pages.login", person.pages.login.clone(), init.pages.login.clone()),
        ("pages.settings", person.pages.settings.clone(), init.pages.settings.clone()),
        (
            "pages.none",
            person.pages.none.as_ref().map(|_| "said".to_owned()),
            init.pages.none.as_ref().map(|_| "said".to_owned()),
        ),
    ];
    let mut difference = Difference::default();
    for (field, right, seen) in entries {
        match (right, seen) {
            (Some(_), Some(seen)) if seen.contains(NOT_KNOWN) => difference.open.push(field.to_owned()),
            (Some(_), None) => difference.open.push(field.to_owned()),
            (Some(right), Some(seen)) if right != seen => {
                if !also.get(field).is_some_and(|also| also.contains(&seen)) {
                    difference.wrong.push(format!("{field}: {seen:?}, not {right:?}"));
                }
            }
            // The person's file may say nothing of what is as it is by default.
            (Some(_) | None, _) => {}
        }
    }
    difference
}

/// Stands in `init`'s file for what it could not find out.
const NOT_KNOWN: &str = "not-known-yet";

/// What is said of the comparison itself; `main` makes trials of them.
pub(crate) const TRIALS: [(&str, fn()); 2] = [
    ("what init wrote otherwise is wrong, and what it left out is open", differences),
    ("a further right entry is no wrong one", further_ones),
];

fn file(settings: &str, install_url: &str, users: &str) -> AppFile {
    let text = format!(
        "name: An app\nurl: http://localhost:3000\nklaviyo:\n  client_id: id\n  client_secret: secret\n  scopes: [accounts:read]\n  \
         redirect_uris: ['http://localhost:3000/callback']\n  install_url: http://localhost:3000/{install_url}\n{settings}{users}"
    );
    flowcheck::scenario::parse_app("flowcheck.yaml", &text)
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)))
}

const SAYS: &str = "name: An app\ntenancy: single\n";
const SETTINGS: &str = "pages:\n  settings: http://localhost:3000/settings\n";
const USERS: &str = "users:\n  - login: ada\n    password: x\n";

fn differences() {
    let person = file(SETTINGS, "install", USERS);
    let same = compare(&person, &person, SAYS, &BTreeMap::new());
    assert_eq!(same, Difference::default());
    let other = compare(&person, &file("", "connect", ""), "\n# sign_up: false", &BTreeMap::new());
    assert_eq!(other.open, ["tenancy", "sign_up", "pages.settings"]);
    let wrong: Vec<&str> = other.wrong.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
    assert_eq!(wrong, ["install_url", "users"]);
    let unknown = compare(&person, &file(SETTINGS, "not-known-yet", USERS), SAYS, &BTreeMap::new());
    assert_eq!((unknown.open, unknown.wrong), (vec!["install_url".to_owned()], Vec::new()));
}

fn further_ones() {
    let also = BTreeMap::from([("install_url".to_owned(), vec!["http://localhost:3000/connect".to_owned()])]);
    let person = file(SETTINGS, "install", USERS);
    assert_eq!(compare(&person, &file(SETTINGS, "connect", USERS), SAYS, &also).wrong, [""; 0]);
    assert_eq!(compare(&person, &file(SETTINGS, "begin", USERS), SAYS, &also).wrong.len(), 1);
}
