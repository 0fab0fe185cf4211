package sluice.buildrules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.MonitorInstruction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.core.tcp.Tcb;
import sluice.core.tcp.data.StateVariables;

/**
 * The rules themselves, apart from the classes they are put to, so that the self-check can show each of them broken.
 */
final class Rules {
    private static final String CORE = "sluice.core..";

    private static final Set<String> APPLICATIONS_BUSINESS = Set.of("state", "tuple", "options", "isEstablished",
            "maySend", "localAddress", "localPort", "remoteAddress", "remotePort");
    private static final Map<String, Set<String>> READ_BY_INSTRUMENTS = Map.of( //
            "observe", Set.of("rtt", "congestion", "sendMss", "totals", "pacing", "recovery", "snd"), //
            "drill", Set.of("fastOpen", "writerWaits", "inHandshake", "fin", "authentication", "sendMss", "congestion",
                    "error", "sendBuffer", "totals", "unsentBytes"), //
            "lab", Set.of("sent", "snd", "rcv", "rtt", "receiveBuffer", "timers", "sendBuffer", "totals", "agreed",
                    "congestion", "error", "recovery", "reassembly", "window", "unsentBytes", "sendMss",
                    "establishedNs"), //
            "sim", Set.of("sent", "snd", "receiveBuffer", "timers", "sendBuffer", "totals", "agreed", "congestion",
                    "error", "fin", "reassembly", "recovery", "urgent", "window", "hasUnsent", "unsentBytes"));

    private Rules() {}

