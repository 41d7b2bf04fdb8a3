//! A draft as the text of `flowcheck.yaml`, and as the app that the text describes.

use askama::Template;

use super::app_folder::{Job, JobCall, Variable};
use super::draft::{Draft, DraftStart, DraftTenant, DraftUser, OnFile};
use super::existing::variables_in;
use super::file::{Gap, Section, YamlScalar, complete};
use super::suggestions;
use crate::checklist::ItemId;
use crate::doctor::{Finding, NOT_KNOWN_YET};
use crate::evidence::{ACCOUNTS_READ, Routing, Tenancy, clip};
use crate::scenario::{AppFile, Diagnostics, parse_app_with};

/// Characters of a seen text that a comment quotes.
const SHOWN: usize = 100;
/// Characters of a comment's line that lists items.
const LINE: usize = 120;

impl Draft {
    /// The text of `flowcheck.yaml`; of one that is there, with what it lacked.
    pub fn text(&self) -> String {
        match &self.on_file {
            Some(OnFile { text, before, .. }) => complete(text, before, &self.rendered()),
            None => self.rendered(),
        }
    }

    /// The text of a new file.
    pub(super) fn rendered(&self) -> String {
        let text = Written::of(self).render().unwrap_or_else(|error| unreachable!("the template renders: {error}"));
        text.trim_end().to_owned() + "\n"
    }

    /// The app file that the draft's text is read as; an inconsistent draft has the mistakes of its file.
    pub fn app(&self) -> Result<AppFile, Diagnostics> {
        parse_app_with("flowcheck.yaml", &self.text(), &|name| self.variable(name))
    }

    /// The same with this user only, and with at most one tenant.
    pub fn app_for(&self, user: &DraftUser) -> Result<AppFile, Diagnostics> {
        let tenants = user.tenants.iter().take(1).cloned().collect();
        let users = vec![DraftUser { tenants, ..user.clone() }];
        let mut app = Self { users, tenancy: None, ..self.clone() }.app()?;
        // A file that is there has all of them.
        app.users.retain(|other| other.value.login == user.login);
        app.users.iter_mut().for_each(|user| user.value.tenants.truncate(1));
        app.tenancy = Tenancy::Single;
        Ok(app)
    }

    /// Names of the variables that the file needs.
    pub fn variables(&self) -> Vec<String> {
        variables_in(&self.text()).into_iter().map(str::to_owned).collect()
    }

    /// What was said and stays, though another was seen or said.
    pub fn kept(&self) -> Vec<Finding> {
        let told = |(what, stays): &(&'static str, String)| Finding::unknown(what, stays);
        self.kept.iter().map(told).collect()
    }

    /// Whether its users fit its tenancy: where the app asks for a tenant, a user must have several.
    pub fn has_who_chooses(&self) -> bool {
        matches!(self.tenancy, None | Some(Tenancy::Single)) || self.users.iter().any(|user| user.tenants.len() > 1)
    }

    /// The same draft as far as it makes a valid file: where the app asks for a tenant and no user is known who has several, it is
    /// written as if it did not ask.
    pub fn as_far_as_valid(self) -> Self {
        if self.app().is_ok() { self } else { Self { tenancy: None, ..self } }
    }

    /// Lines of comments on what could not be found out.
    fn gaps_in(&self, section: Section) -> Vec<String> {
        self.gaps.iter().filter(|gap| gap.is_in(section)).flat_map(Gap::lines).collect()
    }

    fn secrets(&self) -> impl Iterator<Item = &Variable> {
        self.client_secret.iter().chain(self.users.iter().map(|user| &user.password))
    }

    fn variable(&self, name: &str) -> Option<String> {
        let of_file = self.on_file.iter().flat_map(|file| &file.variables);
        let own = self.secrets().chain(of_file).find(|variable| variable.name == name);
        own.map(|variable| variable.value.clone()).or_else(|| std::env::var(name).ok())
    }
}

/// The draft with its values as YAML scalars, for the template.
#[derive(Template)]
#[template(path = "init/flowcheck.yaml.txt")]
struct Written<'a> {
    draft: &'a Draft,
    title: String,
    name: YamlScalar,
    url: YamlScalar,
    start: Option<WrittenStart>,
    reach: Option<&'static str>,
    tenancy: Option<&'static str>,
    client_id: YamlScalar,
    client_secret: YamlScalar,
    scopes: Vec<YamlScalar>,
    redirect_uri: YamlScalar,
    install_url: YamlScalar,
    login: Option<YamlScalar>,
    home: Option<YamlScalar>,
    settings: Option<YamlScalar>,
    no_page: Option<YamlScalar>,
    users: Vec<WrittenUser>,
    trigger: Option<YamlScalar>,
    connect: Option<String>,
    disconnect: Option<String>,
    installed: Option<String>,
    gaps_of_app: Vec<String>,
    gaps_of_registration: Vec<String>,
    gaps_of_pages: Vec<String>,
    gaps_of_users: Vec<String>,
    without_trigger: Vec<String>,
    without_scopes_update: Vec<String>,
    jobs: Vec<WrittenJob>,
    called_at_a_page: Option<String>,
    scope_list: String,
    keeps_data: bool,
    no_sign_up: bool,
    asks_for_sign_up: bool,
}

