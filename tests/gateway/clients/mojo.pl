# Perl's Mojolicious.
use Mojo::Base -strict;
use Mojo::URL;
use Mojo::UserAgent;

my $http = Mojo::UserAgent->new(max_redirects => 0);

sub said {
    my ($name, $tx) = @_;
    say "$name ", $tx->result->code;
    return $tx->result;
}

sub form {
    my ($name, $address, %fields) = @_;
    return said($name, $http->post(Mojo::URL->new($address)->userinfo("$ENV{CLIENT_ID}:$ENV{CLIENT_SECRET}") => form => \%fields));
}

said('authorize', $http->get($ENV{AUTHORIZE}));
my $token = form('token', 'https://a.klaviyo.com/oauth/token', grant_type => 'refresh_token', refresh_token => $ENV{REFRESH_TOKEN});
my $headers = { Authorization => 'Bearer ' . $token->json('/access_token'), revision => '2026-07-15' };
my $accounts = said('api', $http->get('https://a.klaviyo.com/api/accounts' => $headers));
my $name = $accounts->json('/data/0/attributes/contact_information/organization_name');
die "another account: $name" unless $name eq 'Reef Books';
form('revoke', 'https://a.klaviyo.com/oauth/revoke', token => $ENV{REFRESH_TOKEN});
