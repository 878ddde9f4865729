package kotlin.planted;

/** Stands for a class of a library that is banned. */
public final class Stand {}
