package io.hindcast.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The text of a YAML file, and the tree of nodes in it. */
final class YamlText {
  /*
   * We take the parser's events, not its objects: they keep lines, columns and the text of scalars as
   * it was written. Each key knows what it wants to read. Making nodes of the events ourselves spares
   * a tenth of the time that a configuration takes before main.
   *
   * The parser stops at its first error. The most common one, a path with brackets in a flow mapping,
   * is easy to mend: we quote it, remember where, and read on to find the file's other problems.
   */
  private static final String SCANNING_AN_ALIAS = "while scanning an alias";

  private final Problems problems;
  private String text;

  /** End of what was quoted last. Only what comes after it is mended, so that there is an end. */
  private int mended;

  YamlText(String text, Problems problems) {
    this.text = text;
    this.problems = problems;
  }

  /** The root node; null if there is none, or if the text is not YAML, which is then a problem. */
  @Nullable YamlNode compose() {
    LoadSettings settings = LoadSettings.builder().build();
    while (true) {
      try {
        return root(new ParserImpl(settings, new StreamReader(settings, text)));
      } catch (MarkedYamlEngineException e) {
        if (!quoteBrackets(e)) {
          explain(e);
          return null;
        }
      } catch (ReaderException e) {
        at(
            e.getPosition(),
            "the character U+"
                + Integer.toHexString(0x10000 | e.getCodePoint())
                    .substring(1)
                    .toUpperCase(java.util.Locale.ROOT)
                + " cannot stand in YAML; remove it");
        return null;
      } catch (YamlEngineException e) {
        problems.add(
            1, 1, "this is not YAML: " + e.getMessage() + "; see https://yaml.org/spec/1.2.2");
        return null;
      } catch (StackOverflowError e) {
        problems.add(
            1, 1, "brackets nested far too deep; write the models as the documentation shows");
        return null;
      }
    }
  }

  private @Nullable YamlNode root(ParserImpl parser) {
    var anchors = new HashMap<String, YamlNode>();
    YamlNode root = null;
    while (parser.hasNext()) {
      Event event = parser.next();
      if (event instanceof DocumentStartEvent && root != null) {
        problems.add(
            event.getStartMark(),
            "a second document begins here; leave one, without '---' between");
        return null;
      }
      if (event instanceof NodeEvent node) {
        root = node(node, parser, anchors);
      }
    }
    return root;
  }

  private YamlNode node(NodeEvent event, ParserImpl parser, Map<String, YamlNode> anchors) {
    Mark mark = event.getStartMark().orElseThrow();
    int line = mark.getLine() + 1;
    int column = mark.getColumn() + 1;
    YamlNode node;
    if (event instanceof ScalarEvent scalar) {
      node = new YamlNode.Scalar(line, column, scalar.getValue(), scalar.isPlain());
    } else if (event instanceof SequenceStartEvent) {
      var entries = new ArrayList<YamlNode>();
      while (parser.next() instanceof NodeEvent entry) {
        entries.add(node(entry, parser, anchors));
      }
      node = new YamlNode.Sequence(line, column, entries);
    } else if (event instanceof MappingStartEvent) {
      var entries = new ArrayList<YamlNode.Entry>();
      while (parser.next() instanceof NodeEvent key) {
        YamlNode keyNode = node(key, parser, anchors);
        entries.add(new YamlNode.Entry(keyNode, node((NodeEvent) parser.next(), parser, anchors)));
      }
      node = new YamlNode.Mapping(line, column, entries);
    } else {
      YamlNode aliased = anchors.get(((AliasEvent) event).getAlias().getValue());
      if (aliased == null) {
        throw new ParserException(
            SCANNING_AN_ALIAS, event.getStartMark(), "undefined", event.getStartMark());
      }
      return aliased;
    }
    if (event.getAnchor().isPresent()) {
      anchors.put(event.getAnchor().get().getValue(), node);
    }
    return node;
  }