struct WrittenStart {
    command: YamlScalar,
    folder: Option<YamlScalar>,
    env: Vec<(String, YamlScalar)>,
    ready: Option<YamlScalar>,
}

struct WrittenJob {
    key: &'static str,
    value: YamlScalar,
    found_in: String,
}

struct WrittenUser {
    login: YamlScalar,
    password: Option<YamlScalar>,
    tenants: Vec<WrittenTenant>,
}

struct WrittenTenant {
    name: YamlScalar,
    key: Option<YamlScalar>,
    url: Option<YamlScalar>,
}

impl<'a> Written<'a> {
    fn of(draft: &'a Draft) -> Self {
        let known =
            |text: &Option<String>, otherwise: String| YamlScalar::literally(text.as_deref().unwrap_or(&otherwise));
        let literally = |text: &Option<String>| text.as_deref().map(YamlScalar::literally);
        let mut scopes: Vec<_> = draft.scopes.iter().map(|scope| YamlScalar::literally(scope)).collect();
        if !draft.scopes.iter().any(|scope| scope == ACCOUNTS_READ) {
            scopes.insert(0, YamlScalar::literally(ACCOUNTS_READ));
        }
        let one_line =
            |text: &Option<String>| text.as_deref().map(|text| clip(&text.replace(char::is_control, " "), SHOWN));
        let title = Some(draft.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| "The app".to_owned());
        Self {
            draft,
            name: YamlScalar::literally(&title),
            title,
            url: YamlScalar::literally(&draft.url),
            start: draft.start.as_ref().map(WrittenStart::of),
            reach: match draft.reach {
                Routing::Env => None,
                Routing::Hosts => Some("hosts"),
                Routing::Urls => Some("urls"),
            },
            tenancy: match draft.tenancy {
                Some(Tenancy::Single) => Some("single"),
                Some(Tenancy::DropDown) => Some("drop-down"),
                Some(Tenancy::TextBox) => Some("text-box"),
                None => draft.noticed.asks_for_no_tenant.then_some("single"),
            },
            client_id: known(&draft.client_id, NOT_KNOWN_YET.to_owned()),
            client_secret: match &draft.client_secret {
                Some(secret) => YamlScalar::variable(&secret.name),
                None => YamlScalar::literally(NOT_KNOWN_YET),
            },
            scopes,
            redirect_uri: known(&draft.redirect_uri, format!("{}/{NOT_KNOWN_YET}", draft.url)),
            install_url: known(&draft.install_url, format!("{}/{NOT_KNOWN_YET}", draft.url)),
            login: literally(&draft.login),
            home: literally(&draft.home),
            settings: literally(&draft.settings),
            no_page: literally(&draft.no_page),
            users: draft.users.iter().map(WrittenUser::of).collect(),
            trigger: literally(&draft.trigger),
            connect: one_line(&draft.noticed.connect),
            disconnect: one_line(&draft.noticed.disconnect),
            installed: one_line(&draft.noticed.installed),
            gaps_of_app: draft.gaps_in(Section::App),
            gaps_of_registration: draft.gaps_in(Section::Registration),
            gaps_of_pages: draft.gaps_in(Section::Pages),
            gaps_of_users: draft.gaps_in(Section::Users),
            no_sign_up: draft.sign_up == Some(false),
            asks_for_sign_up: draft.sign_up.is_none() && draft.login.is_some(),
            without_trigger: listed(&suggestions::without_trigger()),
            without_scopes_update: listed(&suggestions::without_scopes_update()),
            jobs: draft.jobs.iter().map(|job| WrittenJob::of(job, &draft.url)).collect(),
            called_at_a_page: draft
                .noticed
                .calls
                .as_ref()
                .map(|(at, call)| one_line_of(&format!("{at} was opened ({call})"))),
            scope_list: draft.scopes.join(" "),
            keeps_data: draft
                .start
                .as_ref()
                .is_some_and(|start| start.env.values().chain([&start.command]).any(|text| text.contains("{data}"))),
        }
    }
}

impl WrittenStart {
    fn of(start: &DraftStart) -> Self {
        let env = start.env.iter().map(|(name, value)| (name.clone(), YamlScalar::with_variables(value)));
        Self {
            command: YamlScalar::with_variables(&start.command),
            folder: start.folder.as_deref().map(YamlScalar::literally),
            env: env.collect(),
            ready: start.ready.as_deref().map(YamlScalar::literally),
        }
    }
}

