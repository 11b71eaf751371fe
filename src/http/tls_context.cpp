#include "http/internal/tls_context.h"

#include <openssl/ssl.h>

#include <string>

#include "base/error.h"

namespace enamel::http {
namespace {

namespace ssl = boost::asio::ssl;

void requireUsable(const boost::system::error_code& error, const std::string& what, const std::string& file) {
  if (error)
    throw Error(ErrorCode::kIo, what + " " + file + " cannot be used: " + error.message(),
                "it must be a PEM file that this user may read; certificate and key must belong together");
}

}  // namespace

ssl::context makeTlsContext(const TlsFiles& files) {
  ssl::context context(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  // A client that asks for handshakes again and again would cost much and send little.
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  boost::system::error_code error;
  context.use_certificate_chain_file(files.certificate_chain_file, error);
  requireUsable(error, "the certificate", files.certificate_chain_file);
  // OpenSSL would ask for it at the terminal.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); },
                                error);
  if (!error) context.use_private_key_file(files.private_key_file, ssl::context::pem, error);
  requireUsable(error, "the private key", files.private_key_file);
  return context;
}

}  // namespace enamel::http
