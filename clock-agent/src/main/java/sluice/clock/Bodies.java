package sluice.clock;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls of {@code Hooks} before or after methods of the JDK: all callers go there, whichever way they call.
 *
 * <p><b>Thread rules.</b> Static methods without state.
 */
final class Bodies {
    private enum Place {
        /** A hook that takes what the method takes; the method is left when it says true. */
        BEFORE,
        /** A hook that takes nothing; what it gives is what the method gives, unless it is null. */
        INSTEAD,
        /** A hook that takes the object, wherever the method returns. */
        AFTER,
        /** A hook that takes what the calls named by {@code parameters} give, and gives another. */
        RESULT,
        /** A hook that takes the number that the method would return, and gives another. */
        RETURN
    }

    /** @param parameters of the method, as in its descriptor, or the name of a call in it; null for any */
    private record Hook(String method, @Nullable String parameters, Place place, String hook) {}

    private static final ClassDesc HOOKS = ClassDesc.ofInternalName(CallSites.HOOKS);
    private static final ClassDesc SEEDS = ClassDesc.ofInternalName("sluice/clock/boot/Seeds");
    private static final ClassDesc CALLS = ClassDesc.ofInternalName("sluice/clock/boot/Calls");
    private static final ClassDesc CD_THREAD = ClassDesc.of("java.lang.Thread");
    private static final String BRIDGE = "sluice/clock/Bridge";

    private static final Map<String, List<Hook>> HOOKED = Map.of("java/util/concurrent/locks/LockSupport",
            List.of(new Hook("park", null, Place.BEFORE, "park"),
                    new Hook("parkNanos", null, Place.BEFORE, "parkNanos"),
                    new Hook("parkUntil", null, Place.BEFORE, "parkUntil"),
                    new Hook("unpark", null, Place.BEFORE, "unpark")),
            "java/lang/Object", List.of(new Hook("wait", "J", Place.BEFORE, "await")), "java/lang/Thread",
            List.of(new Hook("sleepNanos", "J", Place.BEFORE, "sleep"), new Hook("join", "J", Place.BEFORE, "join"),
                    new Hook("yield", "", Place.BEFORE, "yieldNow"), new Hook("start", null, Place.BEFORE, "starting"),
                    new Hook("start", null, Place.AFTER, "started"), new Hook("exit", "", Place.AFTER, "ended"),
                    new Hook("dispatchUncaughtException", null, Place.BEFORE, "uncaught"),
                    new Hook("interrupt", "", Place.BEFORE, "interrupting"),
                    new Hook("interrupt", "", Place.AFTER, "interrupted")),
            "java/lang/VirtualThread",
            List.of(new Hook("start", "Ljdk/internal/vm/ThreadContainer;", Place.BEFORE, "starting"),
                    new Hook("start", "Ljdk/internal/vm/ThreadContainer;", Place.AFTER, "started"),
                    new Hook("afterDone", "Z", Place.AFTER, "ended"),
                    new Hook("interrupt", "", Place.BEFORE, "interrupting"),
                    new Hook("interrupt", "", Place.AFTER, "interrupted")),
            "java/util/concurrent/ThreadLocalRandom",
            List.of(new Hook("localInit", "addAndGet", Place.RESULT, "probe"),
                    new Hook("localInit", "getAndAdd", Place.RESULT, "seed"),
                    new Hook("nextSeed", "threadId", Place.RESULT, "threadNumber"),
                    new Hook("nextSecondarySeed", "getAndAdd", Place.RESULT, "secondarySeed"),
                    new Hook("getProbe", "getInt", Place.RESULT, "carriersProbe")),
            "java/util/Random", List.of(new Hook("seedUniquifier", "", Place.RETURN, "uniquifier")),
            "java/time/Clock", List.of(new Hook("currentInstant", "", Place.INSTEAD, "instant")));

    private Bodies() {}

    /** Whether {@link #hook} has to see a class. */
    static boolean concerns(String className) {
        return HOOKED.containsKey(className) || className.equals(BRIDGE);
    }

