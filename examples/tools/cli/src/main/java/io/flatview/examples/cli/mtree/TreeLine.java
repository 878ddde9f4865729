package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.LineHead;
import io.flatview.examples.cli.mtree.TreeNode.AliasText;
import java.util.Optional;

/** One line of a tree by itself; depth 1 is the root. */
record TreeLine(
    int number, int depth, LineHead head, String name, Optional<AliasText> alias, boolean disabled, String owner) {}
