package io.flatview.dispatch.view;

/**
 * What a view became.
 *
 * @param rendering the one that was there, if nothing changed
 * @param diff what changed
 */
public record Refreshed(Rendering rendering, ViewDiff diff) {}
