/** A program that embeds Flatview with Guice. */
module com.example.machine {
  requires io.flatview.dispatch;
  requires jakarta.inject;

  opens com.example.machine to
      com.google.guice;
}
