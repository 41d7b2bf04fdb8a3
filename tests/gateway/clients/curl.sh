# curl; with what it is given as options.
set -eu
call() { # name, then curl's words
    name=$1
    shift
    status=$(curl --silent --show-error --output "$answer" --write-out '%{http_code}' "$@")
    echo "$name $status"
}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

call authorize "$@" "$AUTHORIZE"
call token "$@" --user "$CLIENT_ID:$CLIENT_SECRET" --data grant_type=refresh_token --data-urlencode "refresh_token=$REFRESH_TOKEN" https://a.klaviyo.com/oauth/token
token=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' "$answer")
call api "$@" --header "Authorization: Bearer $token" --header 'revision: 2026-07-15' https://a.klaviyo.com/api/accounts
grep -q '"organization_name":"Reef Books"' "$answer"
call revoke "$@" --user "$CLIENT_ID:$CLIENT_SECRET" --data-urlencode "token=$REFRESH_TOKEN" https://a.klaviyo.com/oauth/revoke
