package io.flatview.rcu.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Gives a parameterized test the name of each flavour of {@link Flavours#names()}, so that a new one is tried, too. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(EachFlavour.Names.class)
public @interface EachFlavour {

  /** The names, as JUnit wants them. */
  final class Names implements ArgumentsProvider {

    /** Made by JUnit. */
    public Names() {}

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
      return Flavours.names().stream().map(Arguments::of);
    }
  }
}
