//! A believable run: an app "Harbour Reviews" that does some things well, and some not.

use flowcheck::checklist::{
    Blame, EarlierTry, Finding, HopLine, JudgedItem, Outcome, RunInfo, ScenarioEnd, ScenarioOutcome, Verdict,
};
use flowcheck::evidence::{
    AppEvent, AuthorizeCall, ClientAuth, Event, Evidence, Facts, Obstacle, PageKind, PagePart, PageRef, Place, Purpose,
    SignInState, Start, StepKind, StepPhase, StepProblem,
};

use super::script::{APP, Script};

/// The sample as it comes out of an ordinary run.
pub(super) fn sample() -> Outcome {
    Outcome {
        run: RunInfo {
            flowcheck: "0.1.0".into(),
            app: "Harbour Reviews".into(),
            config: "flowcheck.yaml".into(),
            began: "2026-11-21T09:14:03Z".into(),
            took_ms: 41_780,
            browser: "Chromium 142.0.7444.59".into(),
            strict: false,
            interrupted: false,
            fail_on_flaky: false,
            expected_failures: vec![],
            left_out: vec![],
            shard: None,
            existing_app: None,
        },
        scenarios: vec![signed_in(), signed_out(), tenants(), denied(), uninstall_in_app(), uninstall_in_klaviyo()],
    }
}

/// A run in which everything passes.
pub(super) fn passing() -> Outcome {
    let mut outcome = sample();
    outcome.scenarios.truncate(1);
    outcome.scenarios[0].items.retain(|judged| matches!(judged.verdict, Verdict::Pass(_)));
    outcome
}

/// A run in which one item failed at first, and passed when its scenario was tried again.
pub(super) fn flaky() -> Outcome {
    let mut outcome = passing();
    let scenario = &mut outcome.scenarios[0];
    let mut items = scenario.items.clone();
    for judged in &mut items {
        if judged.item.as_str() == "install.shown" {
            judged.verdict =
                Verdict::Fail(Finding::app("the app shows itself as installed", "\"Connect Klaviyo\" on it"));
        }
    }
    scenario.earlier = vec![EarlierTry {
        end: ScenarioEnd::Completed,
        items,
        took_ms: scenario.took_ms,
        evidence: scenario.evidence.clone(),
    }];
    outcome
}

/// A run as it comes back from its document.
pub(super) fn again(outcome: &Outcome) -> Outcome {
    flowcheck::results::read_run(&flowcheck::report::json(outcome)).expect("what was written can be read")
}

/// A scenario from its parts.
pub(super) fn scenario(
    id: &str,
    title: &str,
    evidence: Option<Evidence>,
    items: Vec<(&str, Verdict)>,
) -> ScenarioOutcome {
    ScenarioOutcome {
        id: id.into(),
        title: title.into(),
        file: format!("scenarios/{id}.yaml"),
        expects: (0..).zip(&items).map(|(line, (item, _))| ((*item).into(), 14 + line)).collect(),
        end: ScenarioEnd::Completed,
        items: items.into_iter().map(|(item, verdict)| JudgedItem { item: item.into(), verdict }).collect(),
        took_ms: evidence.as_ref().and_then(|seen| seen.timeline.last()).map_or(0, |entry| entry.at_ms),
        evidence,
        earlier: vec![],
    }
}

pub(super) fn hop(status: u16, what: &str, to: Option<&str>) -> HopLine {
    HopLine { status: Some(status), what: what.into(), to: to.map(str::to_owned) }
}

fn pass(shown: &str) -> Verdict {
    Verdict::Pass(shown.into())
}

