#pragma once

#include <boost/asio/ssl/context.hpp>

#include "http/server.h"

namespace enamel::http {

// TLS 1.2 and later with that certificate. Throws Error(kIo) naming the file that cannot be read or used.
boost::asio::ssl::context makeTlsContext(const TlsFiles& files);

}  // namespace enamel::http
