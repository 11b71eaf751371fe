#pragma once

#include <curl/curl.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "base/cancel.h"
#include "http/client.h"
#include "http/internal/client_url.h"

namespace enamel::http {

// A handle of libcurl with connections of its own. For one thread at a time.
class CurlHandle {
 public:
  CurlHandle();
  ~CurlHandle();
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;

  CURL* easy() { return easy_; }
  // Does what easy() was set up for; looks at cancel all the while.
  CURLcode perform(const CancelToken& cancel);

 private:
  CURL* easy_;
  CURLM* multi_;
};

// One request and its answer; redirects are the caller's.
class Transfer {
 public:
  // All must outlive it. with_credentials: send the request's Authorization and Cookie fields.
  Transfer(const ClientOptions& options, const ClientRequest& request, const ClientUrl& url,
           bool with_credentials);

  // Throws as Client::send does.
  ClientResponse run(CurlHandle& handle, const CancelToken& cancel);

 private:
  void setUp(CURL* easy);
  void setUpFields(CURL* easy);
  void setUpBody(CURL* easy);
  template <class Value>
  void set(CURL* easy, CURLoption option, Value value);
  void takeHeader(std::string_view line);
  void takeBody(ByteView data);
  Error failure(CURLcode code) const;

  // Called by libcurl, which no exception may pass through: it is kept and thrown by run().
  static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t onRead(char* data, std::size_t size, std::size_t count, void* self);

  const ClientOptions& options_;
  const ClientRequest& request_;
  const ClientUrl& url_;
  const bool with_credentials_;
  ClientResponse response_;
  std::size_t header_bytes_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::exception_ptr thrown_;
  char error_text_[CURL_ERROR_SIZE] = {};
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, FreeList> fields_;
  std::unique_ptr<curl_slist, FreeList> connect_to_;
};

}  // namespace enamel::http