fn consent(script: &mut Script) {
    script.saw(Event::Exchange(Box::new({
        let mut call = authorize();
        call.query = vec![
            ("response_type".into(), "code".into()),
            ("scope".into(), "accounts:read events:write profiles:read".into()),
            ("state".into(), "‹state 40c1f8e2a9b7›".into()),
            ("code_challenge_method".into(), "S256".into()),
        ];
        call
    })));
    script.hop("GET", "https://www.klaviyo.com/oauth/authorize?response_type=code&client_id=2f6c0f6e-1d52-4a0e-9f6b-6f1f2f0d7c11&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fklaviyo%2Fcallback&scope=accounts%3Aread%20events%3Awrite%20profiles%3Aread&state=‹state 40c1f8e2a9b7›&code_challenge=‹challenge 0d17ab33c2f1›&code_challenge_method=S256", 200, None);
    script.page(
        PageKind::KlaviyoConsent,
        "https://www.klaviyo.com/oauth/authorize",
        "Harbour Reviews wants to access your account – Klaviyo",
        "Harbour Reviews would like to read your account, write events, read profiles. Allow Cancel",
    );
}

fn authorize() -> flowcheck::evidence::Exchange {
    flowcheck::evidence::Exchange {
        method: "GET".into(),
        host: "www.klaviyo.com".into(),
        path: "/oauth/authorize".into(),
        query: vec![],
        request_headers: vec![("accept".into(), "text/html".into())],
        request_body: None,
        status: 200,
        response_headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
        response_body: None,
        took_us: 920,
        klaviyo_time_s: 1_795_292_041,
        facts: Facts::Authorize(AuthorizeCall {
            attempt: Some("attempt-1".into()),
            client_known: true,
            scopes: vec!["accounts:read".into(), "events:write".into(), "profiles:read".into()],
            ..AuthorizeCall::default()
        }),
    }
}

fn allow(script: &mut Script) {
    script
        .click(Purpose::Allow, "Allow")
        .hop(
            "GET",
            &format!("{APP}/klaviyo/callback?code=‹code 9f31c2d40a77›&state=‹state 40c1f8e2a9b7›"),
            303,
            Some(&format!("{APP}/settings/integrations")),
        )
        .exchange_code(ClientAuth::Basic)
        .installed()
        .hop("GET", &format!("{APP}/settings/integrations"), 200, None)
        .page(
            PageKind::Installed,
            &format!("{APP}/settings/integrations"),
            "Integrations – Harbour Reviews",
            "Integrations Klaviyo Connected to Harbour Lane Disconnect",
        );
}

fn install(script: &mut Script) {
    script
        .page(
            PageKind::KlaviyoListing,
            "https://www.klaviyo.com/integrations/harbour-reviews",
            "Harbour Reviews – Klaviyo",
            "Harbour Reviews Collect reviews and send them to Klaviyo. Install",
        )
        .click(Purpose::StartInstall(Start::Klaviyo), "Install");
}

fn signed_in() -> ScenarioOutcome {
    let (id, title) = ("install/signed-in", "A signed-in user installs from the directory");
    let mut script = Script::new(id, title, SignInState::SignedIn);
    script.saw(Event::App(AppEvent::Ready(APP.into())));
    script.step(StepKind::Install(Start::Klaviyo), |script| {
        install(script);
        script.hop("GET", &format!("{APP}/klaviyo/install"), 302, Some("https://www.klaviyo.com/oauth/authorize"));
        consent(script);
    });
    script.step(StepKind::Allow, allow);
    let review = Finding {
        expected: "a state of at least 64 bits of variety".into(),
        saw: "eight hexadecimal digits in both attempts: at most 32 bits".into(),
        hops: vec![],
        likely: Some("the state is a row number or a short token; take 16 random bytes".into()),
        remedy: None,
        blame: Blame::App,
        at: Some(6),
    };
    scenario(
        id,
        title,
        Some(script.evidence()),
        vec![
            ("install.signed-in.direct", pass("Install led to consent in 2 hops, and no page asked for anything")),
            ("install.completes", pass("the code was exchanged and account HbrLn1 lists the app")),
            ("install.shown", pass("\"Connected to Harbour Lane\" on the settings page")),
            ("oauth.authorize.request", pass("1 request, well formed")),
            ("oauth.pkce", pass("S256; the verifier meets the challenge")),
            ("oauth.state.sent", Verdict::Review(review)),
            ("oauth.redirect-uri", pass("repeated exactly")),
            (
                "oauth.client-auth",
                Verdict::Warn(Finding::app(
                    "client credentials in the header alone",
                    "Basic credentials in the header, and the client id again in the body",
                )),
            ),
        ],
    )
}

