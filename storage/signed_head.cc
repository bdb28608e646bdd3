#include "storage/signed_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "storage/bytes.h"
#include "storage/check.h"
#include "storage/durable_file.h"
#include "storage/openssl_bridge.h"

namespace landbook::storage {
namespace {

// What is signed begins with these bytes, so that no other signed thing can be taken for a head.
constexpr std::string_view kMagic = "landbook-head";
constexpr std::uint8_t kEncodingVersion = 1;
constexpr std::string_view kTextTitle = "landbook head 1";
constexpr std::size_t kBookSizeMax = 255;
constexpr std::size_t kFileSizeMax = 4096;
// The end of the year 9999, behind which a time has no text of the same shape.
constexpr std::int64_t kRecordedAtEndUs = 253'402'300'800'000'000;

absl::Status Invalid(std::string_view field, std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("the {} of a head {}", field, what));
}

// Whether `text` is well-formed UTF-8 (RFC 3629) without control characters.
bool IsPrintableUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    if (lead < 0x20 || lead == 0x7f || (lead >= 0x80 && lead < 0xc2) || lead > 0xf4) return false;
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (i + length > text.size()) return false;
    for (std::size_t j = 1; j < length; ++j) {
      if ((static_cast<std::uint8_t>(text[i + j]) & 0xc0) != 0x80) return false;
    }
    const auto second = length > 1 ? static_cast<std::uint8_t>(text[i + 1]) : std::uint8_t{0};
    // Overlong forms, surrogates, what lies behind U+10FFFF, and the C1 controls.
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
        (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f) ||
        (lead == 0xc2 && second < 0xa0)) {
      return false;
    }
    i += length;
  }
  return true;
}

constexpr std::array<std::pair<BookState, std::string_view>, 3> kStates = {{
    {BookState::kPreparing, "preparing"},
    {BookState::kOpen, "open"},
    {BookState::kClosed, "closed"},
}};

std::string_view NameOf(BookState state) {
  for (const auto& [value, name] : kStates) {
    if (value == state) return name;
  }
  return "";
}

// A time as 2026-11-21T22:35:00.000000Z.
std::string TimeText(std::int64_t time_us) {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds(time_us)};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss<microseconds> clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

absl::StatusOr<std::uint64_t> NumberOf(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  return absl::InvalidArgumentError(fmt::format("\"{}\" is no whole number", text));
}

// The time of a text that TimeText could have written; whether it did is for the caller to see by
// writing it again.
std::int64_t TimeOf(std::string_view text) {
  using namespace std::chrono;
  constexpr std::size_t kTextSize = 27;
  if (text.size() != kTextSize) return -1;
  const auto part = [&](std::size_t from, std::size_t size) {
    return static_cast<std::int64_t>(NumberOf(text.substr(from, size)).value_or(0));
  };
  const year_month_day date{year(static_cast<int>(part(0, 4))),
                            month(static_cast<unsigned>(part(5, 2))),
                            day(static_cast<unsigned>(part(8, 2)))};
  if (!date.ok()) return -1;
  const auto time = sys_days{date} + hours(part(11, 2)) + minutes(part(14, 2)) +
                    seconds(part(17, 2)) + microseconds(part(20, 6));
  return time.time_since_epoch().count();
}

// The fields of a text, by their names. A line that is no field is left out, and a missing field
// is empty: the text is then not what its head would be written as, which is found at the end.
class Fields {
 public:
  explicit Fields(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      const std::size_t colon = line.find(": ");
      if (colon != std::string_view::npos) {
        values_[line.substr(0, colon)] = line.substr(colon + 2);
      }
    }
  }

  std::string_view Text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string_view() : found->second;
  }
  std::uint64_t Number(std::string_view name) const { return NumberOf(Text(name)).value_or(0); }
  Hash Digest(std::string_view name) const { return HashFromHex(Text(name)).value_or(Hash{}); }

 private:
  std::map<std::string_view, std::string_view> values_;
};

