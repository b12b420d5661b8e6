package demo.http;

import java.io.IOException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** A client per call, and nothing closed: sockets pile up in CLOSE_WAIT. */
public class HttpUtil {
    public static String get(String url) throws IOException {
        CloseableHttpClient client = HttpClients.createDefault(); // leak http-client
        CloseableHttpResponse response = client.execute(new HttpGet(url)); // leak http-response
        if (response.getStatusLine().getStatusCode() != 200) {
            return null;
        }
        return EntityUtils.toString(response.getEntity(), "UTF-8");
    }
}
