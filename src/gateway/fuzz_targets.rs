//! What `fuzz/` does with any bytes, and tests do with the seeds kept there.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::evidence::{Event, Recorder};
use crate::gateway::certificate_authority::CertificateAuthority;
use crate::gateway::context::EndpointContext;
use crate::gateway::host_class::HostClass;
use crate::gateway::probe::Probe;
use crate::gateway::proxy::http;
use crate::klaviyo::Server;

/// Every port but 0, so that nothing of this machine is connected to.
static ALL_PORTS: [u16; 65_535] = {
    let mut ports = [u16::MAX; 65_535];
    let mut port = 1;
    while port < u16::MAX {
        ports[port as usize] = port;
        port += 1;
    }
    ports
};

struct Scene {
    runtime: Runtime,
    context: Arc<EndpointContext>,
    recorder: Recorder,
    _klaviyo: Server,
}

thread_local! {
    static SCENE: Scene = Scene::new();
}

impl Scene {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let recorder = Recorder::bounded(16);
        let klaviyo = Server::builder().recorder(recorder.clone()).bind("127.0.0.1:0");
        let klaviyo = runtime.block_on(klaviyo).expect("a free port");
        let authority = Arc::new(CertificateAuthority::new().expect("an authority"));
        let context = EndpointContext {
            klaviyo: klaviyo.http_handler(),
            by_sni: authority.by_sni().expect("TLS"),
            in_tunnel: authority.in_tunnel().expect("TLS"),
            hermetic: true,
            idle_timeout: Duration::from_secs(1),
            probe: Probe::new(),
            stats: Arc::default(),
            access_gate: None,
            closed_ports: &ALL_PORTS,
            activity: None,
        };
        Self { runtime, context: Arc::new(context), recorder, _klaviyo: klaviyo }
    }
}

/// All that a client sends on one connection in clear, before it closes its side: what comes back is HTTP or nothing, and the fake Klaviyo
/// is asked for no host but Klaviyo's.
///
/// # Panics
///
/// Where that is not so.
pub fn gateway_connection(sent: &[u8]) {
    SCENE.with(|scene| {
        let from = scene.recorder.next_seq();
        let answer = scene.runtime.block_on(answer(&scene.context, sent));
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{:?}", String::from_utf8_lossy(&answer));
        for entry in scene.recorder.since(from) {
            match entry.event {
                Event::HarnessError(failed) => panic!("{failed:?}"),
                Event::Exchange(exchange) if !exchange.host.is_empty() => {
                    let host = exchange.host.rsplit_once(':').map_or(exchange.host.as_str(), |(host, _)| host);
                    assert_eq!(HostClass::of(host), HostClass::Klaviyo, "{host}");
                    let named = sent.to_ascii_lowercase().windows(11).any(|part| part == b"klaviyo.com");
                    assert!(named, "{host} was asked for by nobody");
                }
                _ => {}
            }
        }
    });
}

/// What the gateway answers on a connection before it ends it.
async fn answer(context: &Arc<EndpointContext>, sent: &[u8]) -> Vec<u8> {
    let (mut client, server) = tokio::io::duplex(1 << 20);
    let (_running, stopped) = watch::channel(false);
    let serving = http::serve(server, context, stopped);
    let asking = async {
        // The gateway may have closed its side already.
        let _ = client.write_all(sent).await;
        let _ = client.shutdown().await;
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.expect("a pipe of this process can be read");
        answer
    };
    tokio::join!(serving, asking).1
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/play_seeds.rs"));

    #[test]
    fn seeds_hold() {
        play_seeds("gateway_connection", super::gateway_connection);
    }
}
