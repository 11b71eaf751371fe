#pragma once

// What all of this folder takes from Asio, under short names.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace enamel::http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

template <class T = void>
using Task = asio::awaitable<T>;

// Operations end with their error as a value.
inline constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

using SteadyTime = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

}  // namespace enamel::http
