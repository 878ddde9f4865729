package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Users import what the parent manages. */
class BillOfMaterialsTest {

  private static final Path ROOT = SourceTree.ROOT;

  @Test
  void theBillNamesEveryArtifact() throws Exception {
    Document parent = parse(ROOT.resolve("pom.xml"));
    Document bill = parse(ROOT.resolve("api/bom/pom.xml"));
    assertFalse(managed(bill).isEmpty());
    assertEquals(managed(parent), managed(bill));
  }

  private static Document parse(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
  }

  private static Set<String> managed(Document pom) {
    Set<String> found = new TreeSet<>();
    NodeList dependencies = pom.getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      if (text(dependency, "groupId").equals("io.flatview")) {
        found.add(text(dependency, "artifactId") + " " + text(dependency, "type") + " " + text(dependency, "version"));
      }
    }
    return found;
  }

  private static String text(Element dependency, String tag) {
    NodeList found = dependency.getElementsByTagName(tag);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }
}