fn signed_out() -> ScenarioOutcome {
    let (id, title) = ("install/signed-out", "A signed-out user logs in and installs");
    let mut script = Script::new(id, title, SignInState::SignedOut);
    let mut stuck = 0;
    script.step(StepKind::Install(Start::Klaviyo), |script| {
        install(script);
        script
            .hop("GET", &format!("{APP}/klaviyo/install"), 302, Some(&format!("{APP}/login")))
            .hop("GET", &format!("{APP}/login"), 200, None)
            .page(
                PageKind::Login,
                &format!("{APP}/login"),
                "Sign in – Harbour Reviews",
                "Sign in E-mail Password Sign in No account? Sign up",
            );
    });
    let strayed = StepPhase::Strayed(StepProblem::OnlyByDetours(vec![dashboard()]));
    script.step_that(StepKind::SignInAgain, strayed, |script| {
        script
            .click(Purpose::LogIn, "Log in")
            .hop("POST", &format!("{APP}/login"), 303, Some(&format!("{APP}/dashboard")))
            .hop("GET", &format!("{APP}/dashboard"), 200, None)
            .saw(Event::App(AppEvent::Log("INFO signed in ada@example.com".into())))
            .page_with(
                PageKind::NotInstalled,
                &format!("{APP}/dashboard"),
                "Dashboard – Harbour Reviews",
                "Dashboard Reviews this week: 14. Klaviyo is not connected. Connect Klaviyo",
                |page| {
                    page.alerts.push("Klaviyo is not connected.".into());
                },
            );
        stuck = script.last();
        script.click(Purpose::Recover(Obstacle::Page(dashboard())), "Connect Klaviyo");
        consent(script);
    });
    script.step(StepKind::Allow, allow);
    let resumes = Finding::app(
        "Klaviyo's OAuth page after the login form was sent",
        format!("stopped at {APP}/dashboard, which waits for a click"),
    )
    .hops(vec![
        hop(302, "/klaviyo/install", Some("/login")),
        hop(303, "/login (POST)", Some("/dashboard")),
        hop(200, "/dashboard", None),
    ])
    .likely("the login form drops where the user was going: hop 1 has no return target")
    .at(stuck);
    let manual =
        Finding::app("no click or field but login and consent", "1 click: \"Connect Klaviyo\" on /dashboard").at(stuck);
    scenario(
        id,
        title,
        Some(script.evidence()),
        vec![
            ("install.signed-out.login", pass("/login has a login form")),
            ("install.signed-out.resumes", Verdict::Fail(resumes)),
            ("install.completes", pass("the code was exchanged and account HbrLn1 lists the app")),
            ("install.no-manual-steps", Verdict::Fail(manual)),
        ],
    )
}

fn tenants() -> ScenarioOutcome {
    let why = "the app has one tenant per user";
    let not_applicable = |item| (item, Verdict::NotApplicable(why.into()));
    let mut tenants = scenario(
        "install/tenants",
        "A user with several tenants chooses one",
        None,
        vec![
            not_applicable("install.tenant.chosen"),
            not_applicable("install.tenant.resumes"),
            not_applicable("install.tenant.isolated"),
        ],
    );
    tenants.end = ScenarioEnd::NotApplicable(why.into());
    tenants
}

