# Perl's LWP.
use strict;
use warnings;
use JSON::PP;
use LWP::UserAgent;

my $http = LWP::UserAgent->new(max_redirect => 0);

sub said {
    my ($name, $answer) = @_;
    print "$name ", $answer->code, "\n";
    return $answer->decoded_content;
}

sub form {
    my ($name, $address, %fields) = @_;
    my $request = HTTP::Request->new(POST => $address, ['Content-Type' => 'application/x-www-form-urlencoded']);
    $request->authorization_basic($ENV{CLIENT_ID}, $ENV{CLIENT_SECRET});
    my $uri = URI->new('http:');
    $uri->query_form(%fields);
    $request->content($uri->query);
    return said($name, $http->request($request));
}

said('authorize', $http->get($ENV{AUTHORIZE}));
my $token = form('token', 'https://a.klaviyo.com/oauth/token', grant_type => 'refresh_token', refresh_token => $ENV{REFRESH_TOKEN});
my @headers = (Authorization => 'Bearer ' . decode_json($token)->{access_token}, revision => '2026-07-15');
my $accounts = said('api', $http->get('https://a.klaviyo.com/api/accounts', @headers));
my $name = decode_json($accounts)->{data}[0]{attributes}{contact_information}{organization_name};
die "another account: $name" unless $name eq 'Reef Books';
form('revoke', 'https://a.klaviyo.com/oauth/revoke', token => $ENV{REFRESH_TOKEN});
