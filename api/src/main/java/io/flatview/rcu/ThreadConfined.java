package io.flatview.rcu;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose instances are used by one thread only, such as a vCPU or a driver's loop. It may keep the reader
 * of that thread in a field; the published rules of the test-jar flag it in any other class.
 *
 * <p>The mark is a promise to readers of the class, like {@code @GuardedBy}: nothing checks the calling thread.
 * Sections and translations are not to be kept in any class, since they end while the object goes on.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ThreadConfined {}
