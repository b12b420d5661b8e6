package demo.lag;

public record PartitionLeader(int partition, String host, int port) {}
