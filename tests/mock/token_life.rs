//! No order of operations, and no move of the clock, leaves a token alive that has to be dead, or brings one back.

use std::time::Duration;

use flowcheck::klaviyo::{AccountId, Refresh, Settings};
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::runtime::Runtime;

use crate::client::{
    APP, BEN, Browser, SECRET, Scene, authorize, field, harbour, lighthouse, location, parameter, scene_with, text,
    tokens,
};

/// What an app, a user or the time does.
#[derive(Debug, Clone)]
enum Operation {
    /// Ben installs the app for one of his accounts.
    Install { second: bool },
    /// The app sends one of its codes once more.
    Replay(Index),
    /// It refreshes with one of its refresh tokens.
    Refresh(Index),
    /// It revokes one of its access tokens.
    RevokeAccess(Index),
    /// It revokes one of its refresh tokens.
    RevokeRefresh(Index),
    /// An account's user uninstalls it.
    Uninstall { second: bool },
    /// Time passes.
    Wait(Duration),
}

/// An install of the app, from a consent to its end.
struct Install {
    account: AccountId,
    over: bool,
}

/// A token that the app has received.
struct Token {
    text: String,
    /// Index of its install.
    install: usize,
    /// When it expires, in seconds of this test's own count; a use of a refresh token moves that.
    expires_s: u64,
    /// It was replaced, or seen not to work.
    dead: bool,
}

/// What this test knows by itself of a Klaviyo that it speaks with.
struct Model {
    scene: Scene,
    rotates: bool,
    now_s: u64,
    installs: Vec<Install>,
    codes: Vec<String>,
    access: Vec<Token>,
    refresh: Vec<Token>,
}

const ACCESS_LIFE_S: u64 = 3_600;
const REFRESH_LIFE_S: u64 = 90 * 86_400;
/// How long the operations of one case may take by the machine's own clock, which Klaviyo's follows.
const SLACK_S: u64 = 30;

fn operation() -> impl Strategy<Value = Operation> {
    let seconds = prop_oneof![
        Just(1),
        Just(ACCESS_LIFE_S - SLACK_S),
        Just(ACCESS_LIFE_S),
        Just(REFRESH_LIFE_S - SLACK_S),
        Just(REFRESH_LIFE_S),
        1..REFRESH_LIFE_S,
    ];
    prop_oneof![
        3 => any::<bool>().prop_map(|second| Operation::Install { second }),
        1 => any::<Index>().prop_map(Operation::Replay),
        3 => any::<Index>().prop_map(Operation::Refresh),
        1 => any::<Index>().prop_map(Operation::RevokeAccess),
        1 => any::<Index>().prop_map(Operation::RevokeRefresh),
        1 => any::<bool>().prop_map(|second| Operation::Uninstall { second }),
        2 => seconds.prop_map(|seconds| Operation::Wait(Duration::from_secs(seconds))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_token_works_after_it_was_revoked_or_replaced_or_has_expired(
        rotates: bool,
        operations in prop::collection::vec(operation(), 1..16),
    ) {
        let runtime = Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let mut model = Model::new(rotates).await;
            // An app that is installed, so that no case is about nothing.
            model.perform(&Operation::Install { second: false }).await;
            for operation in &operations {
                model.perform(operation).await;
                model.check(operation).await;
            }
        });
    }
}

impl Model {
    async fn new(rotates: bool) -> Self {
        let refresh = if rotates { Refresh::Rotate } else { Refresh::Same };
        let scene = scene_with(Settings { refresh, rate_limits: false, ..Settings::default() }).await;
        let (installs, codes, access, refresh) = Default::default();
        Self { scene, rotates, now_s: 0, installs, codes, access, refresh }
    }

