//! The fake Klaviyo's requests per second, with the journal on.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use flowcheck::klaviyo::{Server, Settings, StateFile};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::client::{ADA, APP, SECRET, Scene, authorize, http, open, scene_with};
use super::load::Ask;
use super::measure::median;
use super::page::tell;

/// Turns of rates that are compared, so that a machine's mood hits all.
const TURNS: usize = 3;
/// How long each endpoint is looked at; not longer, since each request makes the journal longer.
const A_LOOK: Duration = Duration::from_millis(500);

/// The token endpoint, beside a bare hyper answer, and with a state file.
pub(crate) fn token() {
    block_on(async {
        let folder = tempfile::tempdir().expect("there is room");
        let file = StateFile::open(&folder.path().join("state.db")).expect("a new file");
        let keeping = open(Server::builder().state_file(file)).await;
        let scene = scene().await;
        let (ask, kept) = (refresh(&scene).await, refresh(&keeping).await);
        let bare = ask.at(bare().await);
        let (mut ours, mut theirs, mut on_disk) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TURNS {
            ours.push(ask.rate().await.per_second);
            theirs.push(bare.rate().await.per_second);
            on_disk.push(kept.rate().await.per_second);
        }
        let (ours, theirs, on_disk) = (median(&mut ours), median(&mut theirs), median(&mut on_disk));
        tell("token endpoint", per_second(ours));
        tell("a bare hyper answer beside it, in turns", format!("{}; ratio {:.2}", per_second(theirs), ours / theirs));
        tell("token endpoint with a state file, each answer on the disk before it is sent", per_second(on_disk));
    });
}

/// Each kind of endpoint, with a journal that is long already.
pub(crate) fn endpoints() {
    block_on(async {
        let scene = scene().await;
        for entries in [1_000_u32, 10_000, 100_000] {
            // Each is made when it is its turn: installing again ends the refresh token of the install before.
            let missing = entries.saturating_sub(scene.recorder.next_seq());
            refresh(&scene).await.times(usize::try_from(missing).expect("a countable number")).await;
            tell_each(&scene, &format!("{} thousand journal entries", entries / 1_000)).await;
        }
    });
}

/// Tells the rate of each kind of endpoint, and the time within which 99 of 100 answers came.
async fn tell_each(scene: &Scene, with: &str) {
    let token = refresh(scene).await.rate_for(A_LOOK).await;
    let consent = consent(scene).await.rate_for(A_LOOK).await;
    let profiles = profiles(scene).await.rate_for(A_LOOK).await;
    for (name, rate) in
        [("token (refresh)", token), ("authorize (consent page)", consent), ("API (profiles)", profiles)]
    {
        tell(format!("{name}, {with}"), format!("{}, p99 {:.2} ms", per_second(rate.per_second), rate.p99_ms));
    }
}

fn per_second(rate: f64) -> String {
    format!("{rate:.0}/s")
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("a runtime starts").block_on(work)
}

async fn scene() -> Scene {
    scene_with(Settings { rate_limits: false, ..Settings::default() }).await
}

/// Refreshing one install's token.
async fn refresh(scene: &Scene) -> Ask {
    let (_, refresh) = scene.installed().await;
    refresh_of(scene, &refresh)
}

/// Refreshing by this token.
pub(crate) fn refresh_of(scene: &Scene, refresh: &str) -> Ask {
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    Ask::form(scene.klaviyo.addr(), "/oauth/token", APP, SECRET, &form)
}

async fn profiles(scene: &Scene) -> Ask {
    let (access, _) = scene.installed().await;
    Ask {
        address: scene.klaviyo.addr(),
        method: "GET",
        path: "/api/profiles".to_owned(),
        headers: vec![("authorization", format!("Bearer {access}")), ("revision", "2026-07-15".to_owned())],
        body: Bytes::new(),
    }
}

async fn consent(scene: &Scene) -> Ask {
    Ask {
        address: scene.klaviyo.addr(),
        method: "GET",
        path: authorize(&[]),
        headers: vec![("cookie", cookie(scene).await)],
        body: Bytes::new(),
    }
}

/// The cookie of a browser that is signed in to Klaviyo.
async fn cookie(scene: &Scene) -> String {
    let link = scene.klaviyo.sign_in_link(ADA, "/integrations");
    let answer = http(scene.klaviyo.addr(), false).get(link).send().await.expect("Klaviyo answers");
    let cookie = answer.headers()["set-cookie"].to_str().expect("plain text");
    cookie.split(';').next().expect("a pair").to_owned()
}

/// A hyper server that answers anything with the same JSON.
async fn bare() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = hyper::service::service_fn(|request: Request<hyper::body::Incoming>| async move {
                let _ = request.into_body().collect().await;
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"{\"access_token\":\"x\"}"))))
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    address
}
