//! Where an app keeps its data, according to a variable of its `.env`.

/// Schemes of addresses of database files.
const SCHEMES: [&str; 6] = ["sqlite3:///", "sqlite:///", "sqlite://", "sqlite3:", "sqlite:", "file:"];
/// Ends of the names of database files.
const FILES: [&str; 3] = [".db", ".sqlite", ".sqlite3"];
/// Words at the end of a variable's name that say that it names a folder, and words that say that it holds data.
const FOLDERS: [&str; 4] = ["DIR", "DIRECTORY", "FOLDER", "PATH"];
const DATA: [&str; 4] = ["DATA", "DB", "DATABASE", "STORAGE"];

/// The value of a variable with `{data}` for the folder of the database's file, or for the folder of data. None where the value is no
/// such place, as a database's server is none.
pub(super) fn in_data(name: &str, value: &str) -> Option<String> {
    let scheme = SCHEMES.into_iter().find(|scheme| value.starts_with(scheme)).unwrap_or_default();
    let path = &value[scheme.len()..];
    let bare = path.split('?').next().unwrap_or(path);
    if bare.is_empty() || bare.contains(['@', ' ', ':', '\'', '"']) {
        return None;
    }
    if !scheme.is_empty() || FILES.iter().any(|end| bare.ends_with(end)) {
        let file = bare.rsplit('/').next().unwrap_or(bare);
        return Some(format!("{scheme}{{data}}/{file}{}", &path[bare.len()..]));
    }
    let name = name.to_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    let names_folder = words.last().is_some_and(|last| FOLDERS.contains(last));
    (names_folder && words.iter().any(|word| DATA.contains(word))).then(|| "{data}".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_of_data_are_in_data_and_nothing_else_is() {
        for (name, value, expected) in [
            ("DATABASE_URL", "sqlite:///instance/shop.db", "sqlite:///{data}/shop.db"),
            ("DATABASE_URL", "sqlite:////var/lib/shop.db", "sqlite:///{data}/shop.db"),
            ("DATABASE_URL", "file:./dev.db?connection_limit=1", "file:{data}/dev.db?connection_limit=1"),
            ("DB_PATH", "./data/shop.sqlite3", "{data}/shop.sqlite3"),
            ("DATA_DIR", "./var", "{data}"),
            ("STORAGE_PATH", "storage", "{data}"),
        ] {
            assert_eq!(in_data(name, value).as_deref(), Some(expected), "{name}={value}");
        }
        for (name, value) in [
            ("DATABASE_URL", "postgres://shop:secret@localhost/shop"),
            ("DATABASE_URL", "mysql://localhost/shop"),
            ("DATABASE_URL", "sqlite::memory:"),
            ("DATABASE_URL", "sqlite://:memory:"),
            ("DB_HOST", "localhost"),
            ("CALLBACK_PATH", "/klaviyo/callback"),
            ("DB_PASSWORD", "storage"),
        ] {
            assert_eq!(in_data(name, value), None, "{name}={value}");
        }
    }
}
