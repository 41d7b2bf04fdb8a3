//! Carries connections between two network namespaces through Unix sockets, which belong to the file system and so to neither.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::task::JoinSet;

/// The connections carried between an inner network namespace and the outer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// The folder of the sockets.
    pub folder: PathBuf,
    /// Loopback ports of the inner namespace that are reachable at the same ports of the outer one.
    pub inbound: Vec<u16>,
    /// Loopback addresses of the outer namespace that are reachable from the inner one.
    pub outbound: Vec<OutboundForward>,
}

/// A loopback address of the outer namespace and the address at which the inner one reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboundForward {
    /// In the inner namespace.
    pub inside: SocketAddr,
    /// In the outer namespace.
    pub outside: SocketAddr,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Where connections are accepted.
enum Source {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Where they are carried to.
#[derive(Clone)]
enum Target {
    /// A port on the IPv4 or IPv6 loopback address.
    Port(u16),
    Address(SocketAddr),
    Socket(PathBuf),
}

impl Bridge {
    /// Serves the inner end until the tasks are dropped.
    pub async fn serve_inside(&self) -> io::Result<JoinSet<()>> {
        let mut tasks = JoinSet::new();
        for port in &self.inbound {
            let source = Source::Unix(UnixListener::bind(self.in_socket(*port))?);
            tasks.spawn(carry(source, Target::Port(*port)));
        }
        for outbound in &self.outbound {
            let source = Source::Tcp(TcpListener::bind(outbound.inside).await?);
            tasks.spawn(carry(source, Target::Socket(self.out_socket(outbound))));
        }
        Ok(tasks)
    }

    /// Serves the outer end until the tasks are dropped.
    pub(crate) async fn serve_outside(&self) -> io::Result<JoinSet<()>> {
        let mut tasks = JoinSet::new();
        for port in &self.inbound {
            let on_v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await?;
            // Machines without IPv6 have only the other.
            let on_v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, *port)).await.ok();
            for listener in [Some(on_v4), on_v6].into_iter().flatten() {
                tasks.spawn(carry(Source::Tcp(listener), Target::Socket(self.in_socket(*port))));
            }
        }
        for outbound in &self.outbound {
            let source = Source::Unix(UnixListener::bind(self.out_socket(outbound))?);
            tasks.spawn(carry(source, Target::Address(outbound.outside)));
        }
        Ok(tasks)
    }

    fn in_socket(&self, port: u16) -> PathBuf {
        self.folder.join(format!("in-{port}"))
    }

    fn out_socket(&self, outbound: &OutboundForward) -> PathBuf {
        self.folder.join(format!("out-{}", outbound.inside))
    }
}

/// Carries every accepted connection until it is dropped.
async fn carry(source: Source, target: Target) {
    let mut connections = JoinSet::new();
    loop {
        let accepted: io::Result<Box<dyn Stream>> = match &source {
            Source::Tcp(listener) => listener.accept().await.map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
            Source::Unix(listener) => listener.accept().await.map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
        };
        while connections.try_join_next().is_some() {}
        let Ok(mut near) = accepted else {
            // No file descriptor is left until others are closed.
            tokio::task::yield_now().await;
            continue;
        };
        let target = target.clone();
        connections.spawn(async move {
            // Without a listener the connection is closed; how it ends otherwise concerns only the two ends.
            if let Ok(mut far) = connect(&target).await {
                let _ = copy_bidirectional(&mut near, &mut far).await;
            }
        });
    }
}

async fn connect(target: &Target) -> io::Result<Box<dyn Stream>> {
    Ok(match target {
        Target::Port(port) => match TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).await {
            Ok(stream) => Box::new(stream),
            Err(_) => Box::new(TcpStream::connect((Ipv6Addr::LOCALHOST, *port)).await?),
        },
        Target::Address(address) => Box::new(TcpStream::connect(address).await?),
        Target::Socket(path) => Box::new(UnixStream::connect(path).await?),
    })
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn said_at(address: SocketAddr) -> String {
        let mut stream = TcpStream::connect(address).await.expect("connects");
        let mut said = String::new();
        stream.read_to_string(&mut said).await.expect("reads to the end");
        said
    }

    #[tokio::test]
    async fn connections_are_carried_out_of_the_inner_network_and_closed_where_nobody_listens() {
        let server = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let outside = server.local_addr().expect("bound");
        let serving = tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.expect("comes");
            stream.write_all(b"hello").await.expect("sent");
        });
        let inside = TcpListener::bind("127.0.0.1:0").await.and_then(|free| free.local_addr()).expect("a port");
        let folder = tempfile::tempdir().expect("a folder");
        let outbound = vec![OutboundForward { inside, outside }];
        let bridge = Bridge { folder: folder.path().to_owned(), inbound: Vec::new(), outbound };
        let _outer = bridge.serve_outside().await.expect("serves");
        let _inner = bridge.serve_inside().await.expect("serves");
        assert_eq!(said_at(inside).await, "hello");
        serving.await.expect("the first connection came through");
        assert_eq!(said_at(inside).await, "", "nobody listens there any more");
    }
}