impl WrittenJob {
    fn of(job: &Job, url: &str) -> Self {
        let (key, value) = match &job.call {
            JobCall::Get(path) => ("get", format!("{url}{path}")),
            JobCall::Post(path) => ("post", format!("{url}{path}")),
            JobCall::Run(command) => ("run", command.clone()),
        };
        Self { key, value: YamlScalar::literally(&value), found_in: one_line_of(&job.found_in) }
    }
}

/// A text that was seen, on one line of a comment.
fn one_line_of(text: &str) -> String {
    clip(&text.replace(char::is_control, " "), SHOWN)
}

/// Items in lines of a comment.
fn listed(items: &[ItemId]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (index, item) in items.iter().enumerate() {
        let word = format!("{item}{}", if index + 1 < items.len() { "," } else { "" });
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = word,
            Some(line) if line.len() + word.len() < LINE => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

impl WrittenUser {
    fn of(user: &DraftUser) -> Self {
        let tenant = |tenant: &DraftTenant| WrittenTenant {
            name: YamlScalar::literally(&tenant.name),
            key: tenant.key.as_deref().map(YamlScalar::literally),
            url: tenant.url.as_deref().map(YamlScalar::literally),
        };
        Self {
            login: YamlScalar::literally(&user.login),
            password: (!user.password.value.is_empty()).then(|| YamlScalar::variable(&user.password.name)),
            tenants: user.tenants.iter().map(tenant).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::{Blame, Finding};
    use crate::scenario::Accounts;

    fn variable(name: &str) -> Variable {
        Variable { name: name.to_owned(), value: "the: secret #1 '${x}".to_owned() }
    }

    #[test]
    fn what_is_written_says_what_is_known_and_no_secret() {
        let tenant = |name: &str| DraftTenant { name: name.to_owned(), key: Some("1".to_owned()), url: None };
        let draft = Draft {
            name: "Mira: \"Looms\" & $ons".to_owned(),
            tenancy: Some(Tenancy::DropDown),
            client_id: Some("the-id".to_owned()),
            client_secret: Some(variable("SECRET")),
            users: vec![DraftUser {
                login: "ada@example.com".to_owned(),
                password: variable("PASSWORD"),
                tenants: vec![tenant("One"), tenant("Two")],
            }],
            settings: Some("http://localhost:3000/{tenant}/settings".to_owned()),
            ..Draft::new("http://localhost:3000/")
        };
        let text = draft.text();
        assert!(!text.contains("the: secret"), "{text}");
        let app = draft.app().unwrap_or_else(|mistakes| panic!("{}\n{text}", mistakes.render(false)));
        assert_eq!(app.name, draft.name);
        assert_eq!(app.klaviyo.client_secret, "the: secret #1 '${x}");
        assert_eq!(app.users[0].value.tenants[1].name, "Two");
        assert_eq!(draft.variables(), ["SECRET", "PASSWORD"]);
    }

    #[test]
    fn what_could_not_be_found_out_is_a_comment_of_its_section_and_the_file_stays_sound() {
        let fails = |name, saw: &str| Finding::fails(name, Blame::Configuration, saw, "say so: --settings URL");
        let findings = [
            fails("app", "nothing answers"),
            fails("request to Klaviyo", "it led to \"Oops\"\n# and: {worse}"),
            fails("settings", "nothing connects Klaviyo; seen: http://localhost:3000/"),
            fails("login", "the app did not accept the login"),
        ];
        let gaps = findings.iter().filter_map(Gap::of).collect();
        let draft = Draft { gaps, ..Draft::new("http://localhost:3000") };
        draft.app().unwrap_or_else(|mistakes| panic!("{}\n{}", mistakes.render(false), draft.text()));
        let text = draft.text();
        let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words:?} in\n{text}"));
        let order = ["nothing answers", "\nklaviyo:", "it led to", "nothing connects", "did not accept", "# users:"];
        assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{text}");
        assert_eq!(text.matches("# NOT FOUND OUT: ").count(), 4, "{text}");
    }

    #[test]
    fn an_app_that_nobody_logs_in_to_has_no_users() {
        let draft = Draft { nobody_logs_in: true, ..Draft::new("http://localhost:3000") };
        let app = draft.app().unwrap_or_else(|mistakes| panic!("{}\n{}", mistakes.render(false), draft.text()));
        assert_eq!(app.accounts, Accounts::Klaviyo);
        assert!(app.users.is_empty());
    }

    #[test]
    fn a_draft_of_which_nothing_is_known_is_a_sound_file_as_well() {
        let draft = Draft::new("http://localhost:{port}");
        draft.app().unwrap_or_else(|mistakes| panic!("{}\n{}", mistakes.render(false), draft.text()));
    }
}
