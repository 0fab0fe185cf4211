package sluice.virtual.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A link of the test's {@link VirtualNetwork}. */
@Documented
@Inherited
@Repeatable(Links.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Link {
    /** The two hosts it joins; they are made if no {@link Host} names them. */
    String[] between();

    /** What {@code tc netem} is told, for both directions: "delay 40ms 5ms loss 1% rate 10mbit". */
    String netem() default "";

    /** Speed of both directions, with a {@link #queue} before it: "10mbit". */
    String rate() default "";

    /** The queue before {@link #rate}: "pfifo limit 50", "codel ecn", "mark 20 limit 100". */
    String queue() default "pfifo limit 1000";

    /** Largest packet, bytes. */
    int mtu() default 1500;
}
