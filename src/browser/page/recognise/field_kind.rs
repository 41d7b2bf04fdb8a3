//! What a field takes, by its type and by what it is called.

use crate::browser::page::page_snapshot::{Constraints, FieldHint, ReadField, Reading};
use crate::evidence::FieldKind;
use crate::lexicon::{Key, says};

/// Sets the kind of each field of which the script tells only what is written about it.
pub(in crate::browser) fn name_field_kinds(reading: &mut Reading) {
    for at in 0..reading.fields.len() {
        let stands_alone = stands_alone(reading, at);
        let read = &mut reading.fields[at];
        if let Some(hint) = &read.hint {
            read.field.kind = match kind(read, hint) {
                // Its label may say where the code is: "Code from the e-mail".
                FieldKind::Text | FieldKind::Email
                    if stands_alone && hint.kind != "email" && takes_digits(&read.constraints) =>
                {
                    FieldKind::Code
                }
                kind => kind,
            };
        }
    }
}

/// Whether a form asks for nothing else, on a page that speaks of a code or a mail.
fn stands_alone(reading: &Reading, at: usize) -> bool {
    let form = reading.fields[at].field.form;
    let others = reading.fields.iter().enumerate().filter(|(index, read)| *index != at && read.field.form == form);
    let spoken_of = [Key::MailedCode, Key::Mail, Key::CodeField].into_iter().any(|key| says(&reading.text, key));
    spoken_of && others.filter(|(_, read)| read.field.kind != FieldKind::Checkbox).count() == 0
}

/// Whether a field takes as many digits as a one-time code has.
fn takes_digits(constraints: &Constraints) -> bool {
    let wants_digits = constraints.mode == "numeric" || matches!(constraints.kind.as_str(), "tel" | "number");
    let by_pattern = ["\\d{", "[0-9]{"].iter().any(|digits| constraints.pattern.contains(digits));
    constraints.most.is_none_or(|most| (4..=8).contains(&most))
        && (by_pattern || wants_digits && constraints.most.is_some())
}

fn kind(read: &ReadField, hint: &FieldHint) -> FieldKind {
    let (kind, complete) = (hint.kind.to_lowercase(), hint.complete.to_lowercase());
    let called = format!("{} {} {} {}", read.field.name, hint.id, read.field.label, read.placeholder);
    let says = |key: Key| {
        // Names and ids join words: `verification_code`, `new-password`.
        says(&called, key) || says(&called.replace(['-', '_'], " "), key)
    };
    let may_take_a_code = matches!(kind.as_str(), "text" | "number" | "tel") && !complete.starts_with("cc-");
    if kind == "boxes" || complete.contains("one-time-code") || may_take_a_code && says(Key::CodeField) {
        FieldKind::Code
    } else if kind == "password" {
        let is_new = complete.contains("new-password") || says(Key::NewPasswordField);
        if is_new && !complete.contains("current-password") { FieldKind::NewPassword } else { FieldKind::Password }
    } else if kind == "email" || complete == "email" || complete == "username" || says(Key::EmailField) {
        FieldKind::Email
    } else if kind == "url" || complete == "url" || says(Key::UrlField) {
        FieldKind::Url
    } else {
        FieldKind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The kind of a field of this type that is called so: by its label, or by its name.
    fn kinds(kind: &str, complete: &str, called: &str) -> [FieldKind; 2] {
        [("label", called), ("name", called)].map(|(part, called)| {
            let mut field = json!({
                "element": { "element-6066-11e4-a52e-4f735466cecf": "1" }, "empty": true, "in_navigation": false, "dialog": null,
                "kind": "text", "name": "", "label": "", "required": false, "options": [], "form": null,
                "hint": { "kind": kind, "complete": complete, "id": "" },
            });
            field[part] = json!(called);
            let read: ReadField = serde_json::from_value(field).unwrap();
            super::kind(&read, read.hint.as_ref().unwrap())
        })
    }

    #[test]
    fn fields_are_told_by_type_and_autocomplete_first() {
        assert_eq!(kinds("email", "", "Wie"), [FieldKind::Email; 2]);
        assert_eq!(kinds("text", "username", "Kennung"), [FieldKind::Email; 2]);
        assert_eq!(kinds("text", "one-time-code", "Zahl"), [FieldKind::Code; 2]);
        assert_eq!(kinds("password", "current-password", "Confirm your password"), [FieldKind::Password; 2]);
        assert_eq!(kinds("password", "new-password", "Password"), [FieldKind::NewPassword; 2]);
        assert_eq!(kinds("text", "cc-csc", "Security code"), [FieldKind::Text; 2]);
    }

    #[test]
    fn codes_are_recognised_in_eight_languages_and_vouchers_are_none() {
        for called in [
            "otp",
            "totp",
            "One-time password",
            "verificationCode",
            "verification_code",
            "6-digit code",
            "sign-in code",
            "two-factor code",
            "Passcode",
            "Bestätigungscode",
            "Code de vérification",
            "Código de seguridad",
            "Código de verificação",
            "認証コード",
            "Codice di verifica",
            "Verificatiecode",
        ] {
            assert_eq!(kinds("text", "", called), [FieldKind::Code; 2], "{called}");
        }
        for called in ["Discount code", "Postcode", "Codice sconto", "Kortingscode", "Zip code"] {
            assert_eq!(kinds("text", "", called), [FieldKind::Text; 2], "{called}");
        }
    }

    #[test]
    fn passwords_that_are_set_are_told_from_those_that_are_asked_for() {
        for called in [
            "new_password",
            "newpassword",
            "Confirm password",
            "Re-enter password",
            "Choose a password",
            "Passwort wiederholen",
            "Nouveau mot de passe",
            "Repita la contraseña",
            "Nova senha",
            "新しいパスワード",
            "Ripeti la password",
            "Conferma password",
            "Herhaal wachtwoord",
            "Kies een wachtwoord",
        ] {
            assert_eq!(kinds("password", "", called), [FieldKind::NewPassword; 2], "{called}");
        }
        for called in ["Password", "Passwort", "Mot de passe", "Contraseña", "Senha", "パスワード", "Wachtwoord"]
        {
            assert_eq!(kinds("password", "", called), [FieldKind::Password; 2], "{called}");
        }
    }

    #[test]
    fn addresses_are_recognised() {
        for called in
            ["user_email", "userEmail", "E-Mail", "Username", "E-mailadres", "Indirizzo email", "メールアドレス"]
        {
            assert_eq!(kinds("text", "", called), [FieldKind::Email; 2], "{called}");
        }
        for called in ["Store URL", "shop_domain", "subdomain", "my-shop.myshopify.com", "Dominio", "Domeinnaam"] {
            assert_eq!(kinds("text", "", called), [FieldKind::Url; 2], "{called}");
        }
        assert_eq!(kinds("text", "", "First name"), [FieldKind::Text; 2]);
    }
}
