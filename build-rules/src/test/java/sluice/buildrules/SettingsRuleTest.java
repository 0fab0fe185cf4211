package sluice.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.core.Setting;

/** Settings are honest: each is read where the stack acts, or marked as one that has no effect, and never both. */
class SettingsRuleTest {
    private static final Set<String> ACTING = Set.of("core", "link", "link.linux", "engine", "sockets");
    private static final Set<String> TABLES = Set.of("sluice.core.Setting", "sluice.core.Settings",
            "sluice.core.Settings$1", "sluice.core.SettingsText", "sluice.core.WithoutEffect");
    /** Read as what {@code Settings} makes of them: the set of ports, the list of names. */
    private static final Set<Setting> READ_BY_SETTINGS = EnumSet.of(Setting.IP_LOCAL_RESERVED_PORTS,
            Setting.TCP_AVAILABLE_CONGESTION_CONTROL);

    @Test
    void eachIsReadOrMarked() {
        assertThat(dishonest(read(Modules.productClasses()), marked())).isEmpty();
    }

    @Test
    void seesOneThatIsNeither() {
        Set<Setting> read = read(Modules.productClasses());
        read.remove(Setting.TCP_SACK);
        assertThat(dishonest(read, marked())).containsExactly("TCP_SACK is neither read nor marked");
    }

    @Test
    void seesOneThatIsBoth() {
        Set<Setting> marked = marked();
        marked.add(Setting.TCP_SACK);
        assertThat(dishonest(read(Modules.productClasses()), marked)).containsExactly("TCP_SACK is marked and read");
    }

    private static List<String> dishonest(Set<Setting> read, Set<Setting> marked) {
        List<String> found = new ArrayList<>();
        for (Setting s : Setting.values()) {
            if (read.contains(s) == marked.contains(s)) {
                found.add(s + (read.contains(s) ? " is marked and read" : " is neither read nor marked"));
            }
        }
        return found;
    }

    private static Set<Setting> marked() {
        Set<Setting> marked = EnumSet.noneOf(Setting.class);
        for (Setting s : Setting.values()) {
            if (!s.hasEffect()) {
                marked.add(s);
            }
        }
        return marked;
    }

    private static Set<Setting> read(JavaClasses product) {
        Set<Setting> read = EnumSet.copyOf(READ_BY_SETTINGS);
        for (JavaClass c : product) {
            if (!ACTING.contains(Modules.ofPackage(c.getPackageName())) || TABLES.contains(c.getName())
                    || c.getName().contains("Test")) {
                continue;
            }
            for (JavaFieldAccess access : c.getFieldAccessesFromSelf()) {
                if (access.getTargetOwner().isEquivalentTo(Setting.class)
                        && access.getTarget().getRawType().isEquivalentTo(Setting.class)) {
                    read.add(Setting.valueOf(access.getTarget().getName()));
                }
            }
        }
        return read;
    }
}
