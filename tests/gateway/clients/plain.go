// Go's net/http.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func do(name, method, address string, form url.Values, headers map[string]string) []byte {
	request, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		panic(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.SetBasicAuth(os.Getenv("CLIENT_ID"), os.Getenv("CLIENT_SECRET"))
	}
	for key, value := range headers {
		request.Header.Set(key, value)
	}
	answer, err := client.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		panic(err)
	}
	fmt.Println(name, answer.StatusCode)
	return body
}

func main() {
	refreshToken := os.Getenv("REFRESH_TOKEN")
	do("authorize", "GET", os.Getenv("AUTHORIZE"), nil, nil)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(do("token", "POST", "https://a.klaviyo.com/oauth/token", form, nil), &token); err != nil {
		panic(err)
	}
	headers := map[string]string{"Authorization": "Bearer " + token.AccessToken, "revision": "2026-07-15"}
	accounts := do("api", "GET", "https://a.klaviyo.com/api/accounts", nil, headers)
	if !strings.Contains(string(accounts), `"organization_name":"Reef Books"`) {
		panic("another account")
	}
	do("revoke", "POST", "https://a.klaviyo.com/oauth/revoke", url.Values{"token": {refreshToken}}, nil)
}
