#pragma once

#include <string_view>

#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "http/server.h"

namespace enamel::http {

// The route's answer to a request, the filter asked first; never throws what they throw, but answers with it
// (problem.h), and logs what the client is not told.
Response callHandler(const ServerOptions& options, const Route& route, Request& request);

// Whether a Host field's value names this server: one of ServerOptions::host_names, with or without a port.
bool namesThisServer(const ServerOptions& options, std::string_view host);

}  // namespace enamel::http
