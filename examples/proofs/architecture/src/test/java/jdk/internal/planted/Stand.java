package jdk.internal.planted;

/** Stands for a class of the JDK that is not for us. */
public final class Stand {}