KeyId KeyIdOf(std::string_view bytes) {
  KeyId id{};
  if (bytes.size() == id.size()) std::copy(bytes.begin(), bytes.end(), id.begin());
  return id;
}

BookState StateOf(std::string_view name) {
  for (const auto& [value, candidate] : kStates) {
    if (candidate == name) return value;
  }
  return BookState{};
}

}  // namespace

absl::Status ValidateHead(const Head& head) {
  if (head.book.empty() || head.book.size() > kBookSizeMax) {
    return Invalid("book",
                   fmt::format("has 1 to {} bytes, and {} came", kBookSizeMax, head.book.size()));
  }
  if (!IsPrintableUtf8(head.book)) {
    return Invalid("book", "is UTF-8 without control characters, and this is not");
  }
  if (!Suite::WithId(static_cast<std::uint8_t>(head.suite)).ok()) {
    return Invalid("suite", "is 1 or 2, and another number came");
  }
  if (NameOf(head.state).empty()) {
    return Invalid("state", "is preparing, open or closed, and another came");
  }
  if (!head.trial && head.state == BookState::kPreparing) {
    return Invalid("trial mark", "stands while the book is preparing, and here it does not");
  }
  if (head.recorded_at_us < 0 || head.recorded_at_us >= kRecordedAtEndUs) {
    return Invalid("recorded time", "lies between the years 1970 and 9999, and this does not");
  }
  return absl::OkStatus();
}

std::string CanonicalBytes(const Head& head) {
  LANDBOOK_CHECK(ValidateHead(head).ok());
  std::string bytes(kMagic);
  AppendU8(bytes, kEncodingVersion);
  AppendU8(bytes, static_cast<std::uint8_t>(head.book.size()));
  bytes.append(head.book);
  AppendU8(bytes, static_cast<std::uint8_t>(head.suite));
  AppendU32(bytes, head.format_version);
  AppendU8(bytes, static_cast<std::uint8_t>(head.state));
  AppendU8(bytes, head.trial ? 1 : 0);
  AppendU64(bytes, head.sequence);
  AppendU64(bytes, head.tree_size);
  bytes.append(BytesOf(head.root));
  AppendU64(bytes, head.status_size);
  bytes.append(BytesOf(head.status_root));
  AppendU64(bytes, static_cast<std::uint64_t>(head.recorded_at_us));
  bytes.append(reinterpret_cast<const char*>(head.key_id.data()), head.key_id.size());
  return bytes;
}

absl::StatusOr<Head> ParseCanonicalBytes(std::string_view bytes) {
  ByteReader reader(bytes);
  const bool known =
      reader.ReadBytes(kMagic.size()) == kMagic && reader.ReadU8() == kEncodingVersion;
  if (!known) {
    return absl::InvalidArgumentError(
        "these bytes are no head of encoding version 1; a newer program may have written them");
  }
  Head head;
  head.book = std::string(reader.ReadBytes(reader.ReadU8()));
  head.suite = static_cast<SuiteId>(reader.ReadU8());
  head.format_version = reader.ReadU32();
  head.state = static_cast<BookState>(reader.ReadU8());
  head.trial = reader.ReadU8() == 1;
  head.sequence = reader.ReadU64();
  head.tree_size = reader.ReadU64();
  head.root = HashFromBytes(reader.ReadBytes(kHashSize)).value_or(Hash{});
  head.status_size = reader.ReadU64();
  head.status_root = HashFromBytes(reader.ReadBytes(kHashSize)).value_or(Hash{});
  head.recorded_at_us = static_cast<std::int64_t>(reader.ReadU64());
  head.key_id = KeyIdOf(reader.ReadBytes(KeyId{}.size()));
  if (!reader.FinishedOk()) {
    return absl::InvalidArgumentError("the bytes of a head end too early or too late");
  }
  if (absl::Status valid = ValidateHead(head); !valid.ok()) return valid;
  if (CanonicalBytes(head) == bytes) return head;
  return absl::InvalidArgumentError("the bytes of a head are not in their one canonical form");
}