    async fn perform(&mut self, operation: &Operation) {
        match operation {
            Operation::Install { second } => self.install(account(*second)).await,
            Operation::Replay(which) => {
                if !self.codes.is_empty() {
                    assert_eq!(
                        self.scene.exchange(&self.codes[which.index(self.codes.len())]).await.status(),
                        400,
                        "a code worked twice"
                    );
                }
            }
            Operation::Refresh(which) => self.refresh(which.index(self.refresh.len())).await,
            Operation::RevokeAccess(which) => {
                let token = which.index(self.access.len());
                let ends = self.lives(&self.access[token]).then_some(self.access[token].install);
                self.revoke(&self.access[token].text, ends).await;
                self.end(ends);
            }
            Operation::RevokeRefresh(which) => {
                let token = which.index(self.refresh.len());
                let ends = self.lives(&self.refresh[token]).then_some(self.refresh[token].install);
                self.revoke(&self.refresh[token].text, ends).await;
                self.end(ends);
            }
            Operation::Uninstall { second } => {
                let ends = self.current(&account(*second));
                let answer = self.scene.klaviyo.uninstall(&account(*second), APP);
                assert_eq!(answer.is_ok(), ends.is_some(), "{answer:?}");
                self.end(ends);
            }
            Operation::Wait(time) => {
                self.scene.klaviyo.clock().advance(*time);
                self.now_s += time.as_secs();
            }
        }
    }

    async fn install(&mut self, account: AccountId) {
        let browser = Browser::signed_in(&self.scene, BEN).await;
        let state = format!("state {}", self.codes.len());
        let page = text(browser.get(&authorize(&[("state", &state)])).await).await;
        let (csrf, attempt) = (field(&page, "csrf"), field(&page, "attempt"));
        let form = [("csrf", csrf.as_str()), ("attempt", &attempt), ("account", account.as_str())];
        let consent = location(&browser.post("/oauth/authorize/account", &form).await);
        let code = parameter(&browser.decide(&consent, "allow").await, "code").expect("a code");
        let (access, refresh) = tokens(self.scene.exchange(&code).await).await;
        self.codes.push(code);
        let install = self.current(&account).unwrap_or_else(|| {
            self.installs.push(Install { account, over: false });
            self.installs.len() - 1
        });
        // The new refresh token replaces those before it.
        self.refresh.iter_mut().filter(|token| token.install == install).for_each(|token| token.dead = true);
        self.access.push(Token { text: access, install, expires_s: self.now_s + ACCESS_LIFE_S, dead: false });
        self.refresh.push(Token { text: refresh, install, expires_s: self.now_s + REFRESH_LIFE_S, dead: false });
    }

    async fn refresh(&mut self, which: usize) {
        let token = &self.refresh[which];
        let (lives, install, text) = (self.lives(token), token.install, token.text.clone());
        let answer = self.scene.refresh(&text).await;
        if !lives {
            assert_eq!(answer.status(), 400, "a dead refresh token was taken");
            return;
        }
        let (access, refresh) = tokens(answer).await;
        self.access.push(Token { text: access, install, expires_s: self.now_s + ACCESS_LIFE_S, dead: false });
        let expires_s = self.now_s + REFRESH_LIFE_S;
        assert_eq!(refresh != text, self.rotates);
        if self.rotates {
            self.refresh[which].dead = true;
            self.refresh.push(Token { text: refresh, install, expires_s, dead: false });
        } else {
            self.refresh[which].expires_s = expires_s;
        }
    }

    async fn revoke(&self, token: &str, ends: Option<usize>) {
        let before = self.scene.klaviyo.installs().len();
        let call = self.scene.api("POST", "/oauth/revoke").basic_auth(APP, Some(SECRET)).form(&[("token", token)]);
        assert_eq!(call.send().await.expect("Klaviyo answers").status(), 200);
        let ended = before - self.scene.klaviyo.installs().len();
        assert_eq!(ended, usize::from(ends.is_some()), "installs that the revocation ended");
    }

    fn end(&mut self, install: Option<usize>) {
        if let Some(install) = install {
            self.installs[install].over = true;
        }
    }

    fn current(&self, account: &AccountId) -> Option<usize> {
        self.installs.iter().position(|install| !install.over && install.account == *account)
    }

    fn lives(&self, token: &Token) -> bool {
        !token.dead && !self.installs[token.install].over && self.now_s < token.expires_s
    }

    /// Every access token works, or not, as it should; of refresh tokens, which a use would keep alive, the dead ones alone are tried.
    async fn check(&mut self, after: &Operation) {
        for token in &self.access {
            let status = self.scene.call("/api/accounts", &token.text).await.status();
            let right = if self.lives(token) { 200 } else { 401 };
            assert_eq!(status, right, "an access token after {after:?}");
        }
        for token in self.refresh.iter().filter(|token| !self.lives(token)) {
            assert_eq!(self.scene.refresh(&token.text).await.status(), 400, "a refresh token after {after:?}");
        }
    }
}

fn account(second: bool) -> AccountId {
    if second { lighthouse() } else { harbour() }
}
