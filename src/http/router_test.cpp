#include "http/router.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace enamel::http {
namespace {

Handler named(const std::string& name) {
  return [name](const Request&) { return Response::text(name); };
}

// What the route found says; "404", or "405 ALLOW".
std::string ask(const Router& router, std::string_view method, std::string_view target) {
  const auto found = router.find(method, parseTarget(target)->segments);
  if (std::holds_alternative<Router::NotFound>(found)) return "404";
  if (const auto* wrong = std::get_if<Router::WrongMethod>(&found)) return "405 " + wrong->allow;
  const auto& match = std::get<Router::Match>(found);
  std::string text = std::get<std::string>(match.route->handler({}).body);
  for (const auto& [name, value] : match.parameters) text += " " + name + "=" + value;
  return text;
}

TEST(Router, FindsPatternsAndTheirParameters) {
  Router router;
  router.get("/", named("root"));
  router.get("/api/v1/snapshots/{id}/files", named("files"));
  router.get("/files/{id}/{path...}", named("path"));
  EXPECT_EQ(ask(router, "GET", "/"), "root");
  EXPECT_EQ(ask(router, "GET", "/api/v1/snapshots/a%20b/files"), "files id=a b");
  EXPECT_EQ(ask(router, "GET", "/files/x/a/b/c%25"), "path id=x path=a/b/c%");
  EXPECT_EQ(ask(router, "GET", "/files/x"), "404");
  EXPECT_EQ(ask(router, "GET", "/api/v1/snapshots/x"), "404");
  EXPECT_EQ(ask(router, "GET", "/api/v1/snapshots/x/files/y"), "404");
}

TEST(Router, TheMoreLiteralGoesFirstWhateverTheOrder) {
  Router router;
  router.get("/{rest...}", named("rest"));
  router.get("/a/{x}", named("one"));
  router.get("/a/new", named("new"));
  router.add({"POST", "/a/{x}", named("post")});
  EXPECT_EQ(ask(router, "GET", "/a/new"), "new");
  EXPECT_EQ(ask(router, "GET", "/a/old"), "one x=old");
  EXPECT_EQ(ask(router, "GET", "/b/c"), "rest rest=b/c");
  EXPECT_EQ(ask(router, "POST", "/a/new"), "post x=new") << "a pattern without the method gives way";
}

TEST(Router, NamesTheMethodsThereAre) {
  Router router;
  router.get("/a", named("get"));
  router.add({"DELETE", "/a", named("delete")});
  router.add({"POST", "/b", named("post")});
  EXPECT_EQ(ask(router, "HEAD", "/a"), "get");
  EXPECT_EQ(ask(router, "PUT", "/a"), "405 DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(ask(router, "GET", "/b"), "405 OPTIONS, POST");
  EXPECT_EQ(ask(router, "get", "/a"), "405 DELETE, GET, HEAD, OPTIONS") << "methods have a case";
}

TEST(Router, ASlashAtTheEndIsAnotherAddress) {
  Router router;
  router.get("/data/", named("list"));
  router.get("/x/{name}", named("one"));
  EXPECT_EQ(ask(router, "GET", "/data/"), "list");
  EXPECT_EQ(ask(router, "GET", "/data"), "404");
  EXPECT_EQ(ask(router, "GET", "/x/"), "404") << "no parameter is empty";
}

TEST(Router, TheFallbackIsAskedLast) {
  Router router;
  router.get("/a", named("a"));
  router.add({"POST", "/b", named("b")});
  router.setFallback(named("page"));
  EXPECT_EQ(ask(router, "GET", "/a"), "a");
  EXPECT_EQ(ask(router, "HEAD", "/x/y"), "page");
  EXPECT_EQ(ask(router, "POST", "/x"), "405 GET, HEAD, OPTIONS");
  EXPECT_EQ(ask(router, "GET", "/b"), "405 OPTIONS, POST");
}

TEST(Router, RefusesPatternsThatAreNone) {
  Router router;
  router.get("/a/{x}", named("a"));
  for (const char* pattern :
       {"", "a", "//", "/a//b", "/{}", "/{x}/{x}", "/{x...}/a", "/a{x}", "/{x", "/a/{x}"})
    EXPECT_THROW(router.get(pattern, named("b")), Error) << pattern;
  EXPECT_THROW(router.add({"GE T", "/c", named("c")}), Error);
}

}  // namespace
}  // namespace enamel::http
