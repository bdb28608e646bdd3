#include "services/registry/import_staging.h"

#include <algorithm>
#include <utility>

#include "geo/compact.h"
#include "services/common/finding_wire.h"
#include "services/registry/record_index.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr char kKnown = 'n';
constexpr char kRow = 'r';
constexpr char kCode = 'c';
constexpr char kRepeated = 'd';
constexpr char kAccepted = 's';
constexpr char kFinding = 'f';

// The tier of the rows' own window index.
constexpr std::uint8_t kStagingTier = 0;
// Rows are staged whole, in their box's size class, never by stretches.
constexpr std::uint8_t kUndivided = 0;
constexpr std::size_t kDigestBytes = 8;
constexpr std::size_t kU64Bytes = 8;
// A code may be any text; in a key it is cut here, and then told apart by its digest.
constexpr std::size_t kTextBytesMax = 48;
constexpr std::size_t kCodesPerPage = 4'096;

// The fields of a row's key behind the section letter.
struct RowPlace {
  std::string_view size_class;
  std::string_view position_and_digest;
  std::string_view row;
};

RowPlace PlaceOfKey(std::string_view key) {
  constexpr std::size_t kFields = 1 + kU64Bytes + kDigestBytes + kU64Bytes;
  LANDBOOK_CHECK(key.size() > kFields);
  key.remove_prefix(key.size() - kFields);
  return {key.substr(0, 1), key.substr(1, kU64Bytes + kDigestBytes),
          key.substr(1 + kU64Bytes + kDigestBytes)};
}

void AppendKeyText(std::string& key, std::string_view text, const storage::Suite& suite) {
  if (text.size() <= kTextBytesMax) return storage::AppendOrderedText(key, text);
  std::string cut(text.substr(0, kTextBytesMax));
  cut += storage::HexOf(suite.HashOf(text));
  storage::AppendOrderedText(key, cut);
}

ImportStaging::Repeated RepeatedOf(const storage::KeyValue& item) {
  ImportStaging::Repeated row;
  row.row =
      storage::ByteReader(std::string_view(item.key).substr(item.key.size() - kU64Bytes)).ReadI64();
  storage::ByteReader reader(item.value);
  row.place.x = reader.ReadI64();
  row.place.y = reader.ReadI64();
  row.code = reader.ReadLengthPrefixed();
  LANDBOOK_CHECK(reader.FinishedOk());
  return row;
}

}  // namespace

ImportStaging::ImportStaging(storage::Engine* engine, const storage::Suite* suite, BookNumber book,
                             std::uint64_t import)
    : engine_(engine), suite_(suite), prefix_(SpacePrefix(book, Space::kImport)) {
  storage::AppendU64(prefix_, import);
}

std::string ImportStaging::Section(char letter) const { return prefix_ + letter; }

absl::StatusOr<std::optional<std::int64_t>> ImportStaging::FirstKnown(
    std::span<const std::int64_t> rows) const {
  std::vector<std::string> keys;
  for (const std::int64_t row : rows) storage::AppendI64(keys.emplace_back(Section(kKnown)), row);
  const auto known = engine_->Read(keys);
  if (!known.ok()) return known.status();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if ((*known)[i]) return rows[i];
  }
  return std::optional<std::int64_t>();
}

void ImportStaging::Stage(const common::CheckedRow& row, const v1::ImportRow& source,
                          storage::WriteBatch* batch) const {
  std::string known = Section(kKnown);
  storage::AppendI64(known, row.row);
  batch->Put(std::move(known), "");
  const bool placed = row.boundary && !row.boundary->empty();
  if (!row.code.empty()) {
    const geo::Vertex place = placed ? row.boundary->vertices.front() : geo::Vertex();
    std::string key = Section(kCode);
    AppendKeyText(key, row.code, *suite_);
    storage::AppendI64(key, row.row);
    std::string value;
    storage::AppendI64(value, place.x);
    storage::AppendI64(value, place.y);
    storage::AppendLengthPrefixed(value, row.code);
    batch->Put(std::move(key), std::move(value));
  }
  if (!placed) return;

  const geo::Box box = row.boundary->Bounds();
  const std::string compact = geo::EncodeCompact(*row.boundary);
  const Place place = PlaceOf(kStagingTier, box);
  std::string key = Section(kRow) + EncodePlace(place);
  const storage::Hash digest = suite_->HashOf(compact);
  key.append(storage::BytesOf(digest).substr(0, kDigestBytes));
  storage::AppendI64(key, row.row);
  v1::ImportRow rest = source;
  rest.clear_boundary();
  rest.clear_findings();
  for (const geo::Finding& finding : row.findings) {
    const common::FindingPlot subject{row.code, row.row};
    *rest.add_findings() = common::FindingToWire(finding, {.subject = subject, .other = subject});
  }
  std::string value;
  storage::AppendLengthPrefixed(value, EncodeWindowValue(box, compact));
  value += rest.SerializeAsString();
  batch->Put(std::move(key), std::move(value));
}

