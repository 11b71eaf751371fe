#include "service/api_tokens.h"

#include "base/error.h"
#include "base/printable.h"
#include "hash/sha256.h"
#include "service/random_token.h"

namespace enamel::service {
namespace {

// So that a script that asks every second costs no write every second.
constexpr std::int64_t kLastUsedStepNs = 3'600'000'000'000;

constexpr const char* kColumns =
    "SELECT id, name, may_administer, created_by, created_ns, last_used_ns FROM api_tokens ";

ApiToken tokenOf(const Row& row) {
  ApiToken token{.id = row.integer(0),
                 .name = row.text(1),
                 .may_administer = row.integer(2) != 0,
                 .created_by = row.text(3),
                 .created = {row.integer(4)},
                 .last_used = {}};
  if (const auto ns = row.integerIfAny(5)) token.last_used = Timestamp{*ns};
  return token;
}

Bytes hashOf(std::string_view secret) {
  const Sha256 hash = Sha256::of(asBytes(secret));
  return {hash.bytes.begin(), hash.bytes.end()};
}

void checkName(const std::string& name) {
  if (name.empty() || name.size() > ApiTokens::kNameBytesMax || printable(name) != name)
    throw Error(ErrorCode::kUsage, "the name of a token is 1 to " + std::to_string(ApiTokens::kNameBytesMax) +
                                       " bytes long and holds no control characters");
}

}  // namespace

ApiTokens::Created ApiTokens::create(const std::string& name, bool may_administer,
                                     const std::string& created_by) {
  checkName(name);
  Created created{.token = {.id = 0,
                            .name = name,
                            .may_administer = may_administer,
                            .created_by = created_by,
                            .created = clock_.now(),
                            .last_used = {}},
                  .secret = std::string(kPrefix) + randomToken()};
  database_.transaction([&] {
    if (database_.integer("SELECT count(*) FROM api_tokens") >= static_cast<std::int64_t>(kTokensMax))
      throw Error(ErrorCode::kLimit, "there are " + std::to_string(kTokensMax) + " tokens already",
                  "remove those that nobody uses");
    if (database_.integer("SELECT 1 FROM api_tokens WHERE name = ?", {name}))
      throw Error(ErrorCode::kExists, "there is a token of that name already", "choose another name");
    database_.execute(
        "INSERT INTO api_tokens (name, hash, may_administer, created_by, created_ns) VALUES (?, ?, ?, ?, ?)",
        {name, hashOf(created.secret), std::int64_t{may_administer}, created_by, created.token.created.ns});
    created.token.id = database_.lastInsertId();
  });
  return created;
}

std::optional<Principal> ApiTokens::find(std::string_view secret) {
  if (secret.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
  std::optional<ApiToken> found;
  database_.query(std::string(kColumns) + "WHERE hash = ?", {hashOf(secret)},
                  [&](const Row& row) { found = tokenOf(row); });
  if (!found) return std::nullopt;
  const Timestamp now = clock_.now();
  if (!found->last_used || now.ns - found->last_used->ns >= kLastUsedStepNs || now < *found->last_used)
    noteUse(found->id, now);
  return Principal{
      .name = found->name, .account = "token", .may_back_up = true, .may_administer = found->may_administer};
}

void ApiTokens::noteUse(std::int64_t id, Timestamp now) {
  try {
    database_.execute("UPDATE api_tokens SET last_used_ns = ? WHERE id = ?", {now.ns, id});
  } catch (const Error&) {
    // A full disk is what monitoring has to see: its token must not stop working just then.
  }
}

std::vector<ApiToken> ApiTokens::list() const {
  std::vector<ApiToken> tokens;
  database_.query(std::string(kColumns) + "ORDER BY id", {},
                  [&](const Row& row) { tokens.push_back(tokenOf(row)); });
  return tokens;
}

std::optional<ApiToken> ApiTokens::remove(std::int64_t id) {
  std::optional<ApiToken> removed;
  database_.transaction([&] {
    database_.query(std::string(kColumns) + "WHERE id = ?", {id},
                    [&](const Row& row) { removed = tokenOf(row); });
    database_.execute("DELETE FROM api_tokens WHERE id = ?", {id});
  });
  return removed;
}

}  // namespace enamel::service
