package sluice.virtual.programs;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * As much of a broker as a producer, and a consumer that was assigned its partitions, ask of it: one node, one
 * partition of each topic, kept in memory. Messages are read and written by Kafka's own classes.
 */
final class KafkaBroker {
    static final int PORT = 9092;

    private static final int NODE = 1;

    private static final Set<ApiKeys> SPOKEN = EnumSet.of(ApiKeys.API_VERSIONS, ApiKeys.METADATA,
            ApiKeys.INIT_PRODUCER_ID, ApiKeys.PRODUCE, ApiKeys.LIST_OFFSETS, ApiKeys.FETCH);

    /** The last version in which these have topics by name. */
    private static final Map<ApiKeys, Integer> BY_NAME = Map.of(ApiKeys.PRODUCE, 12, ApiKeys.FETCH, 12);

    private final String name;
    private final Map<String, Log> logs = new ConcurrentHashMap<>();

    private KafkaBroker(String name) {
        this.name = name;
    }

    /** Serves until its host ends. */
    static void serve(String name) throws IOException {
        KafkaBroker broker = new KafkaBroker(name);
        try (ServerSocket server = new ServerSocket(PORT)) {
            while (true) {
                Socket s = server.accept();
                Thread.ofPlatform().daemon().name("broker").start(() -> broker.serve(s));
            }
        }
    }

    /** The records of a topic. */
    private static final class Log {
        private record Batch(long first, byte[] bytes) {}

        private final List<Batch> batches = new ArrayList<>();
        private long end;

        synchronized long end() {
            return end;
        }

        synchronized long append(MemoryRecords records) {
            long first = end;
            for (MutableRecordBatch b : records.batches()) {
                long count = b.lastOffset() - b.baseOffset() + 1;
                b.setLastOffset(end + count - 1);
                ByteBuffer bytes = ByteBuffer.allocate(b.sizeInBytes());
                b.writeTo(bytes);
                batches.add(new Batch(end, bytes.array()));
                end += count;
            }
            notifyAll();
            return first;
        }

        /** What there is from {@code offset} on, when there is something, or after {@code waitMs}. */
        synchronized ByteBuffer from(long offset, int waitMs) throws InterruptedException {
            long untilNs = System.nanoTime() + waitMs * 1_000_000L;
            for (long left = waitMs; end <= offset && left > 0; left = (untilNs - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
            List<Batch> wanted = batches.stream().filter(b -> b.first >= offset).toList();
            ByteBuffer all = ByteBuffer.allocate(wanted.stream().mapToInt(b -> b.bytes.length).sum());
            wanted.forEach(b -> all.put(b.bytes));
            return all.flip();
        }
    }

    private Log log(String topic) {
        return logs.computeIfAbsent(topic, _ -> new Log());
    }

    private void serve(Socket s) {
        try (s;
                DataInputStream in = new DataInputStream(new BufferedInputStream(s.getInputStream()));
                DataOutputStream out = new DataOutputStream(s.getOutputStream())) {
            s.setTcpNoDelay(true);
            while (true) {
                ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
                RequestHeader header = RequestHeader.parse(request);
                AbstractRequest asked = AbstractRequest.parseRequest(header.apiKey(), header.apiVersion(),
                        new ByteBufferAccessor(request)).request;
                ResponseHeader head = header.toResponseHeader();
                ByteBuffer response = RequestUtils.serialize(head.data(), head.headerVersion(), answer(asked.data()),
                        header.apiVersion());
                byte[] message = new byte[Integer.BYTES + response.remaining()];
                ByteBuffer.wrap(message).putInt(response.remaining()).put(response);
                out.write(message);
            }
        } catch (EOFException e) {
            // the client has closed
        } catch (IOException | InterruptedException e) {
            // it is gone
        }
    }

    private ApiMessage answer(ApiMessage request) throws InterruptedException {
        return switch (request) {
            case ApiVersionsRequestData _ -> versions();
            case MetadataRequestData m -> metadata(m);
            case InitProducerIdRequestData _ -> new InitProducerIdResponseData().setProducerId(1);
            case ProduceRequestData p -> produce(p);
            case ListOffsetsRequestData l -> offsets(l);
            case FetchRequestData f -> fetch(f);
            default -> throw new IllegalArgumentException("a request that was not announced: " + request);
        };
    }

    private static ApiMessage versions() {
        ApiVersionCollection all = ApiVersionsResponse.collectApis(ListenerType.BROKER, SPOKEN, false);
        BY_NAME.forEach((api, version) -> all.find(api.id).setMaxVersion(version.shortValue()));
        return new ApiVersionsResponseData().setApiKeys(all);
    }

    private ApiMessage metadata(MetadataRequestData request) {
        MetadataResponseData all = new MetadataResponseData().setClusterId("stub").setControllerId(NODE);
        all.brokers().add(new MetadataResponseBroker().setNodeId(NODE).setHost(name).setPort(PORT));
        List<MetadataRequestTopic> topics = request.topics();
        for (MetadataRequestTopic t : topics == null ? List.<MetadataRequestTopic>of() : topics) {
            MetadataResponsePartition p = new MetadataResponsePartition().setLeaderId(NODE).setLeaderEpoch(0)
                    .setReplicaNodes(List.of(NODE)).setIsrNodes(List.of(NODE));
            all.topics().add(new MetadataResponseTopic().setName(t.name()).setPartitions(List.of(p)));
        }
        return all;
    }

    private ApiMessage produce(ProduceRequestData request) {
        ProduceResponseData all = new ProduceResponseData();
        for (TopicProduceData t : request.topicData()) {
            List<PartitionProduceResponse> partitions = new ArrayList<>();
            for (PartitionProduceData p : t.partitionData()) {
                partitions.add(new PartitionProduceResponse().setIndex(p.index())
                        .setBaseOffset(log(t.name()).append((MemoryRecords) p.records())));
            }
            all.responses().add(new TopicProduceResponse().setName(t.name()).setPartitionResponses(partitions));
        }
        return all;
    }

    private ApiMessage offsets(ListOffsetsRequestData request) {
        List<ListOffsetsTopicResponse> all = new ArrayList<>();
        for (ListOffsetsTopic t : request.topics()) {
            all.add(new ListOffsetsTopicResponse().setName(t.name()).setPartitions(t.partitions().stream()
                    .map(p -> new ListOffsetsPartitionResponse().setPartitionIndex(p.partitionIndex())
                            .setOffset(p.timestamp() == ListOffsetsRequest.EARLIEST_TIMESTAMP ? 0
                                    : log(t.name()).end())
                            .setLeaderEpoch(0))
                    .toList()));
        }
        return new ListOffsetsResponseData().setTopics(all);
    }

    private ApiMessage fetch(FetchRequestData request) throws InterruptedException {
        List<FetchableTopicResponse> all = new ArrayList<>();
        for (FetchTopic t : request.topics()) {
            List<PartitionData> partitions = new ArrayList<>();
            for (FetchPartition p : t.partitions()) {
                ByteBuffer found = log(t.topic()).from(p.fetchOffset(), request.maxWaitMs());
                long end = log(t.topic()).end();
                partitions.add(new PartitionData().setPartitionIndex(p.partition()).setHighWatermark(end)
                        .setLastStableOffset(end).setLogStartOffset(0)
                        .setRecords(MemoryRecords.readableRecords(found)));
            }
            all.add(new FetchableTopicResponse().setTopic(t.topic()).setPartitions(partitions));
        }
        return new FetchResponseData().setResponses(all);
    }
}
