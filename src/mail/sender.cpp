#include "mail/sender.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "base/error.h"
#include "base/printable.h"

namespace enamel::mail {
namespace {

// How long a transfer in which nothing moves waits before it looks whether it was cancelled.
constexpr int kPollMilliseconds = 100;

void initializeCurl() {
  // Counted by libcurl, so that it is done once for all who use it; thread-safe as of 7.84 (Debian 12: 7.88).
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(ErrorCode::kInternal, "libcurl could not be initialised");
}

// libcurl's two kinds of handles are both void to the compiler.
struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK)
    throw Error(ErrorCode::kInternal, std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

std::string urlOf(const Server& server) {
  const bool is_ipv6 = server.host.find(':') != std::string::npos;
  return (server.security == Security::kTls ? "smtps://" : "smtp://") +
         (is_ipv6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

std::string describe(const Server& server) {
  return "mail server " + printable(server.host) + ", port " + std::to_string(server.port);
}

// What is left to be sent.
struct Upload {
  std::string_view rest;

  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* self) {
    std::string_view& rest = static_cast<Upload*>(self)->rest;
    const std::size_t taken = std::min(size * count, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return taken;
  }
};

std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

// The newest refusal by the server, for messages: "550 no such user". What comes after it is about the
// good-bye.
std::size_t keepRefusal(char* data, std::size_t size, std::size_t count, void* self) {
  constexpr std::size_t kShownMax = 300;
  try {
    std::string_view line(data, size * count);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (!line.empty() && (line[0] == '4' || line[0] == '5'))
      *static_cast<std::string*>(self) = line.substr(0, kShownMax);
  } catch (const std::bad_alloc&) {
    return 0;
  }
  return size * count;
}

Error failure(const Server& server, CURLcode code, const char* error_text, const std::string& answer) {
  const std::string where = describe(server) + ": ";
  const std::string words = where + printable(error_text[0] != '\0' ? error_text : curl_easy_strerror(code));
  const std::string refused = where + "it answered \"" + printable(answer) + "\"";
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error(ErrorCode::kUnreachable, words,
                   "the server's certificate is not trusted, or is for another name; nothing was sent to it");
    case CURLE_USE_SSL_FAILED:
      return Error(ErrorCode::kUnreachable, where + "it offers no TLS, so nothing was sent to it",
                   "check the port: 587 (STARTTLS) or 465 (TLS) as a rule");
    case CURLE_LOGIN_DENIED:
      return Error(ErrorCode::kPermission, refused,
                   "check alerts.smtp.user and the password in alerts.smtp.password_file");
    case CURLE_SSL_CACERT_BADFILE:
      return Error(ErrorCode::kUsage, words, "give a PEM file with the certificates to trust");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_REMOTE_ACCESS_DENIED:
      // libcurl calls an answer of 4xx or 5xx to a sender or a recipient an error of sending.
      if (!answer.empty()) break;
      return Error(ErrorCode::kUnreachable, words,
                   "check host and port in [alerts.smtp], and that the server runs");
    case CURLE_OUT_OF_MEMORY:
      return Error(ErrorCode::kInternal, words);
    default:
      break;
  }
  return Error(ErrorCode::kIo, answer.empty() ? words : refused, "check the addresses in [alerts.smtp]");
}

CURLcode perform(CURLM* multi, CURL* easy, const CancelToken& cancel) {
  curl_multi_add_handle(multi, easy);
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  int running = 1;
  while (!cancel.cancelled()) {
    if (curl_multi_perform(multi, &running) != CURLM_OK) {
      result = CURLE_FAILED_INIT;
      break;
    }
    if (running == 0) {
      int left = 0;
      if (const CURLMsg* message = curl_multi_info_read(multi, &left)) result = message->data.result;
      break;
    }
    curl_multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
  }
  curl_multi_remove_handle(multi, easy);
  return result;
}

void setSecurity(CURL* easy, const Server& server) {
  set(easy, CURLOPT_USE_SSL,
      static_cast<long>(server.security == Security::kNone ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!server.ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, server.ca_file.c_str());
    set(easy, CURLOPT_CAPATH, nullptr);
  }
  if (server.user.empty()) return;
  set(easy, CURLOPT_USERNAME, server.user.c_str());
  set(easy, CURLOPT_PASSWORD, server.password.c_str());
}

}  // namespace

bool isThisComputer(const std::string& host) {
  return host == "localhost" || host == "::1" ||
         (host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string::npos);
}

void send(const Server& server, const Message& message, const CancelToken& cancel) {
  if (server.security == Security::kNone && !isThisComputer(server.host))
    throw Error(ErrorCode::kUsage, describe(server) + ": mails are sent to other computers by TLS only",
                "set security in [alerts.smtp] to \"starttls\" or \"tls\"");
  const std::string text = format(message);
  cancel.check();
  initializeCurl();
  const std::unique_ptr<CURL, FreeEasy> easy(curl_easy_init());
  const std::unique_ptr<CURLM, FreeMulti> multi(curl_multi_init());
  const std::string from = "<" + message.from + ">", to = "<" + message.to + ">";
  const std::unique_ptr<curl_slist, FreeList> recipients(curl_slist_append(nullptr, to.c_str()));
  if (!easy || !multi || !recipients) throw std::bad_alloc();
  char error_text[CURL_ERROR_SIZE] = {};
  std::string answer;
  Upload upload{text};
  set(easy.get(), CURLOPT_ERRORBUFFER, error_text);
  set(easy.get(), CURLOPT_NOSIGNAL, 1L);
  set(easy.get(), CURLOPT_URL, urlOf(server).c_str());
  set(easy.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(easy.get(), CURLOPT_PROXY, "");
  setSecurity(easy.get(), server);
  set(easy.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connect_time.count()));
  set(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(server.total_time.count()));
  set(easy.get(), CURLOPT_MAIL_FROM, from.c_str());
  set(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
  set(easy.get(), CURLOPT_UPLOAD, 1L);
  set(easy.get(), CURLOPT_READFUNCTION, &Upload::read);
  set(easy.get(), CURLOPT_READDATA, static_cast<void*>(&upload));
  set(easy.get(), CURLOPT_WRITEFUNCTION, &discard);
  set(easy.get(), CURLOPT_HEADERFUNCTION, &keepRefusal);
  set(easy.get(), CURLOPT_HEADERDATA, static_cast<void*>(&answer));
  const CURLcode code = perform(multi.get(), easy.get(), cancel);
  cancel.check();
  if (code != CURLE_OK) throw failure(server, code, error_text, answer);
}

}  // namespace enamel::mail