    /** Product classes know only the modules that the design lets them know. */
    static ArchRule moduleDirections() {
        return classes().that().resideInAPackage("sluice..")
                .should(new ArchCondition<JavaClass>("know only the modules that the design lets them know") {
                    @Override
                    public void check(JavaClass from, ConditionEvents events) {
                        String module = Modules.ofPackage(from.getPackageName());
                        Set<String> allowed = Modules.MAY_KNOW.get(module);
                        if (allowed == null) {
                            events.add(SimpleConditionEvent.violated(from,
                                    from.getName() + " lies in no module of the design: add the module to "
                                            + Modules.class.getName()));
                            return;
                        }
                        for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                            String target = Modules
                                    .ofPackage(dependency.getTargetClass().getBaseComponentType().getPackageName());
                            if (!target.isEmpty() && !target.equals(module) && !allowed.contains(target)) {
                                events.add(SimpleConditionEvent.violated(from,
                                        module + " may not know " + target + ": " + dependency.getDescription()));
                            }
                        }
                    }
                });
    }

    /** Inside {@code observe}, what records and reads knows nothing of what prints and draws. */
    static ArchRule observeInOrder() {
        return classes().that().resideInAPackage("sluice.observe..")
                .should(new ArchCondition<JavaClass>("know only the packages that their order lets them know") {
                    @Override
                    public void check(JavaClass from, ConditionEvents events) {
                        String name = Modules.ofObserve(from.getPackageName());
                        Set<String> allowed = Modules.OBSERVE_MAY_KNOW.get(name);
                        if (allowed == null) {
                            events.add(SimpleConditionEvent.violated(from, from.getName()
                                    + " lies in no package of the order: add it to " + Modules.class.getName()));
                            return;
                        }
                        for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                            String target = Modules
                                    .ofObserve(dependency.getTargetClass().getBaseComponentType().getPackageName());
                            if (!target.isEmpty() && !target.equals(name) && !allowed.contains(target)) {
                                events.add(SimpleConditionEvent.violated(from, "observe." + name
                                        + " may not know observe." + target + ": " + dependency.getDescription()));
                            }
                        }
                    }
                });
    }

    /** The simulation records; what is drawn of it is the caller's business. */
    static ArchRule simDrawsNothing() {
        return noClasses().that().resideInAPackage("sluice.sim..").should().dependOnClassesThat()
                .resideInAPackage("sluice.observe.plot..").because("colours are for those who draw");
    }

    /** The run-time modules have no library but the JDK. */
    static ArchRule noLibraries() {
        String[] packages = Modules.WITHOUT_LIBRARIES.stream().map(m -> "sluice." + m + "..").toArray(String[]::new);
        return classes().that().resideInAnyPackage(packages).should().onlyDependOnClassesThat()
                .resideInAnyPackage("", "java..", "javax..", "jdk..", "com.sun.net.httpserver", "sluice..",
                        "org.jspecify..")
                .because("base to sockets run inside other people's programs");
    }

    /** No threads, locks and executors in the core. */
    static ArchRule coreHasNoThreads() {
        return noClasses().that().resideInAPackage(CORE).should().dependOnClassesThat(
                resideInAnyPackage("java.util.concurrent.locks..").or(assignableTo("java.lang.Thread"))
                        .or(assignableTo("java.lang.ThreadLocal"))
                        .or(assignableTo("java.util.concurrent.Executor"))
                        .or(assignableTo("java.util.concurrent.Future"))
                        .or(assignableTo("java.util.concurrent.CompletionStage"))
                        .or(assignableTo("java.util.concurrent.CountDownLatch"))
                        .or(assignableTo("java.util.concurrent.Semaphore"))
                        .or(assignableTo("java.util.concurrent.BlockingQueue"))
                        .or(assignableTo("java.util.concurrent.Executors")).or(assignableTo("java.util.Timer")))
                .because("a host is entered by one thread at a time and starts none");
    }

    /** No methods of the core lock. */
    static ArchRule coreHasNoSynchronizedMethods() {
        return noMethods().that().areDeclaredInClassesThat().resideInAPackage(CORE).should()
                .haveModifier(JavaModifier.SYNCHRONIZED);
    }

    /** No blocks of the core lock, and nothing waits. */
    static ArchRule coreHasNoMonitors() {
        return classes().that().resideInAPackage(CORE).should(new ArchCondition<JavaClass>("enter no monitor") {
            @Override
            public void check(JavaClass subject, ConditionEvents events) {
                if (entersMonitor(subject)) {
                    events.add(SimpleConditionEvent.violated(subject, subject.getName() + " has a synchronized block"));
                }
            }
        }).andShould(callNone("wait for or notify a monitor",
                Map.of("java.lang.Object", Set.of("wait", "notify", "notifyAll"))));
    }

    /** No clocks in the core. */
    static ArchRule coreHasNoClock() {
        return classes().that().resideInAPackage(CORE)
                .should(callNone("read no clock", Map.of("java.lang.System", Set.of("nanoTime", "currentTimeMillis"))))
                .andShould(new ArchCondition<JavaClass>("not ask java.time for now") {
                    @Override
                    public void check(JavaClass subject, ConditionEvents events) {
                        for (JavaAccess<?> access : subject.getAccessesFromSelf()) {
                            if (access.getTargetOwner().getPackageName().startsWith("java.time")
                                    && access.getTarget().getName().equals("now")) {
                                events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                            }
                        }
                    }
                }).andShould(
                        notDependOn("know no java.time.Clock",
                                assignableTo("java.time.Clock").or(assignableTo("java.time.InstantSource"))));
    }

    /** No randomness but the entropy that is given. */
    static ArchRule coreHasNoRandomness() {
        return classes().that().resideInAPackage(CORE)
                .should(notDependOn("know no random generator",
                        assignableTo("java.util.random.RandomGenerator").or(resideInAnyPackage("java.util.random..")
                                .or(resideInAnyPackage("java.security..").and(not(pureCryptography()))))))
                .andShould(callNone("draw no random numbers",
                        Map.of("java.lang.Math", Set.of("random"), "java.lang.StrictMath", Set.of("random"),
                                "java.util.UUID",
                                Set.of("randomUUID"), "java.util.Collections", Set.of("shuffle"), "java.lang.System",
                                Set.of("identityHashCode"))));
    }

    /** Hash functions and the errors they and ciphers declare: functions of their input. */
    private static DescribedPredicate<JavaClass> pureCryptography() {
        return DescribedPredicate.describe("functions of their input",
                c -> List.of("MessageDigest", "Key", "GeneralSecurityException", "DigestException",
                        "NoSuchAlgorithmException").contains(c.getSimpleName()));
    }

    /** No network of the JDK's in the core. */
    static ArchRule coreHasNoNetwork() {
        return noClasses().that().resideInAPackage(CORE).should().dependOnClassesThat().resideInAnyPackage("java.net..",
                "java.nio.channels..", "javax.net..");
    }

    /** Nobody reaches under the JDK; {@code com.sun.net.httpserver} is an API of its module. */
    static ArchRule nobodyUsesUnsafe() {
        return noClasses().that().resideInAPackage("sluice..").should()
                .dependOnClassesThat(resideInAnyPackage("sun..", "jdk.internal..", "com.sun..")
                        .and(resideOutsideOfPackage("com.sun.net.httpserver")));
    }

    /** Native functions and addresses only in the one module for them. */
    static ArchRule nativeAccessOnlyInLinkLinux() {
        return classes().that().resideInAPackage("sluice..").and().resideOutsideOfPackage("sluice.link.linux..")
                .should(notDependOn("know no linker",
                        assignableTo("java.lang.foreign.Linker").or(assignableTo("java.lang.foreign.SymbolLookup"))))
                .andShould(callNone("make no segment of an address",
                        Map.of("java.lang.foreign.MemorySegment", Set.of("reinterpret"))));
    }

    /**
     * Who uses connections sees of one what TcpSocket offers, and what is an application's business of what that
     * inherits; its state variables are the procedures'. Instruments (records, the drill's TCP_INFO, the simulator's
     * checkers) read some, each named here: a list that only gets shorter.
     */
    static ArchRule applicationsUseTheSocket() {
        return classes().that().resideInAPackage("sluice..").and().resideOutsideOfPackage(CORE)
                .should(new ArchCondition<JavaClass>("use connections through what TcpSocket offers") {
                    @Override
                    public void check(JavaClass from, ConditionEvents events) {
                        Set<String> read = READ_BY_INSTRUMENTS.getOrDefault(Modules.ofPackage(from.getPackageName()),
                                Set.of());
                        for (JavaAccess<?> access : from.getAccessesFromSelf()) {
                            String name = access.getTarget().getName();
                            if (declaresState(access) && !APPLICATIONS_BUSINESS.contains(name)
                                    && !read.contains(name)) {
                                events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                            }
                        }
                    }
                });
    }

    private static boolean declaresState(JavaAccess<?> access) {
        return access.getTargetOwner().isAssignableTo(StateVariables.class)
                && access.getTarget().resolveMember().map(m -> m.getOwner().isEquivalentTo(StateVariables.class)
                        || m.getOwner().isEquivalentTo(Tcb.class)).orElse(true);
    }

    private static ArchCondition<JavaClass> notDependOn(String description,
            DescribedPredicate<? super JavaClass> forbidden) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass subject, ConditionEvents events) {
                for (Dependency dependency : subject.getDirectDependenciesFromSelf()) {
                    if (forbidden.test(dependency.getTargetClass().getBaseComponentType())) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** Calls and method references. The owner in the byte code may be a subtype of the one named here. */
    private static ArchCondition<JavaClass> callNone(String description, Map<String, Set<String>> forbidden) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass subject, ConditionEvents events) {
                for (JavaAccess<?> access : subject.getAccessesFromSelf()) {
                    forbidden.forEach((owner, names) -> {
                        if (names.contains(access.getTarget().getName())
                                && access.getTargetOwner().isAssignableTo(owner)) {
                            events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                        }
                    });
                }
            }
        };
    }

    private static boolean entersMonitor(JavaClass subject) {
        if (subject.getSource().isEmpty()) {
            return false;
        }
        try (InputStream in = subject.getSource().get().getUri().toURL().openStream()) {
            return ClassFile.of().parse(in.readAllBytes()).methods().stream().flatMap(m -> m.code().stream())
                    .flatMap(code -> code.elementStream())
                    .anyMatch(MonitorInstruction.class::isInstance);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
