#include "http/client.h"

#include <mutex>
#include <utility>
#include <vector>

#include "base/error.h"
#include "http/internal/transfer.h"

namespace enamel::http {
namespace {

// Idle handles that are kept for their connections.
constexpr std::size_t kIdleHandlesMax = 16;

void initializeCurl() {
  // Before any handle, and once: it is not thread-safe where OpenSSL is older than it is here.
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(ErrorCode::kInternal, "libcurl could not be initialised");
}

bool isRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

class Client::Impl {
 public:
  explicit Impl(ClientOptions options) : options_(std::move(options)) { initializeCurl(); }

  ClientResponse send(const ClientRequest& request, const CancelToken& cancel) {
    if (!isToken(request.method)) throw Error(ErrorCode::kUsage, "the method of a request is no token");
    const ClientUrl first(request.url);
    ClientUrl url(request.url);
    const bool follows = request.method == "GET" || request.method == "HEAD";
    for (int redirects = 0;; ++redirects) {
      ClientResponse response = sendOnce(request, url, url.sameOrigin(first), cancel);
      const std::string* location = response.headers.find("Location");
      if (!follows || request.redirects_max == 0 || !isRedirect(response.status) || location == nullptr)
        return response;
      if (redirects == request.redirects_max)
        throw Error(ErrorCode::kLimit, first.describe() + " leads on too many times");
      url = url.redirected(*location);
    }
  }

 private:
  ClientResponse sendOnce(const ClientRequest& request, const ClientUrl& url, bool with_credentials,
                          const CancelToken& cancel) {
    cancel.check();
    std::unique_ptr<CurlHandle> handle = take();
    // A handle whose transfer failed is not kept: its connections may be in any state.
    ClientResponse response = Transfer(options_, request, url, with_credentials).run(*handle, cancel);
    giveBack(std::move(handle));
    return response;
  }

  std::unique_ptr<CurlHandle> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    return std::make_unique<CurlHandle>();
  }

  void giveBack(std::unique_ptr<CurlHandle> handle) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kIdleHandlesMax) idle_.push_back(std::move(handle));
  }

  const ClientOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlHandle>> idle_;  // guarded by mutex_
};

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::~Client() = default;

ClientResponse Client::send(const ClientRequest& request, const CancelToken& cancel) {
  return impl_->send(request, cancel);
}

}  // namespace enamel::http
