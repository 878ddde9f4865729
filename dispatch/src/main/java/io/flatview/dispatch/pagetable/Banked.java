package io.flatview.dispatch.pagetable;

/** How banks come into a leaf: it leads on to what a bank selects, or is among what one selects. */
public abstract sealed class Banked permits BankTable, BankWay {}
