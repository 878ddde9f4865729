package io.flatview.examples.cli.qmp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.memory.PrintableText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection to the QMP socket of a running QEMU. For one thread. */
public final class QemuMonitor implements AutoCloseable {

  /** The most that a map may take. */
  private static final int LARGEST_REPLY = 256 << 20;

  private static final Pattern HOST_AND_PORT = Pattern.compile("(.*):([0-9]{1,5})");

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LARGEST_REPLY).build())
      .build();

  private final String name;
  private final SocketChannel channel;
  private final JsonParser replies;

  private QemuMonitor(String name, SocketChannel channel) throws IOException {
    this.name = name;
    this.channel = channel;
    this.replies = FACTORY.createParser(Channels.newInputStream(channel));
  }

  /**
   * Asks for the map.
   *
   * @param socket the path of a socket, or {@code HOST:PORT}
   * @param patience how long to wait for all of it
   * @return what {@code info mtree} prints, with owners and disabled regions where that QEMU knows them
   * @throws MonitorException if it does not answer, or answers something else
   * @throws io.flatview.examples.cli.dump.DumpException if there is no such socket
   */
  public static String map(String socket, Duration patience) {
    try (SocketChannel channel = open(socket)) {
      ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
      clock.schedule(() -> close(channel), patience.toMillis(), TimeUnit.MILLISECONDS);
      try (QemuMonitor monitor = new QemuMonitor(socket, channel)) {
        return monitor.map();
      } catch (JsonParseException e) {
        throw new MonitorException(socket + " does not speak QMP; start QEMU with -qmp unix:SOCKET,server=on,wait=off");
      } catch (ClosedChannelException e) {
        throw new MonitorException(
            socket + " does not answer within " + patience.toSeconds() + " s; QMP takes one client at a time");
      } catch (IOException e) {
        throw new MonitorException(socket + " ended the connection: " + e);
      } finally {
        clock.shutdownNow();
      }
    } catch (IOException e) {
      throw new MonitorException(socket + " cannot be closed: " + e);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SocketChannel open(String socket) {
    try {
      return SocketChannel.open(address(socket));
    } catch (IOException e) {
      throw Problems.unreadable(socket, "cannot be connected to: " + e.getMessage());
    }
  }

  private static SocketAddress address(String socket) {
    Matcher remote = HOST_AND_PORT.matcher(socket);
    return remote.matches() && !Files.exists(Path.of(socket))
        ? new InetSocketAddress(remote.group(1), Math.min(Integer.parseInt(remote.group(2)), 65_535))
        : UnixDomainSocketAddress.of(socket);
  }

  private String map() throws IOException {
    reply("QMP");
    send("{\"execute\":\"qmp_capabilities\"}");
    reply("return");
    String marked = ask("info mtree -o -D");
    String map = marked.contains("(prio ") ? marked : ask("info mtree");
    if (!map.contains("(prio ")) {
      throw new MonitorException(name + " knows no 'info mtree': "
          + PrintableText.of(map.strip().lines().findFirst().orElse("it printed nothing")));
    }
    return map;
  }

  private String ask(String command) throws IOException {
    send("{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"" + command + "\"}}");
    return reply("return");
  }

  private void send(String message) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((message + "\r\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The value of a member of the next message that has it; events that come before are passed over. */
  private String reply(String member) throws IOException {
    while (replies.nextToken() == JsonToken.START_OBJECT) {
      String found = member(member);
      if (found != null) {
        return found;
      }
    }
    throw new MonitorException(name + " ended the connection before it answered");
  }

  private String member(String wanted) throws IOException {
    String found = null;
    while (replies.nextToken() == JsonToken.FIELD_NAME) {
      String member = replies.currentName();
      JsonToken value = replies.nextToken();
      if (member.equals("error")) {
        throw new MonitorException(name + " refuses: " + PrintableText.of(description()));
      }
      if (member.equals(wanted)) {
        found = value == JsonToken.VALUE_STRING ? replies.getText() : "";
      }
      replies.skipChildren();
    }
    return found;
  }

  private String description() throws IOException {
    String description = "";
    while (replies.nextToken() == JsonToken.FIELD_NAME) {
      String member = replies.currentName();
      replies.nextToken();
      description = member.equals("desc") ? replies.getText() : description;
      replies.skipChildren();
    }
    return description;
  }

  @Override
  public void close() throws IOException {
    replies.close();
    channel.close();
  }
}