    /** The class with its hooks. */
    static byte[] hook(String className, byte[] bytes) {
        ClassFile file = ClassFile.of();
        ClassModel model = file.parse(bytes);
        if (className.equals(BRIDGE)) {
            return file.transformClass(model, bridge());
        }
        List<Hook> hooks = HOOKED.getOrDefault(className, List.of());
        return file.transformClass(model, ClassTransform.ofStateful(() -> (builder, element) -> {
            if (element instanceof MethodModel m && m.code().isPresent()) {
                List<Hook> here = hooks.stream().filter(h -> isAt(h, m)).toList();
                if (!here.isEmpty()) {
                    builder.transformMethod(m, java.lang.classfile.MethodTransform
                            .transformingCode(CodeTransform.ofStateful(() -> transform(m, here))));
                    return;
                }
            }
            builder.with(element);
        }));
    }

    private static boolean isAt(Hook hook, MethodModel m) {
        String type = m.methodType().stringValue();
        return m.methodName().equalsString(hook.method)
                && (hook.place == Place.RESULT || hook.parameters == null
                        || type.startsWith("(" + hook.parameters + ")"));
    }

    private static CodeTransform transform(MethodModel m, List<Hook> hooks) {
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                for (Hook h : hooks) {
                    if (h.place == Place.BEFORE) {
                        before(code, m, h.hook);
                    } else if (h.place == Place.INSTEAD) {
                        instead(code, m, h.hook);
                    }
                }
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                if (element instanceof ReturnInstruction) {
                    ClassDesc type = m.methodTypeSymbol().returnType();
                    for (Hook h : hooks) {
                        if (h.place == Place.RETURN) {
                            code.invokestatic(SEEDS, h.hook, MethodTypeDesc.of(type, type));
                        } else if (h.place == Place.AFTER) {
                            code.aload(0).invokestatic(HOOKS, h.hook,
                                    MethodTypeDesc.of(ConstantDescs.CD_void, CD_THREAD));
                        }
                    }
                }
                code.with(element);
                if (element instanceof InvokeInstruction call) {
                    for (Hook h : hooks) {
                        if (h.place == Place.RESULT && call.name().equalsString(h.parameters)) {
                            ClassDesc type = call.typeSymbol().returnType();
                            code.invokestatic(SEEDS, h.hook, MethodTypeDesc.of(type, type));
                        }
                    }
                }
            }
        };
    }

    private static void before(CodeBuilder code, MethodModel m, String hook) {
        MethodTypeDesc type = m.methodTypeSymbol();
        boolean start = hook.equals("starting");
        if (start) {
            type = MethodTypeDesc.of(ConstantDescs.CD_void); // its container is of no interest
        }
        if (!m.flags().has(AccessFlag.STATIC)) {
            code.aload(0);
            ClassDesc self = hook.equals("await") ? ConstantDescs.CD_Object : CD_THREAD;
            type = type.insertParameterTypes(0, self);
        }
        int shift = m.flags().has(AccessFlag.STATIC) ? 0 : 1;
        for (int i = shift; i < type.parameterCount(); i++) {
            code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i - shift));
        }
        Label on = code.newLabel();
        code.invokestatic(HOOKS, hook, type.changeReturnType(ConstantDescs.CD_boolean)).ifeq(on).return_()
                .labelBinding(on);
    }

    private static void instead(CodeBuilder code, MethodModel m, String hook) {
        Label on = code.newLabel();
        code.invokestatic(HOOKS, hook, m.methodTypeSymbol()).dup().ifnull(on).areturn().labelBinding(on).pop();
    }

    /** {@link Bridge}: each method calls that of {@code Calls}. */
    private static ClassTransform bridge() {
        return (builder, element) -> {
            if (element instanceof MethodModel m && m.flags().has(AccessFlag.STATIC)
                    && !m.flags().has(AccessFlag.PRIVATE)) {
                MethodTypeDesc type = m.methodTypeSymbol();
                builder.withMethodBody(m.methodName(), m.methodType(), m.flags().flagsMask(), code -> {
                    for (int i = 0; i < type.parameterCount(); i++) {
                        code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
                    }
                    code.invokestatic(CALLS, m.methodName().stringValue(), type)
                            .return_(TypeKind.from(type.returnType()));
                });
            } else {
                builder.with(element);
            }
        };
    }
}
