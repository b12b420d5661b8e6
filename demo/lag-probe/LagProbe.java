package demo.lag;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.api.PartitionOffsetRequestInfo;
import kafka.common.TopicAndPartition;
import kafka.javaapi.OffsetRequest;
import kafka.javaapi.OffsetResponse;
import kafka.javaapi.consumer.SimpleConsumer;

/**
 * Asks the leader of each partition for its newest offset. Called once a second by a monitoring spout;
 * after a day the host has no file descriptors left.
 */
public class LagProbe {
    private static final String CLIENT = "lag-probe";

    public Map<Integer, Long> newestOffsets(String topic, List<PartitionLeader> leaders) {
        Map<Integer, Long> offsets = new HashMap<>();
        leaders.forEach(leader -> {
            SimpleConsumer consumer = new SimpleConsumer(leader.host(), leader.port(), 10_000, 65_536, CLIENT); // leak kafka-consumer
            TopicAndPartition partition = new TopicAndPartition(topic, leader.partition());
            OffsetResponse response = consumer.getOffsetsBefore(newest(partition));
            if (!response.hasError()) {
                offsets.put(leader.partition(), response.offsets(topic, leader.partition())[0]);
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
