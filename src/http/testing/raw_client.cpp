#include "http/testing/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <utility>

#include "base/error.h"

namespace enamel::http::testing {

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw systemError("connect", errno);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool RawClient::fill() {
  char piece[16384];
  const ssize_t count = ::recv(socket_.get(), piece, sizeof piece, 0);
  if (count <= 0) return false;
  buffer_.append(piece, static_cast<std::size_t>(count));
  return true;
}

bool RawClient::readUntil(std::string_view text) {
  std::size_t at = 0;
  while ((at = buffer_.find(text)) == std::string::npos)
    if (!fill()) return false;
  buffer_.erase(0, at + text.size());
  return true;
}

std::string RawClient::readAll() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

bool RawClient::ended() {
  return buffer_.empty() && !fill();
}

RawReply RawClient::readReply(bool to_head) {
  RawReply reply;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return reply;
  const std::string head = buffer_.substr(0, end);
  buffer_.erase(0, end + 4);
  std::from_chars(head.data() + 9, head.data() + 12, reply.status);
  for (std::size_t at = head.find("\r\n"); at != std::string::npos;) {
    const std::size_t next = head.find("\r\n", at + 2);
    const std::string line = head.substr(at + 2, next == std::string::npos ? next : next - at - 2);
    const std::size_t colon = line.find(": ");
    reply.headers.add(line.substr(0, colon), line.substr(colon + 2));
    at = next;
  }
  reply.whole = true;
  reply.chunked = reply.headers.contains("Transfer-Encoding");
  if (to_head || reply.status < 200 || reply.status == 204 || reply.status == 304) return reply;
  if (reply.chunked) {
    for (;;) {
      while ((end = buffer_.find("\r\n")) == std::string::npos)
        if (!fill()) return reply.whole = false, reply;
      std::size_t size = 0;
      std::from_chars(buffer_.data(), buffer_.data() + end, size, 16);
      while (buffer_.size() < end + 2 + size + 2)
        if (!fill()) return reply.whole = false, reply;
      reply.body += buffer_.substr(end + 2, size);
      buffer_.erase(0, end + 2 + size + 2);
      if (size == 0) return reply;
    }
  }
  const std::string* length = reply.headers.find("Content-Length");
  if (length == nullptr) {
    reply.body = readAll();
    return reply;
  }
  std::size_t size = 0;
  std::from_chars(length->data(), length->data() + length->size(), size);
  while (buffer_.size() < size)
    if (!fill()) return reply.whole = false, reply;
  reply.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return reply;
}

void RawClient::shutdownSend() {
  ::shutdown(socket_.get(), SHUT_WR);
}

void RawClient::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

void RawClient::takeLittle() {
  const int bytes = 4096;
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

std::string request(std::string_view method, std::string_view target, std::string_view lines,
                    std::string_view body) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(lines);
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append("\r\n").append(body);
}

}  // namespace enamel::http::testing
