package io.flatview.examples.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The answer to {@code --version}: the version of the build, which the build wrote into a resource. */
public final class Version implements IVersionProvider {

  /** Made by picocli. */
  public Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"flatview " + number()};
  }

  private static String number() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
