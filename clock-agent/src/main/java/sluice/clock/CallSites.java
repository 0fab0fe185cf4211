package sluice.clock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends call sites of the platform's clock and monitors to {@code Hooks}, in any class, by changing its constant pool:
 * references to a static method get another owner, which method references ({@code System::nanoTime}) follow; calls
 * of a method of an object become calls of a static one that takes the object first. Neither code's length nor what
 * is on the stack changes, so stack maps stay as they are: nothing has to be known of other classes, and classes that
 * are loaded already can be changed.
 *
 * <p><b>Thread rules.</b> Static methods without state.
 */
final class CallSites {
    static final String HOOKS = "sluice/clock/boot/Hooks";

    private static final String CONCURRENT = "java/util/concurrent/";

    private static final byte[][] NONE = {};

    /** Names of what is redirected, by their length. */
    private static final byte[][][] NAMES = namesByLength("nanoTime", "currentTimeMillis", "notify", "notifyAll",
            "onSpinWait", "commonPool", "getLocalHost");

    private static final String FORK_JOIN_POOL = "java/util/concurrent/ForkJoinPool";

    /** Static methods that {@code Hooks} has under the same name and type: owner.name. */
    private static final Map<String, String> STATIC = Map.of("java/lang/System.nanoTime", "()J",
            "java/lang/System.currentTimeMillis", "()J", "java/lang/Thread.onSpinWait", "()V",
            "java/util/concurrent/ForkJoinPool.commonPool", "()Ljava/util/concurrent/ForkJoinPool;",
            "java/net/InetAddress.getLocalHost", "()Ljava/net/InetAddress;");

    /** Fields that {@code Hooks} has as a method of no argument: owner.name to that method. */
    private static final Map<String, String> FIELDS = Map.of("java/util/concurrent/ForkJoinPool.common", "commonPool",
            "java/util/concurrent/CompletableFuture.ASYNC_POOL", "commonPool");

    /** Bytes of an instruction by its opcode; 0 where it depends. */
    private static final String LENGTHS = "1111111111111111"
            + "2323322222111111"
            + "1111111111111111"
            + "1111112222211111"
            + "1111111111111111"
            + "1111111111111111"
            + "1111111111111111"
            + "1111111111111111"
            + "1111311111111111"
            + "1111111113333333"
            + "3333333332001111"
            + "1133333335532311"
            + "3311043355000000";

    private final byte[] bytes;
    private final int[] entry;
    private final int end;
    private final List<byte[]> added = new ArrayList<>();
    private int hooksClass;

    /** Entry to the entry that takes its place in calls that become static. */
    private final Map<Integer, Integer> replacements = new HashMap<>();

    private final Map<Integer, Integer> fields = new HashMap<>();

    private boolean changed;

    private CallSites(byte[] bytes) {
        this.bytes = bytes;
        entry = new int[u2(8)];
        int p = 10;
        for (int i = 1; i < entry.length; i++) {
            entry[i] = p;
            int tag = bytes[p];
            switch (tag) {
                case 1 -> p += 3 + u2(p + 1);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> p += 5;
                case 5, 6 -> {
                    p += 9;
                    i++;
                }
                case 7, 8, 16, 19, 20 -> p += 3;
                case 15 -> p += 4;
                default -> throw new IllegalArgumentException("constant " + tag);
            }
        }
        end = p;
    }

    /**
     * Whether a class can have call sites to be changed: it has one of their names among its constants. Run for each
     * class that is loaded, also before anything is compiled: it looks at lengths first.
     */
    static boolean mayBeIn(String className, byte[] bytes) {
        if (className.startsWith(CONCURRENT)) {
            return true;
        }
        int count = (bytes[8] & 0xff) << 8 | bytes[9] & 0xff;
        int p = 10;
        for (int i = 1; i < count; i++) {
            switch (bytes[p]) {
                case 1 -> {
                    int length = (bytes[p + 1] & 0xff) << 8 | bytes[p + 2] & 0xff;
                    byte[][] names = length < NAMES.length ? NAMES[length] : NONE;
                    for (byte[] name : names) {
                        if (Arrays.equals(bytes, p + 3, p + 3 + length, name, 0, length)) {
                            return true;
                        }
                    }
                    p += 3 + length;
                }
                case 5, 6 -> {
                    p += 9;
                    i++;
                }
                case 7, 8, 16, 19, 20 -> p += 3;
                case 15 -> p += 4;
                default -> p += 5;
            }
        }
        return false;
    }

