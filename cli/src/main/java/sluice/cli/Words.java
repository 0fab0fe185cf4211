package sluice.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/** The types of the command line that picocli does not know. */
final class Words {
    private Words() {}

    static void register(CommandLine line) {
        line.registerConverter(Prefix.class, converter(Prefix::parse));
        line.registerConverter(IpAddress.class, converter(IpAddress::parse));
        line.registerConverter(Amount.class, converter(Amount::parse));
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
