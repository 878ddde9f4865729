package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.topology.BankNode;
import io.flatview.memory.BankedSections;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/** The page tables of a bank's leaf, one for each selection. Immutable, like every page table. */
public final class BankTable {

  private final BankNode bank;

  /** The tables, by the number of the variant; the first is that for {@link BankNode#NONE}. */
  private final PhysPageMap[] maps;

  private BankTable(BankNode bank, PhysPageMap[] maps) {
    this.bank = bank;
    this.maps = maps;
  }

  /** The table of a bank's section. */
  static BankTable of(BankNode bank, MemoryRegionSection section, BankWay outer, PageGeometry geometry,
      PhysSection unassigned) {
    BankedSections banked = section.attributes().banked();
    PhysPageMap[] maps = new PhysPageMap[bank.variants() + 1];
    for (int i = 0; i < maps.length; i++) {
      int number = i + BankNode.NONE;
      maps[i] = map(banked.of(number), new BankWay(bank, number, outer), geometry, unassigned);
    }
    return new BankTable(bank, maps);
  }

  private static PhysPageMap map(
      List<MemoryRegionSection> sections, BankWay way, PageGeometry geometry, PhysSection unassigned) {
    PhysPageMapEditor editor = new PhysPageMapEditor(geometry, PhysPageMap.empty(unassigned), way);
    sections.forEach(editor::add);
    return editor.finish();
  }

  /**
   * The bank, whose selection decides which map is in force.
   *
   * @return the node of the bank
   */
  public BankNode bank() {
    return bank;
  }

  /**
   * The map under a selection.
   *
   * @param number the number of a variant, or {@link BankNode#NONE}
   * @return the addresses of the bank's section; others are holes in it
   */
  public PhysPageMap map(int number) {
    return maps[number - BankNode.NONE];
  }

  /** A copy after a tap was attached or removed; this table if the tap watches nothing in it. */
  BankTable watched(TapPoint tap, boolean comes, MemoryRegionSection section, PageGeometry geometry) {
    PhysPageMap[] edited = maps.clone();
    boolean changes = false;
    for (int i = 0; i < maps.length; i++) {
      List<MemoryRegionSection> concerned =
          tap.sectionsOf(section.attributes().banked().of(i + BankNode.NONE));
      if (!concerned.isEmpty()) {
        edited[i] = PhysPageMapEditor.watched(geometry, maps[i], concerned, tap, comes);
        changes = true;
      }
    }
    return changes ? new BankTable(bank, edited) : this;
  }

  boolean sameAs(BankTable other) {
    for (int i = 0; i < maps.length; i++) {
      if (!maps[i].sameAs(other.maps[i])) {
        return false;
      }
    }
    return bank == other.bank;
  }
}
