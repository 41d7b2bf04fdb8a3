"""Python's own urllib."""

import base64
import json
import os
import urllib.error
import urllib.parse
import urllib.request

basic = base64.b64encode(f"{os.environ['CLIENT_ID']}:{os.environ['CLIENT_SECRET']}".encode()).decode()
refresh_token = os.environ["REFRESH_TOKEN"]


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def call(name, address, headers, form=None):
    request = urllib.request.Request(address, form and urllib.parse.urlencode(form).encode(), headers)
    try:
        answer = urllib.request.build_opener(Stay).open(request)
    except urllib.error.HTTPError as other:
        answer = other
    print(name, answer.status)
    return answer.read()


call("authorize", os.environ["AUTHORIZE"], {})
form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
token = json.loads(call("token", "https://a.klaviyo.com/oauth/token", {"Authorization": f"Basic {basic}"}, form))
headers = {"Authorization": f"Bearer {token['access_token']}", "revision": "2026-07-15"}
accounts = json.loads(call("api", "https://a.klaviyo.com/api/accounts", headers))
assert accounts["data"][0]["attributes"]["contact_information"]["organization_name"] == "Reef Books"
call("revoke", "https://a.klaviyo.com/oauth/revoke", {"Authorization": f"Basic {basic}"}, {"token": refresh_token})
