//! Logging in, signing up, and what looks like them.

use crate::evidence::says_any;

/// Whether a link or heading with this name is about an account that is still to be made.
pub fn matches_sign_up(name: &str) -> bool {
    says_any(
        name,
        &[
            "sign up",
            "signup",
            "register",
            "registration",
            "create account",
            "create an account",
            "create your account",
            "get started",
            "join",
            "new account",
            "start free trial",
            "free trial",
            "create a new account", //
            "registrier*",
            "konto erstellen",
            "konto anlegen",
            "neues konto",
            "neu hier",
            "kostenlos starten",
            "kostenlos testen", //
            "s'inscrire",
            "inscription",
            "inscrivez*",
            "créer un compte",
            "créez votre compte",
            "nouveau compte",
            "essai gratuit", //
            "registrarse",
            "regístrate",
            "registro",
            "crear cuenta",
            "crear una cuenta",
            "crea tu cuenta",
            "nueva cuenta",
            "prueba gratis",
            "registrar",
            "registrate", //
            "cadastr*",
            "criar conta",
            "crie sua conta",
            "criar uma conta",
            "criar uma nova conta",
            "inscreva-se",
            "nova conta",
            "registe-se",
            "registar",
            "teste grátis", //
            "新規登録",
            "ユーザー登録",
            "ユーザ登録",
            "会員登録",
            "アカウントを作成",
            "アカウント作成",
            "アカウントを作る",
            "無料体験",
            "無料で始める",
            "登録",
        ],
    )
}

/// Whether a button, heading or title is about an account that exists.
pub fn matches_sign_in(text: &str) -> bool {
    says_any(
        text,
        &[
            "log in",
            "login",
            "log on",
            "logon",
            "sign in",
            "signin",
            "sign-in",
            "log into",
            "logging in",
            "signing in",
            "magic link",
            "members area",
            "welcome back", //
            "anmelden",
            "anmeldung",
            "einloggen",
            "login",
            "melde dich an", //
            "connexion",
            "se connecter",
            "connectez-vous",
            "s'identifier",
            "identifiez-vous", //
            "iniciar sesión",
            "inicia sesión",
            "inicio de sesión",
            "acceder",
            "accede",
            "entrar",
            "ingresar",
            "entra", //
            "entre",
            "acessar",
            "acesse",
            "iniciar sessão",
            "faça login",
            "fazer login", //
            "ログイン",
            "サインイン",
            "ログオン",
        ],
    )
}

/// Whether a field or text names what a person logs in by.
pub(in crate::browser) fn names_a_login(label: &str) -> bool {
    says_any(
        label,
        &[
            "user",
            "username",
            "user id",
            "user name",
            "userid",
            "login",
            "email",
            "e-mail",
            "mail",
            "account",
            "phone",
            "benutzer*",
            "nutzer*",
            "identifiant",
            "utilisateur",
            "nom d'utilisateur",
            "usuario",
            "correo",
            "usuário",
            "utilizador",
            "ユーザー*",
            "ユーザ*",
            "メール*",
            "id",
        ],
    )
}

/// Whether a control with this name signs out.
pub fn matches_sign_out(name: &str) -> bool {
    says_any(
        name,
        &[
            "log out",
            "logout",
            "sign out",
            "signout",
            "log off",
            "abmelden",
            "ausloggen",
            "se déconnecter",
            "déconnexion",
            "cerrar sesión",
            "salir",
            "sair",
            "terminar sessão",
            "encerrar sessão",
            "ログアウト",
            "サインアウト",
        ],
    )
}

