<?php
// PHP's own cURL.
function call($name, $address, $options = []) {
    $curl = curl_init($address);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true]);
    $body = curl_exec($curl);
    if ($body === false) throw new Exception(curl_error($curl));
    echo $name, ' ', curl_getinfo($curl, CURLINFO_RESPONSE_CODE), "\n";
    return $body;
}

$form = fn ($fields) => [CURLOPT_USERPWD => getenv('CLIENT_ID') . ':' . getenv('CLIENT_SECRET'), CURLOPT_POSTFIELDS => http_build_query($fields)];
call('authorize', getenv('AUTHORIZE'));
$fields = ['grant_type' => 'refresh_token', 'refresh_token' => getenv('REFRESH_TOKEN')];
$token = json_decode(call('token', 'https://a.klaviyo.com/oauth/token', $form($fields)), true);
$headers = [CURLOPT_HTTPHEADER => ["Authorization: Bearer {$token['access_token']}", 'revision: 2026-07-15']];
$accounts = json_decode(call('api', 'https://a.klaviyo.com/api/accounts', $headers), true);
if ($accounts['data'][0]['attributes']['contact_information']['organization_name'] !== 'Reef Books') throw new Exception('another account');
call('revoke', 'https://a.klaviyo.com/oauth/revoke', $form(['token' => getenv('REFRESH_TOKEN')]));
