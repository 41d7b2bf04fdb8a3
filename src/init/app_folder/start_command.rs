//! How an app is started, according to what its framework keeps in its folder.

use std::path::Path;

use serde_json::Value;

/// A command that may start the app, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartCommand {
    /// The command, as in `start.command`.
    pub command: String,
    /// The file that says so.
    pub found_in: &'static str,
    /// The port that is written there, if any.
    pub port: Option<u16>,
}

/// Scripts of a `package.json` that start an app, the likeliest first.
const SCRIPTS: [&str; 4] = ["dev", "start:dev", "start", "serve"];
/// Processes of a `Procfile` that people come to.
const PROCESSES: [&str; 2] = ["web", "server"];

/// The commands that a folder speaks of, the likeliest first.
pub fn start_commands(folder: &Path) -> Vec<StartCommand> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let there = |name: &str| folder.join(name).is_file();
    let mut found = Vec::new();
    let mut add = |command: String, found_in: &'static str, port| found.push(StartCommand { command, found_in, port });
    if there("bin/dev") {
        add("bin/dev".to_owned(), "bin/dev", None);
    }
    if let Some(script) = read("package.json").and_then(|text| script(&text)) {
        let manager = [("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lockb", "bun"), ("bun.lock", "bun")];
        let manager = manager.into_iter().find(|(lock, _)| there(lock)).map_or("npm", |(_, manager)| manager);
        add(format!("{manager} run {}", script.0), "package.json", script.1);
    }
    if let Some(command) = read("Procfile").as_deref().and_then(process) {
        let port = port_in(&command);
        add(command, "Procfile", port);
    }
    if there("manage.py") {
        add("python manage.py runserver 127.0.0.1:{port} --noreload".to_owned(), "manage.py", None);
    }
    if there("artisan") {
        add("php artisan serve --host 127.0.0.1 --port {port}".to_owned(), "artisan", None);
    }
    for name in ["docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml"] {
        if let Some(text) = read(name) {
            add("docker compose up".to_owned(), "docker-compose.yml", published_port(&text));
            break;
        }
    }
    found
}

/// The name of the script that starts the app, and the port that it names.
fn script(package: &str) -> Option<(String, Option<u16>)> {
    let package: Value = serde_json::from_str(package).ok()?;
    let scripts = package.get("scripts")?.as_object()?;
    let name = SCRIPTS.into_iter().find(|name| scripts.contains_key(*name))?;
    Some((name.to_owned(), scripts[name].as_str().and_then(port_in)))
}

/// The command of the process that people come to. A shell would fill in `$PORT`; flowcheck fills in {port}.
fn process(procfile: &str) -> Option<String> {
    let mut lines = procfile.lines().filter_map(|line| line.split_once(':'));
    let (_, command) = lines.find(|(name, _)| PROCESSES.contains(&name.trim()))?;
    let text = command.trim().replace("${PORT}", "{port}").replace("$PORT", "{port}");
    // Other variables need a shell.
    Some(if text.contains(['$', '|', '&', ';']) { format!("sh -c '{}'", text.replace('\'', "'\\''")) } else { text })
}

/// The port that a command names: `--port 4000`, `-p 4000`, `PORT=4000`.
fn port_in(command: &str) -> Option<u16> {
    let words: Vec<&str> = command.split([' ', '=', ':']).collect();
    let flags = ["--port", "-p", "PORT", "-port"];
    words.windows(2).find(|pair| flags.contains(&pair[0])).and_then(|pair| pair[1].parse().ok())
}

/// The first port of this machine that a compose file publishes.
fn published_port(compose: &str) -> Option<u16> {
    let after = compose.lines().skip_while(|line| line.trim() != "ports:").skip(1);
    let first = after.map(str::trim).find(|line| line.starts_with('-'))?;
    let mapping = first.trim_start_matches('-').trim().trim_matches(['"', '\'']);
    let mut parts: Vec<&str> = mapping.split(':').collect();
    parts.pop().filter(|_| !parts.is_empty())?;
    parts.pop()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(String, Option<u16>)> {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("there is room for a folder");
            std::fs::write(path, text).expect("the file can be written");
        }
        start_commands(folder.path()).into_iter().map(|start| (start.command, start.port)).collect()
    }

    #[test]
    fn each_frameworks_way_to_start_is_found() {
        let one = |command: &str, port| vec![(command.to_owned(), port)];
        let package = |scripts: &str| format!("{{\"scripts\": {{{scripts}}}}}");
        let vite = package("\"build\": \"vite build\", \"dev\": \"vite --port 4000\"");
        let plain = package("\"start\": \"node server.js\", \"test\": \"x\"");
        for (files, expected) in [
            (vec![("package.json", vite.as_str())], one("npm run dev", Some(4000))),
            (vec![("package.json", plain.as_str()), ("yarn.lock", "")], one("yarn run start", None)),
            (vec![("package.json", plain.as_str()), ("pnpm-lock.yaml", "")], one("pnpm run start", None)),
            (vec![("manage.py", "")], one("python manage.py runserver 127.0.0.1:{port} --noreload", None)),
            (vec![("artisan", "")], one("php artisan serve --host 127.0.0.1 --port {port}", None)),
            (vec![("bin/dev", "")], one("bin/dev", None)),
            (vec![("Procfile", "worker: x\nweb: gunicorn app -b :$PORT\n")], one("gunicorn app -b :{port}", None)),
            (vec![("Procfile", "web: a && b\n")], one("sh -c 'a && b'", None)),
            (
                vec![("docker-compose.yml", "services:\n  web:\n    ports:\n      - \"127.0.0.1:8080:80\"\n")],
                one("docker compose up", Some(8080)),
            ),
        ] {
            assert_eq!(found(&files), expected, "{files:?}");
        }
    }

    #[test]
    fn what_starts_nothing_is_no_command() {
        let build = "{\"scripts\": {\"build\": \"tsc\"}}";
        for files in [
            vec![],
            vec![("package.json", build)],
            vec![("package.json", "{ broken")],
            vec![("Procfile", "worker: sidekiq\n")],
            vec![("README.md", "npm run dev")],
        ] {
            assert_eq!(found(&files), [], "{files:?}");
        }
        let compose = "services:\n  web:\n    ports:\n      - \"80\"\n";
        assert_eq!(found(&[("compose.yaml", compose)]), [("docker compose up".to_owned(), None)]);
    }
}
