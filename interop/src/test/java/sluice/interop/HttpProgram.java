package sluice.interop;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A Java program that knows nothing of Sluice: downloads, uploads and many requests at the same time with the JDK's own
 * client.
 */
public final class HttpProgram {
    private HttpProgram() {}

    /** Hosts. */
    public static void main(String[] hosts) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String host : hosts) {
                URI file = URI.create("http://" + host + "/file");
                byte[] got = client.send(HttpRequest.newBuilder(file).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .body();
                int status = client
                        .send(HttpRequest.newBuilder(URI.create("http://" + host + "/copy"))
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(got)).build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status / 100 != 2) {
                    throw new IllegalStateException("PUT: " + status);
                }
                List<CompletableFuture<HttpResponse<byte[]>>> many = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    many.add(client.sendAsync(
                            HttpRequest.newBuilder(file).header("Range", "bytes=" + i * 1000 + "-" + (i * 1000 + 999))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray()));
                }
                for (int i = 0; i < many.size(); i++) {
                    byte[] part = many.get(i).get().body();
                    if (!java.util.Arrays.equals(part, 0, part.length, got, i * 1000, i * 1000 + 1000)) {
                        throw new IllegalStateException("range " + i);
                    }
                }
                System.out.println("JDK HttpClient at " + host + ": " + got.length + " bytes down and up, 40 ranges");
            }
        }
    }
}
