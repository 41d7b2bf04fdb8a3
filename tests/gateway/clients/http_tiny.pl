# Perl's own HTTP::Tiny.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64;

my $http = HTTP::Tiny->new(max_redirect => 0, verify_SSL => 1);
my $basic = 'Basic ' . encode_base64("$ENV{CLIENT_ID}:$ENV{CLIENT_SECRET}", '');

sub said {
    my ($name, $answer) = @_;
    print "$name $answer->{status}\n";
    return $answer->{content};
}

sub form {
    my ($name, $address, %fields) = @_;
    return said($name, $http->post_form($address, \%fields, { headers => { Authorization => $basic } }));
}

said('authorize', $http->get($ENV{AUTHORIZE}));
my $token = form('token', 'https://a.klaviyo.com/oauth/token', grant_type => 'refresh_token', refresh_token => $ENV{REFRESH_TOKEN});
my %headers = (Authorization => 'Bearer ' . decode_json($token)->{access_token}, revision => '2026-07-15');
my $accounts = said('api', $http->get('https://a.klaviyo.com/api/accounts', { headers => \%headers }));
my $name = decode_json($accounts)->{data}[0]{attributes}{contact_information}{organization_name};
die "another account: $name" unless $name eq 'Reef Books';
form('revoke', 'https://a.klaviyo.com/oauth/revoke', token => $ENV{REFRESH_TOKEN});
