package io.flatview.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reclamation flavours, found by where they are: a package below that of reclamation which is not its engine. */
final class Flavours {

  private static final Pattern PACKAGE =
      Pattern.compile("io\\.flatview\\.rcu\\.(?!(?:spi|contract)\\b)(\\w+)(?:\\..*)?");

  static final SliceAssignment SLICES = new SliceAssignment() {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass one) {
      Matcher matcher = PACKAGE.matcher(one.getPackageName());
      return matcher.matches() ? SliceIdentifier.of(matcher.group(1)) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "reclamation flavours";
    }
  };

  private Flavours() {}

  static DescribedPredicate<JavaClass> ofAFlavour() {
    return DescribedPredicate.describe(
        "of a reclamation flavour", one -> PACKAGE.matcher(one.getPackageName()).matches());
  }
}
