// Java's two clients: java.net.http.HttpClient, or HttpURLConnection with the argument "connection".
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class Plain {
    static boolean byConnection;
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    static String call(String name, String address, String form, String authorization) throws Exception {
        int status;
        String body;
        if (byConnection) {
            var connection = (HttpURLConnection) new URL(address).openConnection();
            connection.setInstanceFollowRedirects(false);
            if (authorization != null) connection.setRequestProperty("Authorization", authorization);
            connection.setRequestProperty("revision", "2026-07-15");
            if (form != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
                connection.getOutputStream().write(form.getBytes(StandardCharsets.UTF_8));
            }
            status = connection.getResponseCode();
            body = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } else {
            var request = HttpRequest.newBuilder(URI.create(address)).header("revision", "2026-07-15");
            if (authorization != null) request.header("Authorization", authorization);
            if (form != null) {
                request.header("Content-Type", "application/x-www-form-urlencoded");
                request.POST(HttpRequest.BodyPublishers.ofString(form));
            }
            var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            status = answer.statusCode();
            body = answer.body();
        }
        System.out.println(name + " " + status);
        return body;
    }

    public static void main(String[] arguments) throws Exception {
        byConnection = List.of(arguments).contains("connection");
        var env = System.getenv();
        var pair = env.get("CLIENT_ID") + ":" + env.get("CLIENT_SECRET");
        var basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        var refreshToken = URLEncoder.encode(env.get("REFRESH_TOKEN"), StandardCharsets.UTF_8);
        call("authorize", env.get("AUTHORIZE"), null, null);
        var token = call("token", "https://a.klaviyo.com/oauth/token", "grant_type=refresh_token&refresh_token=" + refreshToken, basic);
        var access = token.replaceAll("(?s).*\"access_token\":\"([^\"]*)\".*", "$1");
        var accounts = call("api", "https://a.klaviyo.com/api/accounts", null, "Bearer " + access);
        if (!accounts.contains("\"organization_name\":\"Reef Books\"")) throw new IllegalStateException("another account");
        call("revoke", "https://a.klaviyo.com/oauth/revoke", "token=" + refreshToken, basic);
    }
}
