//! `.env` files, read as the libraries of Node, Python and Ruby read them, which take more than a shell does: values with spaces need no
//! quotes. Crates that read `.env` refuse such lines, and number lines without those between them.

/// A line that is not NAME=VALUE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotAPair {
    /// Its number in the file, from 1.
    pub(super) line: usize,
}

/// The names and values of a file, in its order.
pub(super) fn read(text: &str) -> Result<Vec<(String, String)>, NotAPair> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut pairs = Vec::new();
    let mut rest = text.as_str();
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = below;
        let line = line.trim();
        let line = line.strip_prefix("export ").map_or(line, str::trim_start);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else { return Err(NotAPair { line: number }) };
        let (name, value) = (name.trim_end(), value.trim_start());
        if name.is_empty() || !name.chars().all(|char| char.is_ascii_alphanumeric() || "_.-".contains(char)) {
            return Err(NotAPair { line: number });
        }
        let value = match value.chars().next().filter(|first| "'\"`".contains(*first)) {
            None => plain(value).to_owned(),
            Some(quote) => {
                // A quoted value may go on over several lines.
                let whole = if below.is_empty() { value[1..].to_owned() } else { format!("{}\n{below}", &value[1..]) };
                let Some(end) = closing(&whole, quote) else { return Err(NotAPair { line: number }) };
                let lines = whole[..end].matches('\n').count();
                number += lines;
                let after = whole[end + 1..].split_once('\n').map_or(0, |(_, after)| after.len());
                rest = &below[below.len() - after..];
                if quote == '"' { unescaped(&whole[..end]) } else { whole[..end].to_owned() }
            }
        };
        pairs.push((name.to_owned(), value));
    }
    Ok(pairs)
}

/// A value without quotes: up to a comment, which a space sets off.
fn plain(value: &str) -> &str {
    let comment = value
        .char_indices()
        .find(|(at, char)| *char == '#' && (*at == 0 || value[..*at].ends_with(char::is_whitespace)));
    comment.map_or(value, |(at, _)| &value[..at]).trim_end()
}

/// Where a quoted value ends.
fn closing(value: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    value.char_indices().find_map(|(at, char)| {
        let ends = char == quote && !escaped;
        escaped = char == '\\' && !escaped && quote == '"';
        ends.then_some(at)
    })
}

/// What a value in double quotes stands for.
fn unescaped(value: &str) -> String {
    let mut whole = String::new();
    let mut chars = value.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            whole.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => whole.push('\n'),
            Some('r') => whole.push('\r'),
            Some('t') => whole.push('\t'),
            Some(same @ ('"' | '\\' | '$')) => whole.push(same),
            Some(other) => whole.extend(['\\', other]),
            None => whole.push('\\'),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_dotenv_reads_them() {
        for (text, value) in [
            ("A=b", "b"),
            ("A = b", "b"),
            ("  export A=b  ", "b"),
            ("A=", ""),
            ("A=two words", "two words"),
            ("A=two words # and a comment", "two words"),
            ("A=b#c", "b#c"),
            ("A=#c", ""),
            ("A='b # c'", "b # c"),
            ("A='b\\n'", "b\\n"),
            ("A=\"b # c\" # d", "b # c"),
            ("A=\"b\\nc\\\"d\\\\\"", "b\nc\"d\\"),
            ("A=`it's \"b\"`", "it's \"b\""),
            ("A=b=c==", "b=c=="),
            ("A=$B ${C}", "$B ${C}"),
            ("A=b\r", "b"),
            ("\u{feff}A=b", "b"),
            ("A='one\ntwo'", "one\ntwo"),
        ] {
            assert_eq!(read(text), Ok(vec![("A".to_owned(), value.to_owned())]), "{text:?}");
        }
    }

    #[test]
    fn pairs_keep_their_order_and_what_is_none_has_its_line() {
        let text = "# one\r\n\r\nA=1\r\nB=\"x\r\ny\" # z\r\n\r\nc.d-e=3\r\n";
        let pairs: Vec<(String, String)> = read(text).unwrap();
        let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["A", "B", "c.d-e"]);
        assert_eq!(pairs[1].1, "x\ny");
        for (text, line) in [
            ("A", 1),
            ("A=1\nB 2", 2),
            ("# x\n\nA=1\n\nB: 2", 5),
            ("A='open\nB=1", 1),
            ("A='x\ny'\nB 2", 3),
            ("=1", 1),
            ("A B=1", 1),
        ] {
            assert_eq!(read(text), Err(NotAPair { line }), "{text:?}");
        }
        assert_eq!(read(""), Ok(Vec::new()));
    }
}
