#include "mail/message.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

#include "base/bytes.h"
#include "base/error.h"

namespace enamel::mail {
namespace {

Message message() {
  return {.from_name = "Enamel",
          .from = "enamel@practice.example",
          .to = "office@practice.example",
          .subject = "The backup failed",
          .body = "one\ntwo\n",
          .date = parseRfc3339("2026-11-29T07:50:09Z").value(),
          .id = "abc.1"};
}

// What a mail program shows of a body in quoted-printable.
std::string decoded(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') continue;
    if (text[i] != '=') {
      result += text[i];
    } else if (text[i + 1] == '\r') {
      i += 2;
    } else {
      result += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return result;
}

std::string bodyOf(const std::string& mail) {
  return mail.substr(mail.find("\r\n\r\n") + 4);
}

TEST(MailMessage, isAsTheStandardsSay) {
  EXPECT_EQ(format(message()),
            "Date: Sun, 29 Nov 2026 07:50:09 +0000\r\n"
            "From: =?UTF-8?B?RW5hbWVs?=\r\n <enamel@practice.example>\r\n"
            "To: <office@practice.example>\r\n"
            "Subject: =?UTF-8?B?VGhlIGJhY2t1cCBmYWlsZWQ=?=\r\n"
            "Message-ID: <abc.1@practice.example>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "one\r\ntwo\r\n");
}

TEST(MailMessage, aNameWithLinesInItWritesNoHeaderFields) {
  Message hostile = message();
  hostile.subject = "x\r\nBcc: everybody@elsewhere.example\r\n\r\nbody";
  hostile.from_name = "y\nReply-To: <z@elsewhere.example>";
  const std::string text = format(hostile);
  EXPECT_EQ(text.find("Bcc"), std::string::npos);
  EXPECT_EQ(text.find("Reply-To"), std::string::npos);
  EXPECT_EQ(bodyOf(text), "one\r\ntwo\r\n");
}

TEST(MailMessage, addressesThatAreNoneAreRefused) {
  for (const char* address :
       {"", "@", "a@", "@b", "a b@c", "a@b\r\nBcc: c@d", "a@b>", "<a@b", "a@b,c@d", "ä@b"}) {
    Message wrong = message();
    wrong.to = address;
    EXPECT_THROW(format(wrong), Error) << address;
    wrong = message();
    wrong.from = address;
    EXPECT_THROW(format(wrong), Error) << address;
  }
}

TEST(MailMessage, noLineOfADotEndsIt) {
  Message dots = message();
  dots.body = ".\n..\n.x \n";
  EXPECT_EQ(bodyOf(format(dots)), "=2E\r\n=2E.\r\n=2Ex=20\r\n");
}

RC_GTEST_PROP(MailMessageProp, anyTextIsShortLinesOfAsciiThatReadAsItWas, ()) {
  Message any = message();
  const auto words =
      rc::gen::element<std::string>("ł", "齿", "😬", "=", ".", "\n", " ", "\t", "a", "long words here", "\xFF",
                                    "\r", std::string(1, '\0'), "\xC3");
  for (const std::string& word : *rc::gen::container<std::vector<std::string>>(words)) any.body += word;
  for (const std::string& word : *rc::gen::container<std::vector<std::string>>(words)) any.subject += word;
  const std::string text = format(any);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    RC_ASSERT(!line.empty() && line.back() == '\r');
    RC_ASSERT(line.size() <= 79U);
    for (const char c : line)
      RC_ASSERT(static_cast<unsigned char>(c) < 0x7F && (c >= 32 || c == '\r' || c == '\t'));
  }
  const bool clean = any.body.find_first_of(std::string("\xFF\r\0\xC3", 4)) == std::string::npos;
  const std::string shown = decoded(bodyOf(text));
  if (clean) RC_ASSERT(shown == any.body || shown == any.body + "\n");
}

}  // namespace
}  // namespace enamel::mail
