package sluice.link.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.ArrayList;
import java.util.List;

/**
 * A function of the C library as the linker links it.
 *
 * @param name          the symbol
 * @param type          result and arguments, without the memory that receives errno
 * @param errno         whether errno is captured
 * @param firstVariadic index of the first argument that C passes as one of "...", -1 when there is none
 */
record Downcall(String name, FunctionDescriptor type, boolean errno, int firstVariadic) {
    /** One that cannot fail. */
    static Downcall of(String name, FunctionDescriptor type) {
        return new Downcall(name, type, false, -1);
    }

    static Downcall withErrno(String name, FunctionDescriptor type) {
        return new Downcall(name, type, true, -1);
    }

    /** One that sets errno and takes "..." from the argument of that index on. */
    static Downcall variadic(String name, int first, FunctionDescriptor type) {
        return new Downcall(name, type, true, first);
    }

    Linker.Option[] options() {
        List<Linker.Option> all = new ArrayList<>();
        if (errno) {
            all.add(Linker.Option.captureCallState("errno"));
        }
        if (firstVariadic >= 0) {
            all.add(Linker.Option.firstVariadicArg(firstVariadic));
        }
        return all.toArray(Linker.Option[]::new);
    }
}
