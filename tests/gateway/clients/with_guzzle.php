<?php
// Guzzle, over PHP's cURL.
require 'GuzzleHttp/autoload.php';

$client = new GuzzleHttp\Client(['allow_redirects' => false]);
$basic = ['auth' => [getenv('CLIENT_ID'), getenv('CLIENT_SECRET')]];

function said($name, $answer) {
    echo $name, ' ', $answer->getStatusCode(), "\n";
    return (string) $answer->getBody();
}

said('authorize', $client->get(getenv('AUTHORIZE')));
$form = ['grant_type' => 'refresh_token', 'refresh_token' => getenv('REFRESH_TOKEN')];
$token = json_decode(said('token', $client->post('https://a.klaviyo.com/oauth/token', $basic + ['form_params' => $form])), true);
$headers = ['Authorization' => "Bearer {$token['access_token']}", 'revision' => '2026-07-15'];
$accounts = json_decode(said('api', $client->get('https://a.klaviyo.com/api/accounts', ['headers' => $headers])), true);
if ($accounts['data'][0]['attributes']['contact_information']['organization_name'] !== 'Reef Books') throw new Exception('another account');
said('revoke', $client->post('https://a.klaviyo.com/oauth/revoke', $basic + ['form_params' => ['token' => getenv('REFRESH_TOKEN')]]));
