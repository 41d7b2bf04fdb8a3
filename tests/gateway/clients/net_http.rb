# Ruby's own net/http.
require 'json'
require 'net/http'

def call(name, address, verb = Net::HTTP::Get, headers: {}, form: nil)
  uri = URI(address)
  request = verb.new(uri, headers)
  if form
    request.set_form_data(form)
    request.basic_auth(ENV.fetch('CLIENT_ID'), ENV.fetch('CLIENT_SECRET'))
  end
  answer = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }
  puts "#{name} #{answer.code}"
  answer.body
end

refresh_token = ENV.fetch('REFRESH_TOKEN')
call('authorize', ENV.fetch('AUTHORIZE'))
token = call('token', 'https://a.klaviyo.com/oauth/token', Net::HTTP::Post,
             form: { grant_type: 'refresh_token', refresh_token: refresh_token })
headers = { 'Authorization' => "Bearer #{JSON.parse(token)['access_token']}", 'revision' => '2026-07-15' }
accounts = JSON.parse(call('api', 'https://a.klaviyo.com/api/accounts', headers: headers))
name = accounts['data'][0]['attributes']['contact_information']['organization_name']
raise "another account: #{name}" unless name == 'Reef Books'

call('revoke', 'https://a.klaviyo.com/oauth/revoke', Net::HTTP::Post, form: { token: refresh_token })
