#include "http/internal/transfer.h"

#include <algorithm>
#include <charconv>
#include <new>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/printable.h"

namespace enamel::http {
namespace {

constexpr std::size_t kHeaderBytesMax = 256U << 10;
// How long a transfer in which nothing moves waits before it looks whether it was cancelled.
constexpr int kPollMilliseconds = 100;

bool isCredential(std::string_view name) {
  return equalsIgnoringCase(name, "Authorization") || equalsIgnoringCase(name, "Cookie");
}

long wholeSeconds(std::chrono::milliseconds time) {
  return std::max<long>(1, std::chrono::ceil<std::chrono::seconds>(time).count());
}

}  // namespace

CurlHandle::CurlHandle() : easy_(curl_easy_init()), multi_(curl_multi_init()) {
  if (easy_ != nullptr && multi_ != nullptr) return;
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
  throw std::bad_alloc();
}

CurlHandle::~CurlHandle() {
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

CURLcode CurlHandle::perform(const CancelToken& cancel) {
  curl_multi_add_handle(multi_, easy_);
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  int running = 1;
  while (!cancel.cancelled()) {
    if (curl_multi_perform(multi_, &running) != CURLM_OK) {
      result = CURLE_FAILED_INIT;
      break;
    }
    if (running == 0) {
      int left = 0;
      if (const CURLMsg* message = curl_multi_info_read(multi_, &left)) result = message->data.result;
      break;
    }
    curl_multi_poll(multi_, nullptr, 0, kPollMilliseconds, nullptr);
  }
  curl_multi_remove_handle(multi_, easy_);
  return result;
}

Transfer::Transfer(const ClientOptions& options, const ClientRequest& request, const ClientUrl& url,
                   bool with_credentials)
    : options_(options), request_(request), url_(url), with_credentials_(with_credentials) {}

template <class Value>
void Transfer::set(CURL* easy, CURLoption option, Value value) {
  if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK)
    throw Error(ErrorCode::kInternal, std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

void Transfer::setUp(CURL* easy) {
  curl_easy_reset(easy);  // keeps connections
  set(easy, CURLOPT_ERRORBUFFER, error_text_);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_CURLU, url_.handle());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_PROXY, options_.proxy.c_str());
  set(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  if (!options_.ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    set(easy, CURLOPT_CAPATH, nullptr);
  }
  if (!options_.connect_to.empty()) {
    connect_to_.reset(curl_slist_append(nullptr, ("::" + options_.connect_to).c_str()));
    if (!connect_to_) throw std::bad_alloc();
    set(easy, CURLOPT_CONNECT_TO, connect_to_.get());
  }
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_time.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, wholeSeconds(request_.idle_time));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_time.count()));
  set(easy, CURLOPT_HEADERFUNCTION, &Transfer::onHeader);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_WRITEFUNCTION, &Transfer::onBody);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  setUpFields(easy);
  setUpBody(easy);
}

void Transfer::setUpFields(CURL* easy) {
  const auto append = [this](const std::string& line) {
    curl_slist* const list = curl_slist_append(fields_.get(), line.c_str());
    if (list == nullptr) throw std::bad_alloc();
    static_cast<void>(fields_.release());  // it is the same list, or was empty
    fields_.reset(list);
  };
  for (const Headers::Field& field : request_.headers.fields()) {
    if (!with_credentials_ && isCredential(field.name)) continue;
    // "name;" is libcurl's way to say: with an empty value.
    append(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
  }
  // libcurl would call any body a filled-in form.
  if (!request_.headers.contains("Content-Type")) append("Content-Type:");
  set(easy, CURLOPT_HTTPHEADER, fields_.get());
}

void Transfer::setUpBody(CURL* easy) {
  const std::string& method = request_.method;
  if (request_.body_reader) {
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_READFUNCTION, &Transfer::onRead);
    set(easy, CURLOPT_READDATA, static_cast<void*>(this));
    if (request_.body_size) set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(*request_.body_size));
  } else if (method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (!request_.body.empty() || (method != "GET" && method != "DELETE" && method != "OPTIONS")) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

ClientResponse Transfer::run(CurlHandle& handle, const CancelToken& cancel) {
  setUp(handle.easy());
  const CURLcode code = handle.perform(cancel);
  curl_easy_reset(handle.easy());  // nothing of this object is left in it
  if (thrown_) std::rethrow_exception(thrown_);
  cancel.check();
  if (code != CURLE_OK) throw failure(code);
  return std::move(response_);
}

void Transfer::takeHeader(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderBytesMax)
    throw Error(ErrorCode::kLimit, url_.describe() + ": the answer's header fields are too long");
  if (line.starts_with("HTTP/")) {  // also after a 100 (Continue): only the last head counts
    response_.headers = {};
    const auto space = line.find(' ');
    const std::string_view status = space == std::string_view::npos ? "" : line.substr(space + 1, 3);
    response_.status = 0;
    std::from_chars(status.data(), status.data() + status.size(), response_.status);
    return;
  }
  const auto colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || !isToken(name)) return;
  std::string value(trimmed(line.substr(colon + 1)));
  std::erase_if(value,
                [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
  response_.headers.add(std::string(name), std::move(value));
}

void Transfer::takeBody(ByteView data) {
  body_bytes_ += data.size();
  if (body_bytes_ > request_.response_bytes_max)
    throw Error(ErrorCode::kLimit, url_.describe() + ": the answer is larger than " +
                                       std::to_string(request_.response_bytes_max) + " bytes");
  if (request_.sink && response_.status >= 200 && response_.status < 300)
    request_.sink(data);
  else
    response_.body += asText(data);
}

std::size_t Transfer::onHeader(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    std::string_view line(data, size * count);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    transfer.takeHeader(line);
    return size * count;
  } catch (...) {
    transfer.thrown_ = std::current_exception();
    return 0;
  }
}

std::size_t Transfer::onBody(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    transfer.takeBody(asBytes({data, size * count}));
    return size * count;
  } catch (...) {
    transfer.thrown_ = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

std::size_t Transfer::onRead(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    return transfer.request_.body_reader({reinterpret_cast<std::uint8_t*>(data), size * count});
  } catch (...) {
    transfer.thrown_ = std::current_exception();
    return CURL_READFUNC_ABORT;
  }
}

Error Transfer::failure(CURLcode code) const {
  // libcurl's own words name hosts, ports and certificates, no URL.
  const char* words = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
  const std::string text = url_.describe() + ": " + printable(words);
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error(ErrorCode::kUnreachable, text,
                   "the server's certificate is not trusted, or is for another name; nothing was sent to it");
    case CURLE_SSL_CACERT_BADFILE:
      return Error(ErrorCode::kUsage, text, "give a PEM file with the certificates to trust");
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:  // an answer that is no HTTP/1.1
    case CURLE_PROXY:
      return Error(ErrorCode::kUnreachable, text, "check the address, and that the server runs");
    case CURLE_OUT_OF_MEMORY:
      return Error(ErrorCode::kInternal, text);
    default:
      return Error(ErrorCode::kIo, text);
  }
}

}  // namespace enamel::http
