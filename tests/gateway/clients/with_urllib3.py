"""urllib3 by itself, which takes no notice of proxies."""

import os

import urllib3

basic = urllib3.make_headers(basic_auth=f"{os.environ['CLIENT_ID']}:{os.environ['CLIENT_SECRET']}")
refresh_token = os.environ["REFRESH_TOKEN"]
http = urllib3.PoolManager()


def post(name, address, form):
    answer = http.request_encode_body("POST", address, fields=form, headers=basic, encode_multipart=False)
    print(name, answer.status)
    return answer


print("authorize", http.request("GET", os.environ["AUTHORIZE"], redirect=False).status)
form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
token = post("token", "https://a.klaviyo.com/oauth/token", form).json()
headers = {"Authorization": f"Bearer {token['access_token']}", "revision": "2026-07-15"}
api = http.request("GET", "https://a.klaviyo.com/api/accounts", headers=headers)
assert api.json()["data"][0]["attributes"]["contact_information"]["organization_name"] == "Reef Books"
print("api", api.status)
post("revoke", "https://a.klaviyo.com/oauth/revoke", {"token": refresh_token})
