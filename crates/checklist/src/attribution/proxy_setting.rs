//! What to write in an app whose HTTP client does not go by the environment's variables, by the platform that it runs on.

/// Programs of a platform, and the line for its clients.
const PLATFORMS: [(&[&str], &str); 7] = [
    (
        &["node", "npm", "npx", "yarn", "pnpm", "bun"],
        "Node goes by the preload in NODE_OPTIONS: a script that sets NODE_OPTIONS must keep what is in it: NODE_OPTIONS=\"$NODE_OPTIONS …\"",
    ),
    (
        &["python", "flask", "django", "gunicorn", "uvicorn", "poetry", "uv"],
        "with aiohttp write ClientSession(trust_env=True), with httpx or requests leave trust_env as it is",
    ),
    (
        &["ruby", "bundle", "rails", "puma", "rackup"],
        "with http.rb write HTTP.via(host, port) with those of ENV[\"HTTPS_PROXY\"]",
    ),
    (
        &["java", "mvn", "gradle", "./mvnw", "./gradlew"],
        "Java goes by JAVA_TOOL_OPTIONS: a script that sets it must keep what is in it, and a client with a ProxySelector of its own needs \
         -Dhttps.proxyHost and -Dhttps.proxyPort",
    ),
    (
        &["php", "symfony", "artisan"],
        "for PHP's streams write stream_context_set_default(['http' => ['proxy' => …, 'request_fulluri' => true]]); cURL and Guzzle need \
         nothing",
    ),
    (
        &["go", "air"],
        "in Go write http.Transport{Proxy: http.ProxyFromEnvironment}, which a Transport of one's own has not",
    ),
    (&["dotnet"], "in .NET leave HttpClientHandler.UseProxy and Proxy as they are"),
];
/// Programs that start others.
const WRAPPERS: [&str; 7] = ["sh", "bash", "env", "make", "exec", "nohup", "-c"];

/// The line for the platform of a command, or of the program alone; none where it is not known.
pub fn proxy_setting(command: &[impl AsRef<str>]) -> Option<&'static str> {
    let words = command.iter().flat_map(|word| word.as_ref().split([' ', '=', ';']));
    let mut programs = words.filter(|word| !word.is_empty() && !WRAPPERS.contains(word));
    programs.find_map(|word| {
        let program = word.rsplit_once('/').map_or(word, |(_, name)| name);
        let names = |name: &&str| {
            let rest = program.strip_prefix(name.trim_start_matches("./"));
            rest.is_some_and(|rest| rest.chars().all(|char| char.is_ascii_digit() || char == '.'))
        };
        PLATFORMS.iter().find(|(programs, _)| programs.iter().any(names)).map(|(_, line)| *line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(command: &str) -> &'static str {
        proxy_setting(&[command]).unwrap_or("")
    }

    #[test]
    fn the_line_is_that_of_the_program_that_runs_the_app() {
        for (command, has) in [
            ("node server.js", "NODE_OPTIONS"),
            ("npm run dev", "NODE_OPTIONS"),
            (".venv/bin/python3.12 manage.py serve", "trust_env=True"),
            ("sh -c exec php -S localhost:1 index.php", "stream_context"),
            ("env A=1 bundle exec puma", "HTTP.via"),
            ("java -jar app.jar", "-Dhttps.proxyHost"),
            ("go run .", "ProxyFromEnvironment"),
        ] {
            assert!(line(command).contains(has), "{command}: {}", line(command));
        }
        for command in ["./server", "target/release/partner --port 1", "gopher", "nodemon-like x"] {
            assert_eq!(line(command), "", "{command}");
        }
    }
}
