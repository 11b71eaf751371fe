#include "opendental/doc_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace enamel::opendental {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

DocPath only(const std::string& preference) {
  auto paths = parseDocPaths(preference);
  EXPECT_THAT(paths, SizeIs(1)) << preference;
  return paths.empty() ? DocPath() : paths.front();
}

TEST(DocPathTest, takesADrive) {
  const DocPath path = only("C:\\OpenDentImages\\");
  EXPECT_EQ(path.text, "C:\\OpenDentImages\\");
  EXPECT_EQ(path.kind, DocPathKind::kDrive);
  EXPECT_EQ(path.drive, 'C');
  EXPECT_THAT(path.folders, ElementsAre("OpenDentImages"));
  EXPECT_EQ(only("z:/Open Dental/Bilder für alle").drive, 'Z');
  EXPECT_THAT(only("z:/Open Dental/Bilder für alle").folders, ElementsAre("Open Dental", "Bilder für alle"));
  EXPECT_THAT(only("D:").folders, IsEmpty());
  EXPECT_EQ(only("D:").kind, DocPathKind::kDrive);
}

TEST(DocPathTest, takesAShare) {
  for (const char* text :
       {"\\\\SERVER\\OpenDentImages\\", "//SERVER/OpenDentImages", "\\\\SERVER\\\\OpenDentImages"}) {
    const DocPath path = only(text);
    EXPECT_EQ(path.kind, DocPathKind::kUnc) << text;
    EXPECT_EQ(path.server, "SERVER");
    EXPECT_EQ(path.share, "OpenDentImages");
    EXPECT_THAT(path.folders, IsEmpty());
  }
  EXPECT_THAT(only("\\\\10.0.0.5\\data$\\Open Dental\\Images").folders, ElementsAre("Open Dental", "Images"));
}

TEST(DocPathTest, takesAPathOfLinux) {
  const DocPath path = only("/srv/open\\dental/images/");
  EXPECT_EQ(path.kind, DocPathKind::kUnix);
  EXPECT_THAT(path.folders, ElementsAre("srv", "open\\dental", "images"));
  EXPECT_EQ(only("/").kind, DocPathKind::kUnix);
}

TEST(DocPathTest, takesSeveral) {
  const auto paths = parseDocPaths(" \\\\SERVER\\Images ;; C:\\Images;\r\n/srv/images; ");
  ASSERT_THAT(paths, SizeIs(3));
  EXPECT_EQ(paths[0].kind, DocPathKind::kUnc);
  EXPECT_EQ(paths[0].text, "\\\\SERVER\\Images");
  EXPECT_EQ(paths[1].kind, DocPathKind::kDrive);
  EXPECT_EQ(paths[2].kind, DocPathKind::kUnix);
  EXPECT_THAT(parseDocPaths(""), IsEmpty());
  EXPECT_THAT(parseDocPaths(" ; ;"), IsEmpty());
}

TEST(DocPathTest, saysWhatItDoesNotKnow) {
  for (const char* text :
       {"OpenDentImages", "C:Images", "C", ":\\x", "1:\\x", "\\Images", "\\\\", "\\\\server", "\\\\server\\",
        "\\\\\\server\\share", "\\\\?\\C:\\Images", "\\\\.\\C:\\Images", "C:\\a\\..\\..\\b", "/srv/../etc",
        "\\\\server\\share\\..", "C:\\a\nb", "/srv/\x1b[2J", "https://example.org/images"}) {
    const DocPath path = only(text);
    EXPECT_EQ(path.kind, DocPathKind::kUnknown) << text;
    EXPECT_THAT(path.folders, IsEmpty()) << text;
    EXPECT_EQ(path.text, text);
  }
}

// A path put together from its parts is taken apart into them again, whichever slashes are used.
RC_GTEST_PROP(DocPathLaw, comesApartAsItWasPutTogether, ()) {
  const auto name = rc::gen::suchThat(
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ019 ._-$ü")))),
      [](const std::string& text) {
        return text != "." && text != ".." && text.front() != ' ' && text.back() != ' ' &&
               text.front() != '.';
      });
  const std::string server = *name, share = *name;
  const auto folders = *rc::gen::container<std::vector<std::string>>(name);
  const std::string slash = *rc::gen::element<std::string>("\\", "/");
  std::string text = slash + slash + server + slash + share;
  for (const std::string& folder : folders) text += slash + folder;
  const auto paths = parseDocPaths(text + ";C:\\");
  RC_ASSERT(paths.size() == 2U);
  RC_ASSERT(paths[0].kind == DocPathKind::kUnc);
  RC_ASSERT(paths[0].server == server);
  RC_ASSERT(paths[0].share == share);
  RC_ASSERT(paths[0].folders == folders);
}

}  // namespace
}  // namespace enamel::opendental
