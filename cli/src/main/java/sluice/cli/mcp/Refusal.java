package sluice.cli.mcp;

import java.util.Map;

/** A request that is answered by an error of the protocol. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Not JSON. */
    static final int PARSE_ERROR = -32700;
    /** JSON, but no request. */
    static final int INVALID_REQUEST = -32600;
    /** No such method. */
    static final int METHOD_NOT_FOUND = -32601;
    /** The parameters are not what the method takes. */
    static final int INVALID_PARAMS = -32602;
    /** A version of the protocol that is not spoken here. */
    static final int UNSUPPORTED_VERSION = -32022;

    private final int code;
    private final transient Map<String, Object> data;

    Refusal(int code, String message) {
        this(code, message, Map.of());
    }

    Refusal(int code, String message, Map<String, Object> data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    int code() {
        return code;
    }

    Map<String, Object> data() {
        return data;
    }
}
