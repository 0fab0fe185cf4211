package sluice.virtual.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * In place of {@code Test}: a test of a {@link VirtualNetwork} that runs once for each of many seeds. What a failing
 * one says has the annotation that runs its seed alone.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@TestTemplate
@ExtendWith(SeedsExtension.class)
public @interface Seeds {
    /** How many; 1 and more. {@code -Dsluice.seeds=N} replaces it. */
    int value();

    /** The first. */
    long from() default 1;
}
