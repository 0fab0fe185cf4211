package sluice.drill;

import java.util.Map;
import sluice.drill.PacketSpec.Icmp;

/**
 * Type and code of an ICMP message by the original tool's names; any number can be written as "type_15" and "code_3".
 */
record IcmpNames(int type, int code) {
    private static final int UNREACHABLE_V4 = 3;
    private static final int FRAG_NEEDED = 4;
    private static final int TOO_BIG_V6 = 2;
    private static final Map<String, Integer> TYPES_V4 = Map.ofEntries(Map.entry("echo_reply", 0),
            Map.entry("unreachable", UNREACHABLE_V4), Map.entry("source_quench", 4), Map.entry("redirect", 5),
            Map.entry("echo_request", 8), Map.entry("router_advertisement", 9), Map.entry("router_solicitation", 10),
            Map.entry("time_exceeded", 11), Map.entry("parameter_problem", 12), Map.entry("timestamp_request", 13),
            Map.entry("timestamp_reply", 14), Map.entry("information_request", 15), Map.entry("information_reply", 16),
            Map.entry("address_mask_request", 17), Map.entry("address_mask_reply", 18));
    /** Codes of "unreachable". */
    private static final Map<String, Integer> UNREACHABLE_CODES_V4 = Map.ofEntries(Map.entry("net_unreachable", 0),
            Map.entry("host_unreachable", 1), Map.entry("protocol_unreachable", 2), Map.entry("port_unreachable", 3),
            Map.entry("frag_needed", FRAG_NEEDED), Map.entry("source_route_failed", 5), Map.entry("net_unknown", 6),
            Map.entry("host_unknown", 7), Map.entry("source_host_isolated", 8), Map.entry("net_prohibited", 9),
            Map.entry("host_prohibited", 10), Map.entry("net_unreachable_for_tos", 11),
            Map.entry("host_unreachable_for_tos", 12), Map.entry("packet_filtered", 13),
            Map.entry("precedence_violation", 14), Map.entry("precedence_cutoff", 15));
    private static final Map<String, Integer> TYPES_V6 = Map.ofEntries(Map.entry("unreachable", 1),
            Map.entry("packet_too_big", TOO_BIG_V6), Map.entry("time_exceeded", 3), Map.entry("parameter_problem", 4),
            Map.entry("echo_request", 128), Map.entry("echo_reply", 129), Map.entry("router_solicitation", 133),
            Map.entry("router_advertisement", 134), Map.entry("neighbor_solicitation", 135),
            Map.entry("neighbor_advertisement", 136), Map.entry("redirect", 137));
    private static final Map<String, Map<String, Integer>> CODES_V6 = Map.of("unreachable",
            Map.of("net_unreachable", 0, "no_route", 0, "admin_prohibited", 1, "not_neighbour", 2,
                    "address_unreachable", 3, "port_unreachable", 4),
            "time_exceeded", Map.of("exceeded_hop_limit", 0, "exceeded_frag_time", 1), //
            "parameter_problem", Map.of("header_field", 0, "unknown_next_header", 1, "unknown_option", 2));

    /** The numbers of what the script names; FailException when there is no such type, code or field. */
    static IcmpNames of(Icmp i, boolean v4) {
        String family = v4 ? "ICMP" : "ICMPv6";
        int type = number(family + " type ", i.type(), "type_", v4 ? TYPES_V4 : TYPES_V6);
        Map<String, Integer> codes = v4 ? type == UNREACHABLE_V4 ? UNREACHABLE_CODES_V4 : Map.of()
                : CODES_V6.getOrDefault(i.type(), Map.of());
        int code = i.code().isEmpty() ? 0 : number(family + " code ", i.code(), "code_", codes);
        boolean hasMtu = v4 ? type == UNREACHABLE_V4 && code == FRAG_NEEDED : type == TOO_BIG_V6;
        if (i.mtu() >= 0 && !hasMtu) {
            throw new FailException("an MTU belongs to " + (v4 ? "unreachable frag_needed" : "packet_too_big"));
        }
        if (v4 && i.mtu() > 65_535) {
            throw new FailException("an ICMP message has 16 bits for the MTU, not " + i.mtu());
        }
        return new IcmpNames(type, code);
    }

    private static int number(String what, String name, String prefix, Map<String, Integer> names) {
        Integer known = names.get(name);
        if (known != null) {
            return known;
        }
        String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        if (digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= 255) {
            return Integer.parseInt(digits);
        }
        throw new FailException("there is no " + what + name);
    }
}
