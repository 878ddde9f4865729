package io.flatview.dispatch.inspect;

import io.flatview.dispatch.picture.SpacePicture;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.MapInspector;
import io.flatview.memory.MtreeOption;
import io.flatview.memory.RegionLabels;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Prints and draws a memory system while no thread changes it. */
public final class Inspector implements MapInspector {

  private final InspectedMemory memory;
  private final RegionLabels labels;

  /**
   * Makes an inspector.
   *
   * @param memory the memory system to show
   * @param labels the labels that the embedder adds to regions
   */
  public Inspector(InspectedMemory memory, RegionLabels labels) {
    this.memory = memory;
    this.labels = Objects.requireNonNull(labels, "labels");
  }

  private Lines lines(MtreeOption... options) {
    return new Lines(labels, Set.of(options));
  }

  @Override
  public String tree(MtreeOption... options) {
    Lines lines = lines(options);
    return look(() -> TreeText.print(memory.addressSpaces(), lines));
  }

  @Override
  public String flatViews(MtreeOption... options) {
    Lines lines = lines(options);
    return look(() -> FlatText.print(SharedView.of(memory.addressSpaces()), lines));
  }

  @Override
  public String json() {
    return map(new MapJson(labels));
  }

  @Override
  public String jsonOfSelected() {
    return map(new MapJson(labels, true));
  }

  private String map(MapJson document) {
    return look(() -> JsonWriter.write(document.map(memory.generation(), memory.addressSpaces())));
  }

  @Override
  public String text(Explanation explanation) {
    return look(() -> ExplanationText.print(explanation, lines()));
  }

  @Override
  public String json(Explanation explanation) {
    return look(() -> JsonWriter.write(new MapJson(labels).explanation(explanation)));
  }

  @Override
  public String text(FlatViewDiff diff) {
    return look(() -> DiffText.print(diff, lines()));
  }

  @Override
  public String json(FlatViewDiff diff) {
    return look(() -> JsonWriter.write(new MapJson(labels).diff(diff)));
  }

  @Override
  public String svg(List<AddressSpace> spaces) {
    return look(() -> picture(spaces).svg());
  }

  @Override
  public String html(String title, List<AddressSpace> spaces) {
    Objects.requireNonNull(title, "title");
    return look(() -> picture(spaces).html(title));
  }

  private SpacePicture picture(List<AddressSpace> spaces) {
    return new SpacePicture(SharedView.of(spaces).stream().map(Inspector::subject).toList(), labels);
  }

  private static SpacePicture.Subject subject(SharedView shared) {
    return new SpacePicture.Subject(shared.spaces().stream().map(AddressSpace::name).toList(),
        shared.spaces().getFirst().root(), shared.view());
  }

  private <T> T look(Supplier<T> look) {
    return memory.undisturbed(look);
  }
}
