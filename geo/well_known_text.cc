// Well-known text; the binary is in well_known_binary.cc.

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <span>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/decimal.h"
#include "geo/well_known.h"

namespace landbook::geo {
namespace {

constexpr int kMetreDecimals = 4;

void AppendVertex(std::string& out, Vertex v) {
  AppendDecimal(out, v.x, kMetreDecimals);
  out += ' ';
  AppendDecimal(out, v.y, kMetreDecimals);
}

void AppendRing(std::string& out, std::span<const Vertex> ring) {
  if (ring.empty()) {
    out += "EMPTY";
    return;
  }
  out += '(';
  for (const Vertex& v : ring) {
    AppendVertex(out, v);
    out += ", ";
  }
  AppendVertex(out, ring.front());
  out += ')';
}

void AppendPart(std::string& out, const Boundary& boundary, std::size_t part) {
  const std::size_t begin = boundary.PartBegin(part);
  out += '(';
  for (std::size_t ring = begin; ring < boundary.PartEnd(part); ++ring) {
    if (ring > begin) out += ", ";
    AppendRing(out, boundary.Ring(ring));
  }
  out += ')';
}

// Reads the text from front to back. After the first thing wrong, `status()` names it and every
// further read fails.
class WktReader {
 public:
  explicit WktReader(std::string_view text) : text_(text) {}

  absl::StatusOr<RawBoundary> Read() && {
    const std::string_view tag = Word();
    if (EqualsIgnoringCase(tag, "SRID")) Refuse("a geometry without the SRID of PostGIS's EWKT");
    const bool multi = TagIs(tag, "MULTIPOLYGON");
    if (!multi && !TagIs(tag, "POLYGON")) Refuse("POLYGON or MULTIPOLYGON");
    ReadDimensions(tag.substr(std::min(tag.size(), std::size_t{multi ? 12U : 7U})));
    if (!TakeWord("EMPTY")) multi ? ReadParts() : ReadPart();
    SkipBlanks();
    if (ok() && at_ < text_.size()) Refuse("nothing more");
    if (!ok()) return status_;
    return std::move(boundary_);
  }

 private:
  bool ok() const { return status_.ok(); }

  void Refuse(std::string_view wanted) {
    if (!ok()) return;
    status_ = absl::InvalidArgumentError(fmt::format(
        "well-known text: {} was wanted at character {} of {}, but '{}' came; write it like "
        "POLYGON ((0 0, 10 0, 10 10, 0 0))",
        wanted, at_ + 1, text_.size(), text_.substr(at_, 20)));
  }

  static bool EqualsIgnoringCase(std::string_view word, std::string_view upper) {
    if (word.size() != upper.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (std::toupper(static_cast<unsigned char>(word[i])) != upper[i]) return false;
    }
    return true;
  }

  // True when `tag` is `upper`, or `upper` with the dimensions stuck to it ("POLYGONZ").
  static bool TagIs(std::string_view tag, std::string_view upper) {
    return EqualsIgnoringCase(tag.substr(0, upper.size()), upper);
  }

  void SkipBlanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  // The letters that come next; they are taken.
  std::string_view Word() {
    SkipBlanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // Takes the word that comes next when it is `upper`.
  bool TakeWord(std::string_view upper) {
    const std::size_t begin = at_;
    if (ok() && EqualsIgnoringCase(Word(), upper)) return true;
    at_ = begin;
    return false;
  }

  bool Take(char wanted) {
    SkipBlanks();
    if (!ok() || at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void Want(char wanted) {
    if (!Take(wanted)) Refuse(fmt::format("'{}'", wanted));
  }

  // Z, M, ZM or nothing, stuck to the tag or after it.
  void ReadDimensions(std::string_view stuck) {
    if (!ok()) return;
    if (EqualsIgnoringCase(stuck, "ZM") || TakeWord("ZM")) {
      ordinates_ = 4;
    } else if (EqualsIgnoringCase(stuck, "Z") || EqualsIgnoringCase(stuck, "M") || TakeWord("Z") ||
               TakeWord("M")) {
      ordinates_ = 3;
    } else if (!stuck.empty()) {
      Refuse("POLYGON or MULTIPOLYGON");
    }
  }

  static bool EndsNumber(char c) {
    return c == ',' || c == ')' || std::isspace(static_cast<unsigned char>(c)) != 0;
  }

  // The next number, if one comes, with nothing stuck behind it. One too large for a double is
  // infinite, which Normalise reports, and one too small is zero.
  bool TakeNumber(double& number) {
    SkipBlanks();
    const char* begin = text_.data() + at_;
    const char* const last = text_.data() + text_.size();
    if (begin != last && *begin == '+' && last - begin > 1 && begin[1] != '-') ++begin;
    const auto [end, error] = std::from_chars(begin, last, number);
    if (error == std::errc::invalid_argument || (end != last && !EndsNumber(*end))) return false;
    if (error == std::errc::result_out_of_range) {
      const std::string_view token(begin, static_cast<std::size_t>(end - begin));
      number = token.find("e-") != token.npos || token.find("E-") != token.npos ? 0.0 : HUGE_VAL;
    }
    at_ = static_cast<std::size_t>(end - text_.data());
    return true;
  }

  void ReadVertex() {
    double numbers[4];
    int count = 0;
    while (ok() && count < 4 && TakeNumber(numbers[count])) ++count;
    if (count < 2 || (ordinates_ != 0 && count != ordinates_)) {
      Refuse(ordinates_ == 0 ? "a number" : fmt::format("a vertex of {} numbers", ordinates_));
    }
    if (ok()) boundary_.vertices.push_back({numbers[0], numbers[1]});
  }

  void ReadRing() {
    if (!TakeWord("EMPTY")) {
      Want('(');
      do ReadVertex();
      while (Take(','));
      Want(')');
    }
    boundary_.EndRing();
  }

  void ReadPart() {
    Want('(');
    do ReadRing();
    while (Take(','));
    Want(')');
    boundary_.EndPart();
  }

  void ReadParts() {
    Want('(');
    do {
      if (!TakeWord("EMPTY")) ReadPart();
    } while (Take(','));
    Want(')');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int ordinates_ = 0;  // stated by the tag; 0 when it states none
  RawBoundary boundary_;
  absl::Status status_;
};

}  // namespace

std::string WktOf(const Boundary& boundary) {
  const std::size_t parts = boundary.part_count();
  if (parts == 0) return "POLYGON EMPTY";
  std::string out = parts == 1 ? "POLYGON " : "MULTIPOLYGON (";
  out.reserve(boundary.vertices.size() * 28 + 32);
  for (std::size_t part = 0; part < parts; ++part) {
    if (part > 0) out += ", ";
    AppendPart(out, boundary, part);
  }
  if (parts > 1) out += ')';
  return out;
}

absl::StatusOr<RawBoundary> RawFromWkt(std::string_view text) { return WktReader(text).Read(); }

}  // namespace landbook::geo
