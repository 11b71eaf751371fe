#include "http/event_stream.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace enamel::http {
namespace {

TEST(Event, IsWrittenAsTheStandardSays) {
  EXPECT_EQ(formatEvent({.data = "x"}), "data: x\n\n");
  EXPECT_EQ(formatEvent({.id = "7", .event = "job", .data = "a\nb\r\nc\rd"}),
            "id: 7\nevent: job\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(formatEvent({}), "data: \n\n");
  EXPECT_EQ(formatEvent({.data = "a\n"}), "data: a\ndata: \n\n");
}

TEST(Event, CannotSmuggleAField) {
  EXPECT_THROW(formatEvent({.id = "1\ndata: x"}), Error);
  EXPECT_THROW(formatEvent({.event = "a\rb"}), Error);
  EXPECT_THROW(formatEvent({.id = std::string("a\0", 2)}), Error);
}

TEST(EventStream, QueuesWakesAndEnds) {
  const auto stream = EventStream::make();
  EXPECT_TRUE(stream->push({.data = "early"}));
  int wakes = 0;
  stream->setWake([&wakes] { ++wakes; });
  EXPECT_EQ(stream->take(), "data: early\n\n");
  EXPECT_TRUE(stream->push({.data = "a"}));
  EXPECT_TRUE(stream->push({.data = "b"}));
  EXPECT_EQ(wakes, 1) << "who was woken takes all there is";
  stream->close();
  EXPECT_EQ(wakes, 2);
  EXPECT_FALSE(stream->push({.data = "late"}));
  EXPECT_EQ(stream->take(), "data: a\n\ndata: b\n\n") << "what was pushed before the end is still sent";
  EXPECT_FALSE(stream->isDropped());
}

TEST(EventStream, DropsAClientThatIsTooSlow) {
  const auto stream = EventStream::make(40);
  int wakes = 0;
  stream->setWake([&wakes] { ++wakes; });
  EXPECT_TRUE(stream->push({.data = std::string(20, 'x')}));
  EXPECT_FALSE(stream->push({.data = std::string(20, 'y')}));
  EXPECT_FALSE(stream->isOpen());
  EXPECT_TRUE(stream->isDropped());
  EXPECT_EQ(stream->take(), "");
  EXPECT_EQ(wakes, 2);
}

TEST(EventStream, WakesNobodyOnceItsClientIsGone) {
  const auto stream = EventStream::make();
  stream->setWake([] { FAIL() << "the connection is gone"; });
  stream->abandon();
  EXPECT_FALSE(stream->isOpen());
  EXPECT_FALSE(stream->push({.data = "x"}));
  stream->close();
}

}  // namespace
}  // namespace enamel::http
