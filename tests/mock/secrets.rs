//! No secret is ever on the timeline.

use crate::client::{
    ADA, APP, BEN, Browser, CHALLENGE, PASSWORD, SECRET, VERIFIER, authorize, field, http, parameter, scene, text,
    tokens,
};

#[tokio::test]
async fn nothing_that_was_issued_or_sent_in_secret_is_in_the_journal() {
    let scene = scene().await;
    let state = "a-long-state/with+marks=and-more";
    let browser = Browser::new(&scene);
    // Every way that secrets take: login, consent, exchange, refresh, calls, mistakes.
    let link = scene.klaviyo.sign_in_link(BEN, "/integrations");
    let ticket = link.path_segments().and_then(Iterator::last).expect("a ticket").to_owned();
    Browser::new(&scene).get(link.as_str()).await;
    let login = browser.get(&authorize(&[("state", state)])).await;
    let cookie = login.headers()["set-cookie"].to_str().expect("text").to_owned();
    let session = cookie.split(['=', ';']).nth(1).expect("a session").to_owned();
    let page = text(browser.get("/login").await).await;
    let csrf = field(&page, "csrf");
    for password in ["a wrong password", PASSWORD] {
        browser.post("/login", &[("csrf", &csrf), ("email", ADA), ("password", password)]).await;
    }
    let back = browser.decide(&authorize(&[("state", state)]), "allow").await;
    let code = parameter(&back, "code").expect("a code");
    scene.token(&[("grant_type", "authorization_code"), ("code", &code), ("code_verifier", "a bad verifier!")]).await;
    let (access, refresh) = tokens(scene.exchange(&code).await).await;
    scene.exchange(&code).await;
    let (newer, _) = tokens(scene.refresh(&refresh).await).await;
    scene.call("/api/profiles", &access).await;
    scene.call(&format!("/api/profiles/{newer}?access_token={newer}"), &newer).await;
    scene.api("GET", "/api/profiles").header("authorization", "Klaviyo-API-Key pk_secretprivatekey").send().await.ok();
    let leaky = format!("http://localhost:3000/callback?code={code}&state=short");
    scene
        .api("GET", "/")
        .header("referer", leaky)
        .header("cookie", "app_session=the-apps-own-session")
        .send()
        .await
        .ok();
    let json = format!(r#"{{"client_secret":"{SECRET}","code":"{code}","code_verifier":"{VERIFIER}"}}"#);
    let call = scene.api("POST", "/oauth/token").header("content-type", "application/json").body(json);
    call.send().await.ok();
    let in_body = [("client_id", APP), ("client_secret", SECRET), ("token", access.as_str())];
    scene.api("POST", "/oauth/revoke").form(&in_body).send().await.ok();
    let control = scene.klaviyo.control_secret().to_owned();
    http(scene.klaviyo.addr(), false).get(scene.klaviyo.www()).bearer_auth(&control).send().await.ok();

    let journal = serde_json::to_string(&scene.recorder.since(0)).expect("serializes");
    let encoded: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
    for secret in [
        state,
        &encoded,
        &ticket,
        &session,
        &csrf,
        PASSWORD,
        "a wrong password",
        "a+wrong+password",
        &code,
        CHALLENGE,
        VERIFIER,
        "a bad verifier!",
        &access,
        &newer,
        &refresh,
        SECRET,
        "pk_secretprivatekey",
        "the-apps-own-session",
        "state=short",
        &control,
    ] {
        assert!(!journal.contains(secret), "{secret} is in the journal: {}", around(&journal, secret));
    }
    let basic = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("{APP}:{SECRET}"));
    assert!(!journal.contains(&basic));
    assert!(journal.contains("‹code ") && journal.contains("‹access_token "), "fingerprints are");
}

/// What stands around a find, to see where it came from.
fn around(journal: &str, secret: &str) -> String {
    let at = journal.find(secret).unwrap_or_default();
    journal[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect()
}
