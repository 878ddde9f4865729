package io.flatview.examples.cli.dump;

/**
 * The end of a line, behind the name.
 *
 * @param body the line without the rest
 * @param disabled marked as disabled
 * @param owner the owner part with its leading blank, or nothing
 * @param kvm marked as known to KVM
 */
public record LineTail(String body, boolean disabled, String owner, boolean kvm) {

  /** The mark of a disabled region. */
  public static final String DISABLED = " [disabled]";

  private static final String KVM = " KVM";
  private static final String OWNER = " owner:{";
  private static final String PARENT = " parent:{";
  private static final String ORPHAN = " orphan";

  /**
   * Takes the tail off a line; names may hold blanks, so it is read from the end.
   *
   * @param text the line behind its head
   * @return the parts
   */
  public static LineTail of(String text) {
    boolean kvm = text.endsWith(KVM);
    String rest = kvm ? without(text, KVM) : text;
    int ownerAt = ownerAt(rest);
    String owner = rest.substring(ownerAt);
    rest = rest.substring(0, ownerAt);
    boolean disabled = rest.endsWith(DISABLED);
    return new LineTail(disabled ? without(rest, DISABLED) : rest, disabled, owner, kvm);
  }

  private static String without(String text, String end) {
    return text.substring(0, text.length() - end.length());
  }

  private static int ownerAt(String text) {
    if (text.endsWith(ORPHAN)) {
      return text.length() - ORPHAN.length();
    }
    if (!text.endsWith("}")) {
      return text.length();
    }
    int owner = text.lastIndexOf(OWNER);
    int parent = text.lastIndexOf(PARENT);
    return owner >= 0 ? owner : parent >= 0 ? parent : text.length();
  }
}
