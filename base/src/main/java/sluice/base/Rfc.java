package sluice.base;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the part of a standard that a piece of code obeys, or that a test shows. The conformance page is made from
 * these.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.CONSTRUCTOR})
@Repeatable(Rfc.List.class)
public @interface Rfc {
    /** Number of the RFC. */
    int value();

    /** Section, as printed: "3.10.7.4". */
    String section() default "";

    /** Requirement identifiers, as RFC 9293 Appendix B prints them: "MUST-13". */
    String[] req() default {};

    /** Container for several annotations on one element. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.CONSTRUCTOR})
    @interface List {
        /** The annotations. */
        Rfc[] value();
    }
}
