//! Templates of statements, checked when this is compiled.

/// Whether each name in braces is one of the names, and each of those stands in the template.
pub(crate) const fn is_template(template: &str, names: &[&str]) -> bool {
    let text = template.as_bytes();
    let mut used = 0_u64;
    let mut at = 0;
    while at < text.len() {
        let doubled = at + 1 < text.len() && text[at] == text[at + 1];
        match text[at] {
            b'{' | b'}' if doubled => at += 2,
            b'{' => {
                let Some(index) = named(text, at + 1, names) else { return false };
                used |= 1 << index;
                at += names[index].len() + 2;
            }
            b'}' => return false,
            _ => at += 1,
        }
    }
    used == (1 << names.len()) - 1
}

/// Which of the names stands at a place, before a closing brace.
const fn named(text: &[u8], at: usize, names: &[&str]) -> Option<usize> {
    let mut index = 0;
    while index < names.len() {
        let name = names[index].as_bytes();
        let mut same = 0;
        while same < name.len() && at + same < text.len() && text[at + same] == name[same] {
            same += 1;
        }
        if same == name.len() && at + same < text.len() && text[at + same] == b'}' {
            return Some(index);
        }
        index += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_has_its_values_and_no_others() {
        for (template, names, fits) in [
            ("{a} and {b}", &["a", "b"] as &[&str], true),
            ("{a} and {a}", &["a"], true),
            ("{{a}}", &[], true),
            ("{{a}}", &["a"], false),
            ("{a}", &["a", "b"], false),
            ("{a} {b}", &["a"], false),
            ("{ab}", &["a"], false),
            ("{a", &["a"], false),
            ("a}", &[], false),
        ] {
            assert_eq!(is_template(template, names), fits, "{template} of {names:?}");
        }
    }
}