fn denied() -> ScenarioOutcome {
    let (id, title) = ("errors/denied", "A user denies permissions, and tries again");
    let mut script = Script::new(id, title, SignInState::SignedIn);
    script.step(StepKind::Install(Start::Klaviyo), |script| {
        install(script);
        consent(script);
    });
    script.step(StepKind::Deny, |script| {
        script
            .click(Purpose::Deny, "Cancel")
            .hop("GET", &format!("{APP}/klaviyo/callback?error=access_denied&error_description=The%20user%20denied%20the%20request%20to%20install%20this%20application&state=‹state 40c1f8e2a9b7›"), 500, None)
            .page_with(PageKind::Error, &format!("{APP}/klaviyo/callback?error=access_denied"), "Error – Harbour Reviews", "Something went wrong. Please contact support.", |page| {
                page.status = Some(500);
                page.controls.clear();
            });
    });
    let at = script.last() - 1;
    script.step_that(
        StepKind::Dismiss,
        StepPhase::Failed(StepProblem::PartNotFound { part: PagePart::Dismiss, page: None, doubt: None }),
        |_| (),
    );
    let message = Finding::app(
        "a message that the installation failed because permissions were denied",
        "\"Something went wrong. Please contact support.\", with status 500",
    )
    .hops(vec![
        hop(302, "https://www.klaviyo.com/oauth/authorize (Cancel)", Some("/klaviyo/callback?error=access_denied&error_description=The%20user%20denied%20the%20request%20to%20install%20this%20application&state=‹state 40c1f8e2a9b7›")),
        hop(500, "/klaviyo/callback?error=access_denied&error_description=The%20user%20denied%20the%20request%20to%20install%20this%20application&state=‹state 40c1f8e2a9b7›", None),
    ])
    .likely("the callback reads the code without looking for an error first")
    .at(at);
    let dismiss = Finding::app("a button, link or close control on the message", "nothing to click on the page").at(at);
    scenario(
        id,
        title,
        Some(script.evidence()),
        vec![
            ("error.denied.message", Verdict::Fail(message)),
            ("error.denied.dismiss", Verdict::Fail(dismiss)),
            ("error.denied.retry", pass("installed at the second attempt")),
        ],
    )
}

fn uninstall_in_app() -> ScenarioOutcome {
    let (id, title) = ("uninstall/in-app", "A user uninstalls in the app");
    let mut script = Script::new(id, title, SignInState::SignedIn);
    script.step(StepKind::Install(Start::Klaviyo), |script| {
        script.open(Purpose::Prepare, "/klaviyo/install");
    });
    script.step_that(
        StepKind::Disconnect,
        StepPhase::Failed(StepProblem::PartNotFound { part: PagePart::Disconnect, page: None, doubt: None }),
        |script| {
            script
                .open(Purpose::Look(Place::Settings(None)), "/settings")
                .hop("GET", &format!("{APP}/settings"), 200, None)
                .page(
                    PageKind::Installed,
                    &format!("{APP}/settings"),
                    "Settings – Harbour Reviews",
                    "Settings Klaviyo: connected. Sync now",
                );
        },
    );
    let findable = Finding::app(
        "a control named disconnect, uninstall or the like, at most two clicks from the settings page",
        "controls \"Sync now\", \"Profile\" and \"Billing\" on /settings, and none of the kind on the 6 pages behind them",
    )
    .at(script.last() - 1);
    let blocked = |item| (item, Verdict::blocked_by("uninstall.app.findable", "there is nothing to disconnect with"));
    scenario(
        id,
        title,
        Some(script.evidence()),
        vec![
            ("uninstall.app.findable", Verdict::Fail(findable)),
            blocked("uninstall.app.revokes"),
            blocked("uninstall.app.removed"),
            blocked("uninstall.app.shown"),
            blocked("uninstall.app.reinstall"),
        ],
    )
}

fn uninstall_in_klaviyo() -> ScenarioOutcome {
    let why = "chromedriver stopped answering after 30 s";
    let not_run = |item| (item, Verdict::not_run(why));
    let mut scenario = scenario(
        "uninstall/in-klaviyo",
        "A user uninstalls in Klaviyo",
        None,
        vec![
            not_run("uninstall.klaviyo.shown"),
            not_run("uninstall.klaviyo.quiet"),
            not_run("uninstall.klaviyo.reinstall"),
        ],
    );
    scenario.end = ScenarioEnd::Harness(why.into());
    scenario.took_ms = 30_412;
    scenario
}

/// The page that stops the user in the sample.
fn dashboard() -> PageRef {
    PageRef { path: "/dashboard".into(), headline: "Welcome, Ada".into() }
}
