"""requests."""

import os

import requests

auth = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
refresh_token = os.environ["REFRESH_TOKEN"]

authorize = requests.get(os.environ["AUTHORIZE"], allow_redirects=False)
print("authorize", authorize.status_code)
form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
token = requests.post("https://a.klaviyo.com/oauth/token", data=form, auth=auth)
print("token", token.status_code)
headers = {"Authorization": f"Bearer {token.json()['access_token']}", "revision": "2026-07-15"}
api = requests.get("https://a.klaviyo.com/api/accounts", headers=headers)
assert api.json()["data"][0]["attributes"]["contact_information"]["organization_name"] == "Reef Books"
print("api", api.status_code)
revoke = requests.post("https://a.klaviyo.com/oauth/revoke", data={"token": refresh_token}, auth=auth)
print("revoke", revoke.status_code)