  private void at(int codePoints, String message) {
    int offset =
        text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
    int lineStart = text.lastIndexOf('\n', offset - 1) + 1;
    int line = 1;
    for (int i = 0; i < lineStart; i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    problems.add(line, text.codePointCount(lineStart, offset) + 1, message);
  }

  /** Mends a path or method with brackets that stands unquoted in a flow collection. */
  private boolean quoteBrackets(MarkedYamlEngineException e) {
    Mark mark = e.getProblemMark().orElse(null);
    if (mark == null || e.getProblem() == null || !e.getProblem().startsWith("expected ',' or ")) {
      return false;
    }
    int bracket = text.offsetByCodePoints(0, mark.getIndex());
    if (bracket >= text.length() || text.charAt(bracket) != '[') {
      return false;
    }
    int open = openParenthesis(bracket);
    int start = wordStart(open < 0 ? bracket : open);
    int end = open < 0 ? pathEnd(bracket) : methodEnd(bracket);
    if (start == bracket
        || start < mended
        || end < 0
        || text.substring(start, end).contains("\"")) {
      return false;
    }
    String quoted = '"' + text.substring(start, end) + '"';
    mended = start + quoted.length();
    int line = mark.getLine() + 1;
    int column = mark.getColumn() + 1 - text.codePointCount(start, bracket);
    boolean inMapping = String.valueOf(e.getContext()).endsWith("mapping");
    problems.add(
        line,
        column,
        "a "
            + (open < 0 ? "path" : "method")
            + " with brackets stands unquoted inside "
            + (inMapping ? "{ }" : "[ ]")
            + "; quote it: "
            + quoted);
    problems.inserted(line, column);
    problems.inserted(line, column + quoted.codePointCount(0, quoted.length()) - 1);
    text = text.substring(0, start) + quoted + text.substring(end);
    return true;
  }

  /** The parenthesis before a place that is not closed there: we are in a method's types; or −1. */
  private int openParenthesis(int before) {
    for (int i = before - 1; i >= 0 && "\n{}[]\"'".indexOf(text.charAt(i)) < 0; i--) {
      if (text.charAt(i) == ')') {
        return -1;
      }
      if (text.charAt(i) == '(') {
        return i;
      }
    }
    return -1;
  }

  private int wordStart(int before) {
    int start = before;
    while (start > 0 && " \t\r\n{}[],:\"'".indexOf(text.charAt(start - 1)) < 0) {
      start--;
    }
    return start;
  }

  private int pathEnd(int bracket) {
    int depth = 0;
    int end = bracket;
    while (end < text.length()) {
      char c = text.charAt(end);
      if (c == '\n' || c == '\r' || (depth == 0 && " \t,}]".indexOf(c) >= 0)) {
        break;
      }
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      end++;
    }
    return depth == 0 ? end : -1;
  }

  private int methodEnd(int bracket) {
    int close = text.indexOf(')', bracket);
    int newLine = text.indexOf('\n', bracket);
    return close < 0 || (newLine >= 0 && newLine < close) ? -1 : close + 1;
  }

  /** Says in our words what the parser found. */
  private void explain(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    String context = String.valueOf(e.getContext());
    Optional<Mark> opened = e.getContextMark();
    if (problem.startsWith("found character '\\t")) {
      problems.add(e.getProblemMark(), "a tab begins this line; indent with spaces");
    } else if (problem.startsWith("found character '")) {
      problems.add(
          e.getProblemMark(),
          "'" + problem.charAt(17) + "' cannot begin a value; put the value in quotes");
    } else if (context.equals(SCANNING_AN_ALIAS)) {
      problems.add(opened, "'*' begins a YAML alias; put the value in quotes");
    } else if (problem.startsWith("mapping values are not allowed")) {
      problems.add(
          e.getProblemMark(),
          "a ':' where no key can stand; check the indentation, or put the value in quotes");
    } else if (problem.startsWith("could not find expected ':'")) {
      problems.add(
          opened.isPresent() ? opened : e.getProblemMark(),
          "a key without its ':'; write KEY: VALUE");
    } else if (problem.contains("end of stream") && context.contains("quoted scalar")) {
      problems.add(opened, "this quote is never closed; close it");
    } else if (context.contains("parsing a flow")) {
      boolean inMapping = context.endsWith("mapping");
      problems.add(
          problem.contains("stream end") ? opened : e.getProblemMark(),
          problem.contains("stream end")
              ? (inMapping
                  ? "this '{' is never closed; add '}'"
                  : "this '[' is never closed; add ']'")
              : "expected ',' or "
                  + (inMapping ? "'}'" : "']'")
                  + " here, in the brackets that open on line "
                  + (opened.isPresent() ? opened.get().getLine() + 1 : 0)
                  + "; close them, or put the value in quotes");
    } else if (problem.startsWith("expected <block end>")
        || problem.startsWith("expected '<document start>'")) {
      problems.add(
          e.getProblemMark(),
          "this does not continue what stands above it; indent it like its neighbours");
    } else {
      problems.add(
          e.getProblemMark(),
          "this is not YAML: "
              + problem
              + "; put the value in quotes, or see https://yaml.org/spec/1.2.2");
    }
  }
}
