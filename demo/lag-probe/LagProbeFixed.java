package demo.lag;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.api.PartitionOffsetRequestInfo;
import kafka.common.TopicAndPartition;
import kafka.javaapi.OffsetRequest;
import kafka.javaapi.OffsetResponse;
import kafka.javaapi.consumer.SimpleConsumer;

/** {@link LagProbe} with the connection closed, whatever the request does. */
public class LagProbeFixed {
    private static final String CLIENT = "lag-probe";

    public Map<Integer, Long> newestOffsets(String topic, List<PartitionLeader> leaders) {
        Map<Integer, Long> offsets = new HashMap<>();
        leaders.forEach(leader -> {
            SimpleConsumer consumer = new SimpleConsumer(leader.host(), leader.port(), 10_000, 65_536, CLIENT);
            try {
                TopicAndPartition partition = new TopicAndPartition(topic, leader.partition());
                OffsetResponse response = consumer.getOffsetsBefore(newest(partition));
                if (!response.hasError()) {
                    offsets.put(leader.partition(), response.offsets(topic, leader.partition())[0]);
                }
            } finally {
                consumer.close();
            }
        });
        return offsets;
    }

    private static OffsetRequest newest(TopicAndPartition partition) {
        Map<TopicAndPartition, PartitionOffsetRequestInfo> wanted = new HashMap<>();
        wanted.put(partition, new PartitionOffsetRequestInfo(kafka.api.OffsetRequest.LatestTime(), 1));
        return new OffsetRequest(wanted, kafka.api.OffsetRequest.CurrentVersion(), CLIENT);
    }
}