absl::Status ImportStaging::Write(const storage::WriteBatch& batch) {
  return engine_->Write(batch, storage::kUnfenced, storage::Durability::kBuffered);
}

absl::Status ImportStaging::MarkRepeated(absl::FunctionRef<void(const Repeated&)> tell) {
  storage::KeyRange range = storage::PrefixRange(Section(kCode));
  std::string group;  // the code whose rows are being read, as it stands in their keys
  Repeated first;
  bool several = false;
  while (true) {
    const auto page = storage::ScanPage(*engine_, range, {.max_items = kCodesPerPage});
    if (!page.ok()) return page.status();
    storage::WriteBatch batch;
    const auto mark = [&](Repeated row, std::int64_t other_row) {
      row.other_row = other_row;
      any_repeated_ = true;
      std::string key = Section(kRepeated);
      storage::AppendI64(key, row.row);
      std::string other;
      storage::AppendI64(other, other_row);
      batch.Put(std::move(key), std::move(other));
      tell(row);
    };
    for (const storage::KeyValue& item : page->items) {
      const std::string_view code(item.key.data(), item.key.size() - kU64Bytes);
      const Repeated row = RepeatedOf(item);
      if (code != group) {
        group = code;
        first = row;
        several = false;
        continue;
      }
      if (!std::exchange(several, true)) mark(first, row.row);
      mark(row, first.row);
    }
    if (const auto written = Write(batch); !written.ok()) return written;
    if (page->remaining.empty()) return absl::OkStatus();
    range = page->remaining.front();
  }
}

absl::StatusOr<std::vector<std::optional<std::int64_t>>> ImportStaging::RepeatedWith(
    std::span<const std::int64_t> rows) const {
  if (!any_repeated_) return std::vector<std::optional<std::int64_t>>(rows.size());
  std::vector<std::string> keys;
  for (const std::int64_t row : rows) {
    storage::AppendI64(keys.emplace_back(Section(kRepeated)), row);
  }
  const auto values = engine_->Read(keys);
  if (!values.ok()) return values.status();
  std::vector<std::optional<std::int64_t>> others;
  for (const auto& value : *values) {
    others.push_back(value ? std::optional(storage::ByteReader(*value).ReadI64()) : std::nullopt);
  }
  return others;
}

storage::KeyRange ImportStaging::Rows() const { return storage::PrefixRange(Section(kRow)); }

geo::Box ImportStaging::BoxOf(std::string_view value) {
  storage::ByteReader reader(value);
  const auto line = DecodeWindowValue(kUndivided, reader.ReadLengthPrefixed());
  LANDBOOK_CHECK(reader.Ok() && line.ok());
  return line->box;
}

StagedRow ImportStaging::RowOf(std::string_view key, std::string_view value) {
  storage::ByteReader reader(value);
  const auto line = DecodeWindowValue(kUndivided, reader.ReadLengthPrefixed());
  StagedRow row;
  LANDBOOK_CHECK(
      reader.Ok() && line.ok() &&
      row.source.ParseFromArray(reader.Rest().data(), static_cast<int>(reader.Rest().size())));
  row.key = key;
  row.box = line->box;
  row.compact = line->compact;
  return row;
}

absl::StatusOr<ImportStaging::RowsPage> ImportStaging::ReadRows(
    const storage::KeyRange& range, const storage::ScanLimit& limit) const {
  RowsPage page;
  auto remaining =
      engine_->Scan({&range, 1}, limit, [&](std::string_view key, std::string_view value) {
        page.rows.push_back(RowOf(key, value));
        return true;
      });
  if (!remaining.ok()) return remaining.status();
  page.remaining = *std::move(remaining);
  return page;
}

absl::Status ImportStaging::ForEachNear(
    const geo::Box& box,
    absl::FunctionRef<void(std::string_view key, std::string_view value)> visitor) const {
  const auto ranges = WindowRanges(Section(kRow), {kStagingTier, box});
  return engine_
      ->Scan(ranges, storage::ScanLimit{},
             [&](std::string_view key, std::string_view value) {
               if (BoxOf(value).Intersects(box)) visitor(key, value);
               return true;
             })
      .status();
}

