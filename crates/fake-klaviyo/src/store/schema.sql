-- The layout of a state file. Times are on Klaviyo's clock, in milliseconds (_ms) or seconds (_s) since the epoch;
-- scopes are separated by spaces.
CREATE TABLE signing (signing_key BLOB NOT NULL) STRICT;
CREATE TABLE clock (offset_ms INTEGER NOT NULL) STRICT;
INSERT INTO clock VALUES (0);
CREATE TABLE account (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, sender_email TEXT NOT NULL, test INTEGER NOT NULL,
  timezone TEXT NOT NULL, currency TEXT NOT NULL, locale TEXT NOT NULL
) STRICT;
CREATE TABLE app (client_id TEXT PRIMARY KEY, declared TEXT NOT NULL, scopes TEXT NOT NULL) STRICT;
CREATE TABLE install (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, client_id TEXT NOT NULL, scopes TEXT NOT NULL,
  installed_s INTEGER NOT NULL, ended TEXT CHECK (ended IN ('app', 'klaviyo')),
  user TEXT NOT NULL, per_user INTEGER NOT NULL
) STRICT;
CREATE TABLE refresh_token (
  token TEXT PRIMARY KEY, install TEXT NOT NULL, scopes TEXT NOT NULL, last_used_ms INTEGER NOT NULL,
  revoked INTEGER NOT NULL
) STRICT;
CREATE TABLE access_token (
  jti TEXT PRIMARY KEY, install TEXT NOT NULL, scopes TEXT NOT NULL, issued_ms INTEGER NOT NULL,
  dies_ms INTEGER NOT NULL, revoked INTEGER NOT NULL
) STRICT;
CREATE TABLE code (
  code TEXT PRIMARY KEY, attempt TEXT NOT NULL, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL, challenge TEXT,
  account TEXT NOT NULL, scopes TEXT NOT NULL, dies_ms INTEGER NOT NULL, used_for TEXT, user TEXT NOT NULL
) STRICT;
