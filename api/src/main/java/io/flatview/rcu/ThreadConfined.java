package io.flatview.rcu;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose instances are used by one thread only, such as a vCPU or a driver's loop. Such a class may keep
 * the reader of that thread in a field; in any other class, the ArchUnit rules of the test-jar report the field.
 *
 * <p>The mark is a promise to readers of the class, like {@code @GuardedBy}: nothing checks the calling thread. No
 * class may keep sections and translations in fields, since they end before the object does.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ThreadConfined {}
