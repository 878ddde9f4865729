/** A program that embeds Flatview with Guice. */
module com.example.machine {
  requires io.flatview.dispatch.guice;
  requires jakarta.inject;

  opens com.example.machine to
      com.google.guice;
}
