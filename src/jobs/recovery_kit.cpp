#include "jobs/recovery_kit.h"

#include <hpdf.h>
#include <qrencode.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/printable.h"
#include "jobs/recovery_words.h"

namespace enamel::jobs {
namespace {

constexpr float kWidth = 612, kHeight = 792, kMargin = 54;  // US letter, in points
constexpr float kQrSide = 150;

// The fonts that every reader of PDF has know Windows-1252 only.
std::string latin(std::string_view utf8) {
  const std::string text = printable(utf8);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      out += text[i];
    } else if ((byte == 0xC2 || byte == 0xC3) && i + 1 < text.size()) {
      out += static_cast<char>((byte & 0x03) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F));
    } else if (byte >= 0xC0) {
      out += '?';
    }
  }
  return out;
}

// As a POSIX shell takes it for one word.
std::string shellWord(const std::string& text) {
  if (!text.empty() &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@") ==
          std::string::npos)
    return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

using QrCode = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

QrCode qrCodeOf(const std::string& text) {
  QrCode code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (!code) throw Error(ErrorCode::kUsage, "the repository's password is too long for a QR code");
  return code;
}

class Document {
 public:
  Document() : document_(HPDF_New(nullptr, nullptr), &HPDF_Free) {
    if (!document_) throw Error(ErrorCode::kInternal, "libharu makes no document");
    HPDF_SetCompressionMode(document_.get(), HPDF_COMP_ALL);
    normal_ = HPDF_GetFont(document_.get(), "Helvetica", "WinAnsiEncoding");
    bold_ = HPDF_GetFont(document_.get(), "Helvetica-Bold", "WinAnsiEncoding");
    fixed_ = HPDF_GetFont(document_.get(), "Courier", "WinAnsiEncoding");
    newPage();
  }

  void newPage() {
    page_ = HPDF_AddPage(document_.get());
    HPDF_Page_SetWidth(page_, kWidth);
    HPDF_Page_SetHeight(page_, kHeight);
    y_ = kHeight - kMargin;
  }

  void title(const std::string& text) { line(bold_, 20, text, 30); }
  void heading(const std::string& text) {
    y_ -= 8;
    line(bold_, 12, text, 18);
  }
  // Broken between words where it is too long.
  void paragraph(const std::string& text) { wrapped(normal_, 10, text, 14); }
  void command(const std::string& text) { wrapped(fixed_, 8.5F, text, 12); }

  // Numbered, in three columns.
  void words(const std::vector<std::string>& words) {
    constexpr std::size_t kColumns = 3;
    const float top = y_;
    const std::size_t rows = (words.size() + kColumns - 1) / kColumns;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const float x = kMargin + static_cast<float>(i / rows) * 115;
      const float y = top - static_cast<float>(i % rows) * 24 - 16;
      put(normal_, 9, x, y, std::to_string(i + 1));
      put(fixed_, 13, x + 18, y, latin(words[i]));
    }
    y_ = top - static_cast<float>(rows) * 24;
  }

  // At the right margin, its top edge at the height of what is written next.
  void qrCode(const std::string& text) {
    const QrCode code = qrCodeOf(text);
    const float side = kQrSide / static_cast<float>(code->width);
    HPDF_Page_SetRGBFill(page_, 0, 0, 0);
    for (int row = 0; row < code->width; ++row)
      for (int column = 0; column < code->width; ++column)
        if ((code->data[row * code->width + column] & 1) != 0)
          HPDF_Page_Rectangle(page_, kWidth - kMargin - kQrSide + static_cast<float>(column) * side,
                              y_ - static_cast<float>(row + 1) * side, side, side);
    HPDF_Page_Fill(page_);
    qr_bottom_ = y_ - kQrSide;
  }
  // What follows stands below the QR code.
  void belowQrCode() { y_ = std::min(y_, qr_bottom_) - 10; }

  std::string bytes() {
    HPDF_SaveToStream(document_.get());
    std::string out;
    std::array<HPDF_BYTE, 4096> buffer{};
    for (;;) {
      auto size = static_cast<HPDF_UINT32>(buffer.size());
      HPDF_ReadFromStream(document_.get(), buffer.data(), &size);
      if (size == 0) break;
      out.append(reinterpret_cast<const char*>(buffer.data()), size);
      if (size < buffer.size()) break;
    }
    HPDF_ResetError(document_.get());  // the end of the stream counts as one
    if (out.empty() || failed_) throw Error(ErrorCode::kInternal, "libharu makes no document");
    return out;
  }

 private:
  void put(HPDF_Font font, float size, float x, float y, const std::string& text) {
    HPDF_Page_BeginText(page_);
    HPDF_Page_SetFontAndSize(page_, font, size);
    HPDF_Page_TextOut(page_, x, y, text.c_str());
    HPDF_Page_EndText(page_);
    failed_ = failed_ || HPDF_GetError(document_.get()) != HPDF_OK;
  }

  void line(HPDF_Font font, float size, const std::string& text, float height) {
    put(font, size, kMargin, y_ - size, latin(text));
    y_ -= height;
  }

  void wrapped(HPDF_Font font, float size, const std::string& text, float height) {
    std::string rest = latin(text);
    while (!rest.empty()) {
      HPDF_Page_SetFontAndSize(page_, font, size);
      std::size_t fits = HPDF_Page_MeasureText(page_, rest.c_str(), kWidth - 2 * kMargin, HPDF_TRUE, nullptr);
      // A word that is longer than a line is broken.
      if (fits == 0)
        fits = HPDF_Page_MeasureText(page_, rest.c_str(), kWidth - 2 * kMargin, HPDF_FALSE, nullptr);
      if (fits == 0) fits = rest.size();
      put(font, size, kMargin, y_ - size, rest.substr(0, fits));
      rest.erase(0, fits);
      y_ -= height;
    }
  }

  std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, decltype(&HPDF_Free)> document_;
  HPDF_Font normal_ = nullptr, bold_ = nullptr, fixed_ = nullptr;
  HPDF_Page page_ = nullptr;
  float y_ = 0, qr_bottom_ = 0;
  bool failed_ = false;
};

