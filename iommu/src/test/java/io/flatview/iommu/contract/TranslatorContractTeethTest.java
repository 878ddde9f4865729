package io.flatview.iommu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.WindowIommu;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that break one rule each, and the rules of the suite that notice. */
class TranslatorContractTeethTest {

  /** Windows with something wrong in front of them. */
  private static class Wrong implements IommuTranslator {

    final IommuTranslator right;

    Wrong(IommuTranslator right) {
      this.right = right;
    }

    @Override
    public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
      right.translate(address, access, index, reader, entry);
    }

    @Override
    public void replay(AddressRange range, int index, MapReader reader, Consumer<? super IommuEvent.Map> mapped) {
      right.replay(range, index, reader, mapped);
    }

    @Override
    public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {
      right.notifiersChanged(region, index, kinds);
    }

    @Override
    public long pageSizeMask() {
      return right.pageSizeMask();
    }
  }

  private enum Twin {
    NOTHING(Wrong::new),
    A_BLOCK_THAT_IS_TOO_LARGE(right -> new Wrong(right) {
      @Override
      public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
        super.translate(address, access, index, reader, entry);
        if (entry.permits(Access.READ)) {
          long mask = entry.addrMask() << 1 | 1;
          entry.grant(entry.target(), entry.apply(address) - (address & mask) & ~mask, mask, true,
              entry.permits(Access.WRITE));
        }
      }
    }),
    WRITES_TO_ALL(right -> new Wrong(right) {
      @Override
      public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
        super.translate(address, access, index, reader, entry);
        if (entry.permits(Access.READ)) {
          entry.grant(entry.target(), entry.apply(address), entry.addrMask(), true, true);
        }
      }
    }),
    ANSWERS_THAT_ARE_NEVER_INVALIDATED(right -> new Wrong(right) {
      private final InvalidationSequence never = new InvalidationSequence();

      @Override
      public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
        super.translate(address, access, index, reader, entry);
        if (entry.permits(Access.READ)) {
          entry.reusableWhile(never, never.current());
        }
      }
    }),
    HOLES_THAT_ARE_TOO_LARGE(right -> new Wrong(right) {
      @Override
      public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
        super.translate(address, access, index, reader, entry);
        if (!entry.permitsAny()) {
          entry.deny(0xff_ffff);
        }
      }
    }),
    A_REPLAY_WITHOUT_THE_LAST(right -> new Wrong(right) {
      @Override
      public void replay(AddressRange range, int index, MapReader reader, Consumer<? super IommuEvent.Map> mapped) {
        IommuEvent.Map[] last = {null};
        right.replay(range, index, reader, event -> {
          if (last[0] != null) {
            mapped.accept(last[0]);
          }
          last[0] = event;
        });
      }
    }),
    NOBODY_IS_TOLD(right -> new Wrong(right) {
      @Override
      public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {}
    }),
    AN_INDEX_THAT_IS_NOT_THERE(right -> new Wrong(right) {
      @Override
      public int indexOf(MemTxAttrs attributes) {
        return attributes.hasPid() ? 1 : 0;
      }
    });

    private final UnaryOperator<IommuTranslator> wrong;

    Twin(UnaryOperator<IommuTranslator> wrong) {
      this.wrong = wrong;
    }
  }

  /** The suite for one twin; its rules are run here, not found by the engine. */
  private static class Suite extends TranslatorContract {

    private final Twin twin;

    Suite(Twin twin) {
      this.twin = twin;
    }

    @Override
    protected MemorySystem newSystem(ManualReclaimPolicy reclaim) {
      return DispatchMemory.create(reclaim);
    }

    @Override
    protected TranslatorSubject newSubject(MemorySystem in, AddressSpace to, ManualReclaimPolicy reclaim) {
      WindowIommu windows = new WindowIommu();
      TranslatorSubject driver = new WindowIommuContractTest.Windows(windows, to);
      IommuTranslator wrong = twin.wrong.apply(windows);
      return new TranslatorSubject() {
        @Override
        public IommuTranslator translator() {
          return wrong;
        }

        @Override
        public void map(long first, long size, long target, boolean writable) {
          driver.map(first, size, target, writable);
        }

        @Override
        public void unmap(long first, long size) {
          driver.unmap(first, size);
        }

        @Override
        public void close() {}
      };
    }
  }

  private static Set<String> broken(Twin twin) throws ReflectiveOperationException {
    return broken(() -> new Suite(twin));
  }

  private static Set<String> broken(Supplier<Suite> suites) throws ReflectiveOperationException {
    Set<String> names = new TreeSet<>();
    for (Method rule : TranslatorContract.class.getDeclaredMethods()) {
      if (rule.isAnnotationPresent(Test.class)) {
        Suite suite = suites.get();
        suite.open();
        try {
          rule.invoke(suite);
        } catch (InvocationTargetException failure) {
          names.add(rule.getName());
        } finally {
          suite.close();
        }
      }
    }
    return names;
  }

  @ParameterizedTest
  @EnumSource(value = Twin.class, mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void aModelThatBreaksARuleIsNoticed(Twin twin) throws ReflectiveOperationException {
    assertTrue(!broken(twin).isEmpty(), twin::name);
  }

  @Test
  void aModelThatTakesNotifiersThoughItHasNoneIsNoticed() throws ReflectiveOperationException {
    assertEquals(Set.of("aMirrorFollowsEveryChange", "aReplayTellsWhatAccessesGet"),
        broken(() -> new Suite(Twin.NOTHING) {
          @Override
          protected boolean notifies() {
            return false;
          }
        }));
  }

  @Test
  void aModelThatRefusesThoughItLeadsStraightOnIsNoticed() throws ReflectiveOperationException {
    Set<String> broken = broken(() -> new Suite(Twin.NOTHING) {
      @Override
      protected boolean leadsStraightOn() {
        return true;
      }
    });
    assertTrue(broken.contains("mappedAddressesLeadToTheirTargetsAndOthersAreRefused"), broken::toString);
  }

  @Test
  void aModelThatBreaksNoneIsLetThrough() throws ReflectiveOperationException {
    assertEquals(Set.of(), broken(Twin.NOTHING));
  }

  /** Rules that no twin breaks would be rules without teeth. */
  @Test
  void mostRulesHaveATwinThatBreaksThem() throws ReflectiveOperationException {
    Set<String> all = new TreeSet<>();
    for (Twin twin : Twin.values()) {
      all.addAll(broken(twin));
    }
    long rules = Arrays.stream(TranslatorContract.class.getDeclaredMethods())
        .filter(rule -> rule.isAnnotationPresent(Test.class)).count();
    assertTrue(all.size() >= rules - 2, () -> all + " of " + rules);
  }
}
