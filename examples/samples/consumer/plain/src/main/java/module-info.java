/** A program that embeds Flatview without Guice. */
module com.example.plain {
  requires io.flatview.dispatch;
}
