package sluice.clock;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The agent: {@code -javaagent:sluice-clock-agent.jar}, or the jar as {@code Launcher-Agent-Class}. It puts
 * {@code sluice.clock.boot} on the boot class path and instruments what is loaded and what will be; nothing changes
 * in a JVM until a {@link VirtualClock} is opened.
 */
public final class ClockAgent {
    private static final String BOOT_PACKAGE = "sluice/clock/boot/";

    /**
     * Where the boot classes are in this jar, so that they are no package of this module; and where they are compiled
     * to.
     */
    private static final List<String> BOOT_PLACES = List.of("META-INF/boot/", "");

    static final List<String> BOOT_CLASSES = List.of("Baton", "Calls", "Deadlines", "Group", "Hooks", "Member",
            "MemberKilled", "MemberTable", "MemberTable$Node", "Members", "Monitors", "NanoTimes", "Seeds",
            "Simulation", "Simulations", "Strangers", "Survey", "WaitSet", "Waker", "Wakes");

    private ClockAgent() {}

    /** Called by the JVM before {@code main}. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) throws Exception {
        install(instrumentation);
        makeOursDefault(instrumentation);
        if (arguments != null && arguments.equals("times")) {
            System.err.println("sluice-clock-agent: installed " + ProcessHandle.current().info().totalCpuDuration());
        }
    }

    /** Called by the JVM where the jar is attached. */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) throws Exception {
        premain(arguments, instrumentation);
    }

    private static void install(Instrumentation instrumentation)
            throws IOException, UnmodifiableClassException, ClassNotFoundException {
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(bootJar().toFile()));
        Module boot = Class.forName("sluice.clock.boot.Monitors", false, null).getModule();
        instrumentation.redefineModule(Object.class.getModule(), Set.of(), Map.of(),
                Map.of("jdk.internal.vm", Set.of(boot)), Set.of(), Map.of());
        Transformer transformer = new Transformer();
        for (String warm : List.of("java/lang/Thread", "java/lang/Object", "java/util/concurrent/ForkJoinPool")) {
            // So that what the transformer needs is loaded before it is asked.
            try (InputStream in = Object.class.getResourceAsStream("/" + warm + ".class")) {
                transformer.transform(null, warm, null, null, in == null ? new byte[0] : in.readAllBytes());
            }
        }
        instrumentation.addTransformer(transformer, true);
        Set<Class<?>> seen = new HashSet<>();
        List<Class<?>> more = loaded(instrumentation, seen);
        while (!more.isEmpty()) {
            instrumentation.retransformClasses(more.toArray(Class[]::new));
            // What was loaded by the transformer itself, it was not shown.
            more = loaded(instrumentation, seen);
        }
    }

    /** Classes that are loaded and have to be changed, but those that were seen already. */
    private static List<Class<?>> loaded(Instrumentation instrumentation, Set<Class<?>> seen) throws IOException {
        List<Class<?>> concerned = new ArrayList<>();
        for (Class<?> c : instrumentation.getAllLoadedClasses()) {
            if (seen.add(c) && instrumentation.isModifiableClass(c) && !c.isHidden() && isConcerned(c)) {
                concerned.add(c);
            }
        }
        return concerned;
    }

    /**
     * Where Sluice's sockets are at hand, the JVM's default providers of channels are theirs, since they have to be
     * named before anybody asks; threads of no host get the platform's from them. They need to see the platform's
     * own.
     */
    private static void makeOursDefault(Instrumentation instrumentation) {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        if (loader.getResource("sluice/sockets/JvmSelectorProvider.class") == null) {
            return;
        }
        setIfAbsent("java.nio.channels.spi.SelectorProvider", "sluice.sockets.JvmSelectorProvider");
        setIfAbsent("java.nio.channels.spi.AsynchronousChannelProvider", "sluice.sockets.SluiceAsynchronousProvider");
        Set<Module> sockets = new HashSet<>();
        sockets.add(loader.getUnnamedModule());
        ModuleLayer.boot().findModule("sluice.sockets").ifPresent(sockets::add);
        instrumentation.redefineModule(Object.class.getModule(), Set.of(), Map.of("sun.nio.ch", sockets), Map.of(),
                Set.of(), Map.of());
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The boot classes as a jar, which the JVM wants to have as a file. */
    private static Path bootJar() throws IOException {
        // createTempFile would load the machinery of secure random numbers.
        String name = "sluice-clock-boot-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".jar";
        Path jar = Files.createFile(Path.of(System.getProperty("java.io.tmpdir"), name));
        jar.toFile().deleteOnExit();
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
            entries.setLevel(0);
            for (String c : BOOT_CLASSES) {
                entries.putNextEntry(new JarEntry(BOOT_PACKAGE + c + ".class"));
                entries.write(bootClass(c));
                entries.closeEntry();
            }
        }
        return jar;
    }

    private static byte[] bootClass(String name) throws IOException {
        for (String place : BOOT_PLACES) {
            try (InputStream in = ClockAgent.class.getResourceAsStream("/" + place + BOOT_PACKAGE + name + ".class")) {
                if (in != null) {
                    return in.readAllBytes();
                }
            }
        }
        throw new IOException("the agent's jar has no " + name);
    }

    /** Whether a class that is loaded has to be changed. */
    private static boolean isConcerned(Class<?> c) throws IOException {
        String name = c.getName().replace('.', '/');
        if (Bodies.concerns(name)) {
            return true;
        }
        if (c.isArray() || Transformer.isOurs(name)) {
            return false;
        }
        try (InputStream in = c.getResourceAsStream("/" + name + ".class")) {
            return in != null && CallSites.mayBeIn(name, in.readAllBytes());
        }
    }

    /** Instruments classes when they are loaded, or looked at again. */
    private static final class Transformer implements ClassFileTransformer {
        static boolean isOurs(String className) {
            return className.startsWith(BOOT_PACKAGE);
        }

        @Override
        public byte @Nullable [] transform(@Nullable ClassLoader loader, @Nullable String className,
                @Nullable Class<?> redefined, @Nullable ProtectionDomain domain, byte[] bytes) {
            if (className == null || isOurs(className)) {
                return null;
            }
            boolean hooked = Bodies.concerns(className);
            if (!hooked && !CallSites.mayBeIn(className, bytes)) {
                return null;
            }
            try {
                byte[] redirected = CallSites.redirect(className, bytes.clone());
                if (hooked) {
                    return Bodies.hook(className, redirected == null ? bytes : redirected);
                }
                return redirected;
            } catch (RuntimeException | Error e) {
                System.err.println("sluice-clock-agent: " + className + " keeps the platform's time: " + e);
                return null;
            }
        }
    }
}
