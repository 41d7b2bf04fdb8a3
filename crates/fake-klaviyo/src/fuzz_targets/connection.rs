//! Whole connections.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Runtime;

use crate::embed::{ConnInfo, HttpHandler, Scheme};
use crate::{Client, Server};
use flowcheck_evidence::{Event, Recorder};

struct Scene {
    runtime: Runtime,
    server: Server,
    recorder: Recorder,
}

thread_local! {
    static SCENE: Scene = Scene::new();
}

impl Scene {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let recorder = Recorder::bounded(16);
        let app = Client::new("app-client-id", "app client+secret/with:marks").redirect_uri("http://localhost:3000/cb");
        let server = Server::builder().recorder(recorder.clone()).client(app).bind("127.0.0.1:0");
        let server = runtime.block_on(server).expect("a free port");
        Self { runtime, server, recorder }
    }
}

/// All that a client sends on one connection before it closes its side: what comes back is HTTP or nothing, and no handler panics.
///
/// # Panics
///
/// Where that is not so.
pub fn klaviyo_connection(sent: &[u8]) {
    SCENE.with(|scene| {
        let from = scene.recorder.next_seq();
        let answer = scene.runtime.block_on(answer(&scene.server.http_handler(), sent));
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{:?}", String::from_utf8_lossy(&answer));
        let entries = scene.recorder.since(from);
        let failed = entries.iter().find(|entry| matches!(entry.event, Event::HarnessError(_)));
        assert!(failed.is_none(), "{failed:?}");
    });
}

/// What the handler answers on a connection before it ends it.
async fn answer(handler: &HttpHandler, sent: &[u8]) -> Vec<u8> {
    let (mut client, server) = tokio::io::duplex(1 << 20);
    let serving = handler.serve(server, ConnInfo { scheme: Scheme::Http }, std::future::pending());
    let asking = async {
        // The handler may have closed its side already.
        let _ = client.write_all(sent).await;
        let _ = client.shutdown().await;
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.expect("a pipe of this process can be read");
        answer
    };
    tokio::join!(serving, asking).1
}
