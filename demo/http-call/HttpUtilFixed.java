package demo.http;

import java.io.IOException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** {@link HttpUtil} with one client for all calls, and every response closed. */
public class HttpUtilFixed implements AutoCloseable {
    private final CloseableHttpClient client = HttpClients.createDefault();

    public String get(String url) throws IOException {
        try (CloseableHttpResponse response = client.execute(new HttpGet(url))) {
            if (response.getStatusLine().getStatusCode() != 200) {
                return null;
            }
            return EntityUtils.toString(response.getEntity(), "UTF-8");
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
