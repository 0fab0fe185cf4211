package sluice.virtual.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A host of the test's {@link VirtualNetwork}; on a parameter of type {@link sluice.virtual.VirtualHost}, the one of
 * that name. Hosts that a {@link Link} names need no annotation of their own unless there is more to say of them.
 */
@Documented
@Inherited
@Repeatable(Hosts.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
public @interface Host {
    /** Its name. */
    String value();

    /** Addresses of its own choice, at most one of IPv4 and one of IPv6. */
    String[] address() default {};

    /** Whether its name has its IPv6 address too. */
    boolean ipv6() default false;

    /** Whether it forwards packets between its links. */
    boolean router() default false;

    /** Settings of its stack, as {@code sysctl -w} has them: "net.ipv4.tcp_retries2=8". */
    String[] sysctl() default {};

    /** How long its program's JVM keeps names, seconds: {@code networkaddress.cache.ttl}; −1 for ever. */
    long nameCacheSeconds() default 30;
}