absl::StatusOr<SignedHead> SignHead(Head head, const SigningKey& key) {
  head.key_id = key.public_key().id();
  if (absl::Status valid = ValidateHead(head); !valid.ok()) return valid;
  absl::StatusOr<std::string> signature = key.Sign(CanonicalBytes(head));
  if (!signature.ok()) return signature.status();
  return SignedHead{.head = std::move(head), .signature = std::move(*signature)};
}

absl::Status VerifyHead(const SignedHead& head, const VerifyingKey& key) {
  if (absl::Status valid = ValidateHead(head.head); !valid.ok()) return valid;
  if (head.head.key_id != key.id()) {
    return absl::InvalidArgumentError(fmt::format("the head names key {}, and the key given is {}",
                                                  HexOf(head.head.key_id), HexOf(key.id())));
  }
  return key.Verify(CanonicalBytes(head.head), head.signature);
}

std::string HeadText(const SignedHead& signed_head) {
  const Head& head = signed_head.head;
  const auto suite = Suite::WithId(static_cast<std::uint8_t>(head.suite));
  LANDBOOK_CHECK(suite.ok());
  return fmt::format(
      "{}\nbook: {}\nsuite: {}\nformat: {}\nstate: {}\ntrial: {}\nsequence: {}\ntree size: {}\n"
      "tree root: {}\nstatus size: {}\nstatus root: {}\nrecorded at: {}\nkey: {}\nsignature: {}\n",
      kTextTitle, head.book, (*suite)->name(), head.format_version, NameOf(head.state),
      head.trial ? "yes" : "no", head.sequence, head.tree_size, HexOf(head.root), head.status_size,
      HexOf(head.status_root), TimeText(head.recorded_at_us), HexOf(head.key_id),
      openssl::Base64(signed_head.signature));
}

absl::StatusOr<SignedHead> ParseHeadText(std::string_view text) {
  const Fields fields(text);
  SignedHead read;
  Head& head = read.head;
  const absl::StatusOr<const Suite*> suite = Suite::WithName(fields.Text("suite"));
  if (!suite.ok()) return suite.status();
  head.suite = (*suite)->id();
  head.book = std::string(fields.Text("book"));
  head.format_version = static_cast<std::uint32_t>(fields.Number("format"));
  head.state = StateOf(fields.Text("state"));
  head.trial = fields.Text("trial") == "yes";
  head.sequence = fields.Number("sequence");
  head.tree_size = fields.Number("tree size");
  head.root = fields.Digest("tree root");
  head.status_size = fields.Number("status size");
  head.status_root = fields.Digest("status root");
  head.recorded_at_us = TimeOf(fields.Text("recorded at"));
  head.key_id = KeyIdOf(BytesFromHex(fields.Text("key")).value_or(""));
  read.signature = openssl::FromBase64(fields.Text("signature")).value_or("");
  if (absl::Status valid = ValidateHead(head); !valid.ok()) return valid;
  if (HeadText(read) == text) return read;
  return absl::InvalidArgumentError(
      "the text of a head is damaged: it is not as this program writes the head that it tells of");
}

absl::Status WriteHeadFile(const std::string& path, const SignedHead& head) {
  if (absl::Status valid = ValidateHead(head.head); !valid.ok()) return valid;
  return WriteDurableFile(path, HeadText(head), FileMode::kEveryoneReads);
}

absl::StatusOr<SignedHead> ReadHeadFile(const std::string& path, const HeadVerifier& verify) {
  absl::StatusOr<std::string> text = ReadSmallFile(path, kFileSizeMax);
  if (absl::IsNotFound(text.status()) || absl::IsUnavailable(text.status())) return text.status();
  absl::StatusOr<SignedHead> head =
      text.ok() ? ParseHeadText(*text) : absl::StatusOr<SignedHead>(text.status());
  const absl::Status fits = head.ok() ? verify(*head) : head.status();
  if (fits.ok()) return head;
  return absl::DataLossError(fmt::format(
      "the head kept in {} cannot be trusted: {}; compare it with a copy kept elsewhere", path,
      std::string(fits.message())));
}

}  // namespace landbook::storage
