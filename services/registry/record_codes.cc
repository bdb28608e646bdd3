#include "services/registry/record_codes.h"

#include "fmt/format.h"
#include "storage/bytes.h"
#include "storage/check.h"
#include "storage/engine.h"

namespace landbook::registry {

// Every byte of a text may be escaped; the rest of a key is its book, space, table, kind, the end
// of the text, and at most three numbers.
static_assert(2 * kKeyTextBytesMax + 64 <= storage::kKeyBytesMax);

namespace {

TableKey AliasKey(v1::RecordKind kind, std::string_view code) {
  return TableKey(Table::kAlias).U8(static_cast<std::uint8_t>(kind)).Text(code);
}

}  // namespace

std::string KeyOfCode(BookNumber book, v1::RecordKind kind, std::string_view code) {
  return SpacePrefix(book, Space::kCurrent) + AliasKey(kind, code).bytes();
}

std::optional<std::uint64_t> NumberOfCode(const VersionReader& state, v1::RecordKind kind,
                                          std::string_view code) {
  if (code.size() > kKeyTextBytesMax) return std::nullopt;
  const auto alias = state.Value(AliasKey(kind, code));
  if (!alias) return std::nullopt;
  storage::ByteReader reader(*alias);
  const std::uint64_t number = reader.ReadVarint();
  LANDBOOK_CHECK(reader.FinishedOk());
  return number;
}

void CheckKeyText(std::string_view text, std::string_view field, ActContext* context) {
  if (text.size() <= kKeyTextBytesMax) return;
  context->Refuse(
      Reason::FIELD_TOO_LONG, field,
      {fmt::format("{} bytes came; at most {} are taken, because records are found by this text. "
                   "Correct it.",
                   text.size(), kKeyTextBytesMax),
       fmt::format("长度 {} 字节；登簿按此文本检索记录，最多 {} 字节，请更正。", text.size(),
                   kKeyTextBytesMax)});
}

}  // namespace landbook::registry