    private static byte[][][] namesByLength(String... names) {
        byte[][][] byLength = new byte[20][][];
        Arrays.fill(byLength, NONE);
        for (String name : names) {
            byte[][] before = byLength[name.length()];
            byte[][] more = Arrays.copyOf(before, before.length + 1);
            more[before.length] = name.getBytes(StandardCharsets.US_ASCII);
            byLength[name.length()] = more;
        }
        return byLength;
    }

    /** The class with its call sites changed; null when it has none. */
    static byte @Nullable [] redirect(String className, byte[] bytes) {
        return new CallSites(bytes).redirect(className);
    }

    private byte @Nullable [] redirect(String className) {
        boolean concurrent = className.startsWith(CONCURRENT);
        boolean support = className.equals("java/util/concurrent/locks/LockSupport");
        for (int i = 1; i < entry.length; i++) {
            int p = entry[i];
            if (p == 0) {
                continue;
            }
            if (bytes[p] == 10) {
                String name = utf8(u2(entry[u2(p + 3)] + 1));
                String type = utf8(u2(entry[u2(p + 3)] + 3));
                method(i, p, className, name, type, concurrent && !support);
            } else if (bytes[p] == 9 && concurrent) {
                String to = FIELDS.get(owner(p) + "." + utf8(u2(entry[u2(p + 3)] + 1)));
                if (to != null) {
                    fields.put(i, reference(to, "()Ljava/util/concurrent/ForkJoinPool;"));
                }
            }
        }
        if (!replacements.isEmpty() || !fields.isEmpty()) {
            methods(className);
        }
        return changed ? assemble() : null;
    }

    private void method(int i, int p, String className, String name, String type, boolean concurrent) {
        boolean notify = type.equals("()V") && (name.equals("notify") || name.equals("notifyAll"));
        if (notify) {
            replacements.put(i, reference(name, "(Ljava/lang/Object;)V"));
        } else if (concurrent && owner(p).equals("jdk/internal/misc/Unsafe") && name.equals("park")) {
            replacements.put(i, reference("park", "(Ljava/lang/Object;ZJ)V"));
        } else if (concurrent && owner(p).equals("jdk/internal/misc/Unsafe") && name.equals("unpark")) {
            replacements.put(i, reference("unpark", "(Ljava/lang/Object;Ljava/lang/Object;)V"));
        } else if (type.equals(STATIC.get(owner(p) + "." + name))
                && !(className.equals(FORK_JOIN_POOL) && name.equals("commonPool"))) {
            put2(p + 1, hooksClass());
            changed = true;
        }
    }

    /** Looks through the code of all methods for the calls and reads that become static calls, and method handles. */
    private void methods(String className) {
        for (int i = 1; i < entry.length; i++) {
            int p = entry[i];
            if (p != 0 && bytes[p] == 15 && (bytes[p + 1] == 5 || bytes[p + 1] == 7)) {
                Integer to = replacements.get(u2(p + 2));
                if (to != null) {
                    bytes[p + 1] = 6; // REF_invokeStatic
                    put2(p + 2, to);
                    changed = true;
                }
            }
        }
        int p = end + 6;
        p += 2 + 2 * u2(p);
        int count = u2(p);
        p += 2;
        for (int i = 0; i < count; i++) {
            p = attributes(p + 6);
        }
        count = u2(p);
        p += 2;
        for (int i = 0; i < count; i++) {
            String name = utf8(u2(p + 2));
            int attributes = u2(p + 6);
            p += 8;
            for (int a = 0; a < attributes; a++) {
                if (utf8(u2(p)).equals("Code")) {
                    code(p + 14, u4(p + 10), leavesFields(className, name));
                }
                p += 6 + u4(p + 2);
            }
        }
    }

