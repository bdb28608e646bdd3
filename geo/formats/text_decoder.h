// Text of a delivery, from the bytes of a table to UTF-8, strictly: a byte sequence that the
// encoding does not know is an answer of its own (rule B404), never a replacement character.
#ifndef LANDBOOK_GEO_FORMATS_TEXT_DECODER_H_
#define LANDBOOK_GEO_FORMATS_TEXT_DECODER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landbook::geo {

// Decodes values of one encoding. Not thread-safe: a conversion keeps state while it runs, so
// every reader has its own.
class TextDecoder {
 public:
  // The name under which values are judged one by one: strict UTF-8 first, GB18030 else. This is
  // what a delivery gets that states no encoding, because firms mix the two in one package.
  static constexpr std::string_view kPerValue = "UTF-8 or GB18030, by value";

  // The decoder of an encoding by its name, as a .cpg file or a person writes it ("utf-8", "GBK",
  // "cp936", "65001", "BIG5", …). GBK and GB2312 are read as GB18030, which holds both. An empty
  // name gives the decoder by value. Fails with INVALID_ARGUMENT when the name is not known.
  static absl::StatusOr<TextDecoder> ForName(std::string_view name);

  TextDecoder(TextDecoder&&) noexcept;
  TextDecoder& operator=(TextDecoder&&) noexcept;
  ~TextDecoder();

  // The value as UTF-8, or nothing when the bytes are not text of this encoding.
  std::optional<std::string> Decode(std::string_view bytes) const;
  // The same into `text`, whose memory serves again; false, and anything in it, when the bytes are
  // no text.
  bool Decode(std::string_view bytes, std::string& text) const;

  // The encoding's canonical name: "UTF-8", "GB18030", …, or kPerValue.
  const std::string& name() const { return name_; }

 private:
  class Conversion;
  TextDecoder(std::string name, std::unique_ptr<Conversion> conversion);

  std::string name_;
  std::unique_ptr<Conversion> conversion_;  // none for UTF-8
};

// Encodes UTF-8 into one encoding, for writing. Not thread-safe.
class TextEncoder {
 public:
  // As TextDecoder::ForName, but there is no encoding by value: an empty name means UTF-8, and GBK
  // stays GBK, so that what is written can be read by software that knows no more than GBK.
  static absl::StatusOr<TextEncoder> ForName(std::string_view name);

  TextEncoder(TextEncoder&&) noexcept;
  TextEncoder& operator=(TextEncoder&&) noexcept;
  ~TextEncoder();

  // The bytes of `utf8`, or nothing when it is not UTF-8 or has a character that the encoding
  // lacks.
  std::optional<std::string> Encode(std::string_view utf8) const;

  // The name to write into a .cpg file: "UTF-8", "GBK", "GB18030", ….
  const std::string& name() const { return name_; }

 private:
  class Conversion;
  TextEncoder(std::string name, std::unique_ptr<Conversion> conversion);

  std::string name_;
  std::unique_ptr<Conversion> conversion_;  // none for UTF-8
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_TEXT_DECODER_H_
