//! Builds evidence that no app left behind: hostile texts, huge pages, mails.

use flowcheck::evidence::{
    AccountSetup, Act, AppSetup, Control, ControlRole, Declared, Entry, Event, Evidence, Exchange, Facts, Field,
    FieldKind, Gesture, Hop, HopCause, Installs, KlaviyoSession, Page, PageKind, Purpose, Role, RoutingSetup,
    ScenarioSetup, Setup, SignInState, Tenancy, UserSetup,
};

/// Where the sample's app answers.
pub(super) const APP: &str = "http://localhost:3000";

/// Evidence that is being built.
pub(super) struct EvidenceBuilder {
    setup: Setup,
    timeline: Vec<Entry>,
    at_ms: u64,
}

impl EvidenceBuilder {
    pub(super) fn new(id: &str, title: &str, sign_in_state: SignInState) -> Self {
        let setup = Setup {
            scenario: ScenarioSetup { id: id.into(), title: title.into(), file: format!("scenarios/{id}.yaml") },
            app: AppSetup {
                name: "Harbour Reviews".into(),
                tenancy: Tenancy::Single,
                url: APP.into(),
                install_url: format!("{APP}/klaviyo/install"),
                client_id: "2f6c0f6e-1d52-4a0e-9f6b-6f1f2f0d7c11".into(),
                scopes: vec!["accounts:read".into(), "events:write".into(), "profiles:read".into()],
                scopes_copied: false,
                clock_follows: false,
                trigger: Declared::Given,
                clock_stood_still: false,
                settings: Declared::Given,
                redirect_uris: vec![format!("{APP}/klaviyo/callback")],
                installs: Installs::PerAccount,
                host: None,
            },
            users: vec![UserSetup {
                label: "ada".into(),
                sign_in_state,
                tenants: vec!["Harbour Lane".into()],
                klaviyo_user: "owner@klaviyo-account.example".into(),
                role: Role::Owner,
            }],
            accounts: vec![AccountSetup { id: "HbrLn1".into(), name: "Harbour Lane".into() }],
            klaviyo: KlaviyoSession::SignedIn,
            klaviyo_hosts: vec!["www.klaviyo.com".into(), "a.klaviyo.com".into()],
            routing: RoutingSetup::default(),
            quiet_ms: 3000,
        };
        Self { setup, timeline: Vec::new(), at_ms: 0 }
    }

    pub(super) fn evidence(self) -> Evidence {
        Evidence { setup: self.setup, timeline: self.timeline }
    }

    /// The number of the last entry.
    pub(super) fn last(&self) -> u32 {
        self.timeline.last().unwrap().seq
    }

    pub(super) fn saw(&mut self, event: Event) -> &mut Self {
        self.at_ms += 37 + 113 * (self.timeline.len() as u64 % 5);
        let seq = u32::try_from(self.timeline.len()).unwrap();
        self.timeline.push(Entry { seq, at_ms: self.at_ms, event });
        self
    }

    /// Opens an address.
    pub(super) fn open(&mut self, purpose: Purpose, url: &str) -> &mut Self {
        self.saw(Event::Act(Act { user: "ada".into(), purpose, gesture: Gesture::Opened { url: url.into() } }))
    }

    pub(super) fn hop(&mut self, method: &str, url: &str, status: u16, to: Option<&str>) -> &mut Self {
        let redirect =
            matches!(self.timeline.last().map(|entry| &entry.event), Some(Event::Hop(hop)) if hop.location.is_some());
        self.saw(Event::Hop(Hop {
            user: "ada".into(),
            method: method.into(),
            url: url.into(),
            status: Some(status),
            location: to.map(str::to_owned),
            cause: if redirect { HopCause::Redirect } else { HopCause::Navigation },
            error: None,
            from_service_worker: false,
            asks_for: None,
        }))
    }

    /// A page with a screenshot named for the scenario and the entry.
    pub(super) fn page(&mut self, kind: PageKind, url: &str, title: &str, text: &str) -> &mut Self {
        self.page_with(kind, url, title, text, |_| ())
    }

    pub(super) fn page_with(
        &mut self,
        kind: PageKind,
        url: &str,
        title: &str,
        text: &str,
        change: impl FnOnce(&mut Page),
    ) -> &mut Self {
        let login = kind == PageKind::Login;
        let field = |kind, label: &str, name: &str| Field {
            kind,
            label: label.into(),
            name: name.into(),
            options: vec![],
            form: Some(0),
        };
        let name = serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned();
        let mut page = Page {
            user: "ada".into(),
            url: url.into(),
            title: title.into(),
            kind,
            certainty: 96,
            why: vec!["a heading says so".into(), "the controls fit".into()],
            status: Some(200),
            media_type: Some("text/html".into()),
            headings: vec![title.split(" – ").next().unwrap().into()],
            text: text.into(),
            alerts: vec![],
            controls: vec![Control {
                role: ControlRole::Button,
                name: "Continue".into(),
                href: None,
                near: title.into(),
                in_navigation: false,
            }],
            fields: if login {
                vec![field(FieldKind::Email, "E-mail", "email"), field(FieldKind::Password, "Password", "password")]
            } else {
                vec![]
            },
            cause: None,
            frame: None,
            bot_check: None,
            violations: Vec::new(),
            pictures: Vec::new(),
            shot: Some(format!("{}-{}.png", self.setup.scenario.id.replace('/', "-"), name)),
        };
        change(&mut page);
        self.saw(Event::Page(Box::new(page)))
    }

    pub(super) fn call(&mut self, method: &str, path: &str, status: u16, facts: Facts) -> &mut Self {
        self.saw(Event::Exchange(Box::new(Exchange {
            method: method.into(),
            host: "a.klaviyo.com".into(),
            path: path.into(),
            query: vec![],
            request_headers: vec![
                ("authorization".into(), "Basic ‹client credentials 41aa90c2be07›".into()),
                ("content-type".into(), "application/x-www-form-urlencoded".into()),
                ("user-agent".into(), "harbour-reviews/3.2".into()),
            ],
            request_body: Some("grant_type=authorization_code&code=‹code 9f31c2d40a77›&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fklaviyo%2Fcallback&code_verifier=‹verifier 7712ab04c9de›".into()),
            status,
            response_headers: vec![("content-type".into(), "application/json".into())],
            response_body: Some("{\n  \"access_token\": \"‹access token 5be0417c99a1›\",\n  \"expires_in\": 3600,\n  \"scope\": \"accounts:read events:write profiles:read\"\n}".into()),
            took_us: 1840,
            klaviyo_time_s: 1_795_292_043,
            facts,
        })))
    }
}