    /** Where the pool itself is made or handed out. */
    private static boolean leavesFields(String className, String method) {
        return method.equals("<clinit>") || className.equals(FORK_JOIN_POOL)
                && (method.equals("commonPool") || method.equals("asyncCommonPool"));
    }

    private int attributes(int at) {
        int p = at + 2;
        for (int a = u2(at); a > 0; a--) {
            p += 6 + u4(p + 2);
        }
        return p;
    }

    private void code(int from, int length, boolean leavesFields) {
        int p = from;
        while (p < from + length) {
            int op = bytes[p] & 0xff;
            Integer to = op == 0xb6 || op == 0xb7 ? replacements.get(u2(p + 1))
                    : op == 0xb2 && !leavesFields ? fields.get(u2(p + 1)) : null;
            if (to != null) {
                bytes[p] = (byte) 0xb8; // invokestatic
                put2(p + 1, to);
                changed = true;
            }
            p += length(op, p, from);
        }
    }

    private int length(int op, int p, int from) {
        int pad = p + 4 - (p - from & 3);
        return switch (op) {
            case 0xaa -> pad + 12 + 4 * (u4(pad + 8) - u4(pad + 4) + 1) - p; // tableswitch
            case 0xab -> pad + 8 + 8 * u4(pad + 4) - p; // lookupswitch
            case 0xc4 -> (bytes[p + 1] & 0xff) == 0x84 ? 6 : 4; // wide
            default -> LENGTHS.charAt(op) - '0';
        };
    }

    private String owner(int methodReference) {
        return utf8(u2(entry[u2(methodReference + 1)] + 1));
    }

    private String utf8(int index) {
        int p = entry[index];
        return new String(bytes, p + 3, u2(p + 1), StandardCharsets.UTF_8);
    }

    private int hooksClass() {
        if (hooksClass == 0) {
            hooksClass = add(new byte[]{7, 0, 0}, text(HOOKS));
        }
        return hooksClass;
    }

    private int reference(String name, String type) {
        int nameAndType = add(new byte[]{12, 0, 0, 0, 0}, text(name), text(type));
        return add(new byte[]{10, 0, 0, 0, 0}, hooksClass(), nameAndType);
    }

    private int text(String s) {
        byte[] utf = s.getBytes(StandardCharsets.UTF_8);
        byte[] constant = new byte[3 + utf.length];
        constant[0] = 1;
        constant[2] = (byte) utf.length;
        System.arraycopy(utf, 0, constant, 3, utf.length);
        return add(constant);
    }

    private int add(byte[] constant, int... references) {
        for (int i = 0; i < references.length; i++) {
            constant[1 + 2 * i] = (byte) (references[i] >> 8);
            constant[2 + 2 * i] = (byte) references[i];
        }
        added.add(constant);
        return entry.length + added.size() - 1;
    }

    private byte @Nullable [] assemble() {
        int size = bytes.length;
        for (byte[] a : added) {
            size += a.length;
        }
        if (entry.length + added.size() > 0xffff) {
            return null;
        }
        put2(8, entry.length + added.size());
        byte[] all = new byte[size];
        System.arraycopy(bytes, 0, all, 0, end);
        int p = end;
        for (byte[] a : added) {
            System.arraycopy(a, 0, all, p, a.length);
            p += a.length;
        }
        System.arraycopy(bytes, end, all, p, bytes.length - end);
        return all;
    }

    private int u2(int p) {
        return (bytes[p] & 0xff) << 8 | bytes[p + 1] & 0xff;
    }

    private int u4(int p) {
        return u2(p) << 16 | u2(p + 2);
    }

    private void put2(int p, int value) {
        bytes[p] = (byte) (value >> 8);
        bytes[p + 1] = (byte) value;
    }
}
