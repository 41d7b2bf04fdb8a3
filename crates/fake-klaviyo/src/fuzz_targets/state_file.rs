//! The file of `serve --state`.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{Client, Server, StateFile};

thread_local! {
    static FOLDER: TempDir = {
        // In memory, where there is such a folder: each file is written to the disk otherwise.
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.expect("a folder")
    };
}

/// A file that is given as a state file: a server starts with it, or it is refused. One that is not flowcheck's stays as it is.
///
/// # Panics
///
/// Where that is not so.
pub fn state_file(content: &[u8]) {
    FOLDER.with(|folder| {
        let path = folder.path().join("state");
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(folder.path().join(format!("state{end}")));
        }
        fs::write(&path, content).expect("written");
        let is_ours =
            content.is_empty() || content.starts_with(b"SQLite format 3\0") && content.get(68..72) == Some(b"flow");
        match StateFile::open(&path) {
            Ok(file) => {
                assert!(is_ours, "a foreign file was opened");
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let app = Client::new("app-client-id", "the-secret-of-the-app");
                    if let Ok(server) = Server::builder().client(app).state_file(file).bind("127.0.0.1:0").await {
                        server.stop().await;
                    }
                });
            }
            Err(_) if is_ours => {}
            Err(_) => assert_eq!(fs::read(&path).expect("it is there"), content, "a foreign file was changed"),
        }
    });
}
