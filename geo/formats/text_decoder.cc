#include "geo/formats/text_decoder.h"

#include <iconv.h>

#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/utf8.h"

namespace landbook::geo {
namespace {

// Names that .cpg files and people use, and what iconv calls them. The key is in upper case,
// without blanks, hyphens and underscores.
struct EncodingAlias {
  std::string_view key;
  std::string_view name;
};
constexpr std::array kAliases = {
    EncodingAlias{"UTF8", "UTF-8"},       EncodingAlias{"65001", "UTF-8"},
    EncodingAlias{"CP65001", "UTF-8"},    EncodingAlias{"GB18030", "GB18030"},
    EncodingAlias{"54936", "GB18030"},    EncodingAlias{"CP54936", "GB18030"},
    EncodingAlias{"GBK", "GBK"},          EncodingAlias{"GB2312", "GBK"},
    EncodingAlias{"EUCCN", "GBK"},        EncodingAlias{"936", "GBK"},
    EncodingAlias{"CP936", "GBK"},        EncodingAlias{"ANSI936", "GBK"},
    EncodingAlias{"MS936", "GBK"},        EncodingAlias{"WINDOWS936", "GBK"},
    EncodingAlias{"BIG5", "BIG5"},        EncodingAlias{"950", "BIG5"},
    EncodingAlias{"CP950", "BIG5"},       EncodingAlias{"ISO88591", "ISO-8859-1"},
    EncodingAlias{"88591", "ISO-8859-1"}, EncodingAlias{"LATIN1", "ISO-8859-1"},
    EncodingAlias{"1252", "CP1252"},      EncodingAlias{"CP1252", "CP1252"},
    EncodingAlias{"ANSI1252", "CP1252"},  EncodingAlias{"WINDOWS1252", "CP1252"},
    EncodingAlias{"CP949", "CP949"},      EncodingAlias{"949", "CP949"},
    EncodingAlias{"CP932", "CP932"},      EncodingAlias{"932", "CP932"},
};

std::string AliasKey(std::string_view name) {
  std::string key;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) key += static_cast<char>(std::toupper(byte));
  }
  return key;
}

absl::StatusOr<std::string> CanonicalName(std::string_view name) {
  const std::string key = AliasKey(name);
  for (const EncodingAlias& alias : kAliases) {
    if (alias.key == key) return std::string(alias.name);
  }
  return absl::InvalidArgumentError(
      fmt::format("the encoding \"{}\" is not known; state one of UTF-8, GBK, GB18030, BIG5, "
                  "ISO-8859-1, CP1252, CP932, CP949",
                  name));
}

// One open iconv conversion, owned.
class Iconv {
 public:
  Iconv(const std::string& to, const std::string& from)
      : handle_(iconv_open(to.c_str(), from.c_str())) {}
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;
  ~Iconv() {
    if (open()) iconv_close(handle_);
  }

  // iconv_open answers (iconv_t)-1 for a pair of encodings that it does not have.
  bool open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // Converts all of `bytes` or nothing: an unknown sequence, a character that the target lacks, a
  // sequence cut at the end, and an irreversible conversion all count as failure.
  std::optional<std::string> Convert(std::string_view bytes) const {
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    std::string out(bytes.size() * 4 + 8, '\0');
    char* in = const_cast<char*>(bytes.data());
    std::size_t in_left = bytes.size();
    char* to = out.data();
    std::size_t out_left = out.size();
    if (iconv(handle_, &in, &in_left, &to, &out_left) != 0 || in_left != 0) return std::nullopt;
    if (iconv(handle_, nullptr, nullptr, &to, &out_left) != 0) return std::nullopt;
    out.resize(out.size() - out_left);
    return out;
  }

 private:
  iconv_t handle_;
};

absl::Status MissingConversion(std::string_view name) {
  return absl::UnavailableError(
      fmt::format("this machine's C library has no conversion for the encoding {}", name));
}

}  // namespace

class TextDecoder::Conversion : public Iconv {
 public:
  using Iconv::Iconv;
};

class TextEncoder::Conversion : public Iconv {
 public:
  using Iconv::Iconv;
};

TextDecoder::TextDecoder(std::string name, std::unique_ptr<Conversion> conversion)
    : name_(std::move(name)), conversion_(std::move(conversion)) {}
TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder& TextDecoder::operator=(TextDecoder&&) noexcept = default;
TextDecoder::~TextDecoder() = default;

absl::StatusOr<TextDecoder> TextDecoder::ForName(std::string_view name) {
  std::string canonical(kPerValue);
  std::string from = "GB18030";
  if (!name.empty() && name != kPerValue) {
    absl::StatusOr<std::string> known = CanonicalName(name);
    if (!known.ok()) return known.status();
    canonical = *known == "GBK" ? "GB18030" : *known;
    from = canonical;
  }
  if (canonical == "UTF-8") return TextDecoder(canonical, nullptr);
  auto conversion = std::make_unique<Conversion>("UTF-8", from);
  if (!conversion->open()) return MissingConversion(from);
  return TextDecoder(canonical, std::move(conversion));
}

std::optional<std::string> TextDecoder::Decode(std::string_view bytes) const {
  std::optional<std::string> text(std::in_place);
  if (!Decode(bytes, *text)) text.reset();
  return text;
}

bool TextDecoder::Decode(std::string_view bytes, std::string& text) const {
  const bool utf8 = conversion_ == nullptr;
  if ((utf8 || name_ == kPerValue) && IsUtf8(bytes)) {
    text = bytes;
    return true;
  }
  if (utf8) return false;
  std::optional<std::string> converted = conversion_->Convert(bytes);
  if (converted) text = *std::move(converted);
  return converted.has_value();
}

TextEncoder::TextEncoder(std::string name, std::unique_ptr<Conversion> conversion)
    : name_(std::move(name)), conversion_(std::move(conversion)) {}
TextEncoder::TextEncoder(TextEncoder&&) noexcept = default;
TextEncoder& TextEncoder::operator=(TextEncoder&&) noexcept = default;
TextEncoder::~TextEncoder() = default;

absl::StatusOr<TextEncoder> TextEncoder::ForName(std::string_view name) {
  absl::StatusOr<std::string> known = name.empty() ? std::string("UTF-8") : CanonicalName(name);
  if (!known.ok()) return known.status();
  if (*known == "UTF-8") return TextEncoder(*known, nullptr);
  auto conversion = std::make_unique<Conversion>(*known, "UTF-8");
  if (!conversion->open()) return MissingConversion(*known);
  return TextEncoder(*std::move(known), std::move(conversion));
}

std::optional<std::string> TextEncoder::Encode(std::string_view utf8) const {
  if (!IsUtf8(utf8)) return std::nullopt;
  if (conversion_ == nullptr) return std::string(utf8);
  return conversion_->Convert(utf8);
}

}  // namespace landbook::geo