void writeSecretPage(Document& document, const RecoveryKit& kit) {
  document.title("Recovery kit of the practice's backups");
  document.paragraph("Practice: " + (kit.practice.empty() ? "(no name is set)" : kit.practice));
  document.paragraph("Made on: " + kit.date);
  document.paragraph("The backups are in: " + kit.repository_path);
  document.paragraph("Repository: " + kit.repository_id);
  document.heading("Keep this page in a safe place outside of the practice");
  document.paragraph(
      "Whoever holds this page and the backups can read all of them; without it, and without this computer, "
      "nobody "
      "can. The vendor cannot help: no copy of these words exists anywhere else. Print it twice, put one "
      "into the "
      "owner's safe and one elsewhere, and do not keep it as a file or photo.");
  document.heading("The password of the backups");
  document.qrCode(kit.password);
  document.words(wordsOf(kit.password));
  document.paragraph("");
  document.belowQrCode();
  document.paragraph(
      "The words in this order, in small letters and with one blank between two, are the password. The "
      "square holds "
      "the same text.");
}

void writeCommands(Document& document, const RecoveryKit& kit) {
  const std::string repository = shellWord(kit.repository_path);
  document.heading("To get everything back with Enamel");
  document.paragraph(
      "Install MariaDB and Enamel on a Linux computer, connect the disk with the backups, then as root:");
  document.command("enamel restore latest -r " + repository +
                   " --database-to 'mariadb://root@localhost/?socket=/run/mysqld/mysqld.sock' --images-to "
                   "/srv/OpenDentImages");
  document.newPage();
  document.title("Without Enamel");
  document.paragraph(
      "Any computer with restic (https://restic.net, version 0.14 or newer) opens the backups. Connect the "
      "disk or "
      "folder that holds them; where it has another name than " +
      kit.repository_path +
      " there, put that name into the commands. Each asks for the password: type the words.");
  document.command("restic -r " + repository + " snapshots");
  document.command("restic -r " + repository + " restore latest --target /restored");
  document.paragraph(
      "The images are then in /restored/images, users and rights in /restored/database/accounts.sql.");
  document.heading("The database into a MariaDB server");
  document.paragraph(
      "As root on the server, with sql_mode='' in its configuration; \"opendental\" stands for the folder's "
      "name in "
      "/restored/database:");
  for (const char* line :
       {"cd /restored/database/opendental", "mariadb -e 'CREATE DATABASE opendental'",
        "find . -type f ! -name '*.sql' ! -name '*.txt' -exec install -o mysql -g mysql -m 660 -t "
        "/var/lib/mysql/opendental {} +",
        "mariadb-check --repair --quick --silent opendental", "for f in *.sql; do",
        "  [ -e \"$f\" ] || continue", "  mariadb --default-character-set=utf8mb4 opendental <\"$f\"",
        "  sed -n 's/^-- \\(SET time_zone\\|LOAD DATA\\)/\\1/p' \"$f\" | mariadb --local-infile=1 opendental",
        "done", "mariadb --default-character-set=utf8mb4 <../opendental.sql"})
    document.command(line);
  document.paragraph("");
  document.paragraph(
      "Then start Open Dental, and where the images are in another folder than before, set its path: Setup, "
      "Data Paths.");
}

}  // namespace

std::string recoveryKitPdf(const RecoveryKit& kit) {
  Document document;
  writeSecretPage(document, kit);
  writeCommands(document, kit);
  return document.bytes();
}

}  // namespace enamel::jobs