absl::StatusOr<std::vector<StagedRow>> ImportStaging::ReadRows(
    std::span<const std::string> keys) const {
  const auto values = engine_->Read(keys);
  if (!values.ok()) return values.status();
  std::vector<StagedRow> rows;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    LANDBOOK_CHECK((*values)[i].has_value());
    rows.push_back(RowOf(keys[i], *(*values)[i]));
  }
  return rows;
}

void ImportStaging::Accept(const AcceptedRow& row, storage::WriteBatch* batch) const {
  const RowPlace place = PlaceOfKey(row.row_key);
  std::string key = Section(kAccepted);
  key.append(place.position_and_digest).append(place.size_class).append(place.row);
  v1::ListImportFindingsResponse warnings;
  for (const v1::Finding& warning : row.warnings) *warnings.add_findings() = warning;
  batch->Put(std::move(key), warnings.SerializeAsString());
}

void ImportStaging::Tell(const v1::Finding& finding, storage::WriteBatch* batch) const {
  std::string key = Section(kFinding);
  AppendKeyText(key, finding.plot(), *suite_);
  storage::AppendI64(key, finding.row());
  AppendKeyText(key, finding.rule(), *suite_);
  AppendKeyText(key, finding.other_plot(), *suite_);
  storage::AppendI64(key, finding.other_row());
  storage::AppendI64(key, finding.place().x());
  storage::AppendI64(key, finding.place().y());
  storage::AppendI64(key, finding.measured_millionths());
  AppendKeyText(key, finding.detail(), *suite_);
  // Two findings may be alike in all of this, and both are told: the batch of one piece holds them
  // side by side, so their place in it keeps them apart.
  storage::AppendU32(key, static_cast<std::uint32_t>(batch->Operations().size()));
  batch->Put(std::move(key), finding.SerializeAsString());
}

storage::KeyRange ImportStaging::Accepted() const {
  return storage::PrefixRange(Section(kAccepted));
}

absl::StatusOr<ImportStaging::AcceptedPage> ImportStaging::ReadAccepted(
    const storage::KeyRange& range, std::size_t rows_max) const {
  AcceptedPage page;
  auto remaining = engine_->Scan(
      {&range, 1}, storage::ScanLimit{.max_items = rows_max},
      [&](std::string_view key, std::string_view value) {
        constexpr std::size_t kPlaceBytes = kU64Bytes + kDigestBytes;
        key.remove_prefix(Section(kAccepted).size());
        AcceptedRow row;
        row.row_key = Section(kRow);
        storage::AppendU8(row.row_key, kStagingTier);
        row.row_key.append(key.substr(kPlaceBytes, 1))
            .append(key.substr(0, kPlaceBytes))
            .append(key.substr(kPlaceBytes + 1));
        v1::ListImportFindingsResponse warnings;
        LANDBOOK_CHECK(warnings.ParseFromArray(value.data(), static_cast<int>(value.size())));
        row.warnings.assign(warnings.findings().begin(), warnings.findings().end());
        page.rows.push_back(std::move(row));
        return true;
      });
  if (!remaining.ok()) return remaining.status();
  page.remaining = *std::move(remaining);
  return page;
}

absl::StatusOr<std::string> ImportStaging::ReadFindings(const std::string& from,
                                                        std::size_t findings_max,
                                                        std::vector<v1::Finding>* findings) const {
  const std::string section = Section(kFinding);
  storage::KeyRange range = storage::PrefixRange(section);
  range.begin = section + from;
  const auto remaining = engine_->Scan(
      {&range, 1}, storage::ScanLimit{.max_items = findings_max},
      [&](std::string_view, std::string_view value) {
        v1::Finding finding;
        LANDBOOK_CHECK(finding.ParseFromArray(value.data(), static_cast<int>(value.size())));
        findings->push_back(std::move(finding));
        return true;
      });
  if (!remaining.ok()) return remaining.status();
  if (remaining->empty()) return std::string();
  return remaining->front().begin.substr(section.size());
}

absl::Status ImportStaging::DropRows() {
  storage::WriteBatch batch;
  for (const char letter : {kKnown, kRow, kCode, kRepeated, kAccepted}) {
    batch.DeleteRange(storage::PrefixRange(Section(letter)));
  }
  return Write(batch);
}

absl::Status ImportStaging::Reclaim() { return engine_->Purge(storage::PrefixRange(prefix_)); }

absl::Status ImportStaging::DropAll() {
  storage::WriteBatch batch;
  batch.DeleteRange(storage::PrefixRange(prefix_));
  return Write(batch);
}

}  // namespace landbook::registry
