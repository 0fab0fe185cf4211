package sluice.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sluice.sim.TransferSpec;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** The types of the command line that picocli does not know. */
final class Words {
    private Words() {}

    static void register(CommandLine line) {
        line.registerConverter(Prefix.class, converter(Prefix::parse));
        line.registerConverter(IpAddress.class, converter(IpAddress::parse));
        line.registerConverter(Amount.class, converter(Amount::parse));
        line.registerConverter(Rate.class, converter(Rate::parse));
        line.registerConverter(TransferSpec.Topology.class, converter(Words::topology));
        line.registerConverter(Integer.class, converter(Words::whole));
        line.registerConverter(int.class, converter(Words::whole));
        line.registerConverter(Long.class, converter(Words::longWhole));
        line.registerConverter(long.class, converter(Words::longWhole));
        line.registerConverter(Double.class, converter(Words::number));
        line.registerConverter(double.class, converter(Words::number));
    }

    private static TransferSpec.Topology topology(String text) {
        for (TransferSpec.Topology t : TransferSpec.Topology.values()) {
            if (t.name().equalsIgnoreCase(text)) {
                return t;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is none of direct, routed, dumbbell");
    }

    private static Integer whole(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a whole number such as 1500", e);
        }
    }

    private static Long longWhole(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a whole number such as 4711 (of 64 bits)", e);
        }
    }

    private static Double number(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number such as 10 or 0.5", e);
        }
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }
}