/// Whether a text is about a password that is to be changed.
pub(in crate::browser) fn changes_a_password(text: &str) -> bool {
    says_any(
        text,
        &[
            "change password",
            "change your password",
            "password change",
            "update password",
            "update your password",
            "new password",
            "set password",
            "set new password",
            "confirm your password",
            "confirm password",
            "current password",
            "edit user",
            "old password",
            "secure area", //
            "passwort ändern",
            "neues passwort",
            "passwort festlegen",
            "passwort bestätigen",
            "aktuelles passwort",
            "altes passwort", //
            "changer le mot de passe",
            "nouveau mot de passe",
            "modifier le mot de passe", //
            "cambiar contraseña",
            "nueva contraseña",
            "cambiar la contraseña",
            "alterar senha",
            "nova senha",
            "mudar senha",
            "パスワードの変更",
            "パスワード変更",
            "新しいパスワード",
        ],
    )
}

/// Whether a text is about a password that was forgotten.
pub(in crate::browser) fn forgets_a_password(text: &str) -> bool {
    says_any(
        text,
        &[
            "reset*",
            "forgot",
            "forgotten",
            "forgot password",
            "password reset",
            "lost password",
            "lost your password",
            "recover*", //
            "vergessen",
            "zurücksetzen",
            "passwort zurücksetzen", //
            "oublié",
            "réinitialis*",
            "mot de passe oublié", //
            "olvidaste",
            "olvidó",
            "olvidado",
            "restablec*",
            "recuperar", //
            "esqueceu",
            "esqueci",
            "redefin*", //
            "忘れ",
            "リセット",
            "再設定",
        ],
    )
}

/// Whether a form with these words takes an address for something else than a way in: news, an invitation, a confirmation.
pub(in crate::browser) fn asks_for_news(text: &str) -> bool {
    says_any(
        text,
        &[
            "subscribe",
            "newsletter",
            "updates",
            "invite",
            "invitation",
            "notify",
            "resend",
            "confirmation",
            "notify me",
            "waitlist",
            "abonnieren",
            "einladen",
            "einladung",
            "s'abonner",
            "inviter",
            "abonnez*",
            "suscrib*",
            "invitar",
            "invitado",
            "assinar",
            "convidar",
            "convite",
            "convidado",
            "購読",
            "招待",
            "メルマガ",
        ],
    )
}

/// Whether a page asks a person to come in: to log in or to sign up.
pub(in crate::browser) fn asks_for_a_way_in(text: &str) -> bool {
    matches_sign_in(text) || matches_sign_up(text)
}

/// Whether a text is a message that wants nothing but to be read.
pub(in crate::browser) fn says_notice(text: &str) -> bool {
    says_any(
        text,
        &[
            "thank you",
            "thanks",
            "check your email",
            "check your inbox",
            "we have sent",
            "has been sent",
            "we sent",
            "almost there",
            "almost done",
            "confirm your email",
            "verify your email",
            "verification email",
            "signed out",
            "logged out",
            "one moment",
            "redirecting",
            "next,",
            "success*",
            "see you",
            "please wait", //
            "danke",
            "geschickt",
            "gesendet",
            "bestätigen sie",
            "e-mail-adresse bestätigen",
            "abgemeldet",
            "fast fertig", //
            "merci",
            "envoyé",
            "à bientôt",
            "vérifiez",
            "vous êtes déconnecté", //
            "gracias",
            "enviado",
            "revisa tu correo",
            "confirmar tu cuenta", //
            "obrigado",
            "obrigada",
            "enviamos",
            "verifique", //
            "ありがとう",
            "送信しました",
            "お待ちください",
            "確認メール",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coming_in_and_going_out_are_told_apart() {
        for text in ["Log in", "Anmelden", "Se connecter", "Entrar", "ログイン"] {
            assert!(matches_sign_in(text) && !matches_sign_out(text), "{text}");
        }
        for text in ["Log out", "Abmelden", "Se déconnecter", "Sair", "ログアウト"] {
            assert!(matches_sign_out(text) && !matches_sign_up(text), "{text}");
        }
        for text in ["Registrieren", "S'inscrire", "Crea tu cuenta", "Cadastre-se", "アカウントを作成"] {
            assert!(matches_sign_up(text) && !matches_sign_in(text), "{text}");
        }
    }
}
