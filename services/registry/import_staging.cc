#include "services/registry/import_staging.h"

#include <algorithm>
#include <array>
#include <future>
#include <iterator>
#include <tuple>
#include <utility>

#include "geo/compact.h"
#include "services/common/finding_wire.h"
#include "services/registry/record_index.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr char kFinding = 'f';

// The tier of the rows' own window index.
constexpr std::uint8_t kStagingTier = 0;
// Rows are staged whole, in their box's size class, never by stretches.
constexpr std::uint8_t kUndivided = 0;
constexpr std::size_t kDigestBytes = 8;
constexpr std::size_t kU64Bytes = 8;
// How many rows of a size class are read at once.
constexpr std::size_t kRowsReadAhead = 500;
// A code may be any text; in a key it is cut here, and then told apart by its digest.
constexpr std::size_t kTextBytesMax = 48;

// The fields of a row's key behind the tier.
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

// Whether the row of one key comes before that of the other on the curve.
bool ComesBefore(std::string_view a, std::string_view b) {
  const RowPlace first = PlaceOfKey(a);
  const RowPlace second = PlaceOfKey(b);
  return std::tie(first.position_and_digest, first.size_class, first.row) <
         std::tie(second.position_and_digest, second.size_class, second.row);
}

void AppendKeyText(std::string& key, std::string_view text, const storage::Suite& suite) {
  if (text.size() <= kTextBytesMax) return storage::AppendOrderedText(key, text);
  std::string cut(text.substr(0, kTextBytesMax));
  cut += storage::HexOf(suite.HashOf(text));
  storage::AppendOrderedText(key, cut);
}

ImportStaging::Repeated RepeatedOf(std::string_view key, std::string_view value) {
  ImportStaging::Repeated row;
  row.row = storage::ByteReader(key.substr(key.size() - kU64Bytes)).ReadI64();
  storage::ByteReader reader(value);
  row.place.x = reader.ReadI64();
  row.place.y = reader.ReadI64();
  row.code = reader.ReadLengthPrefixed();
  LANDBOOK_CHECK(reader.FinishedOk());
  return row;
}

}  // namespace

bool RowNumbers::Contains(std::int64_t row) const {
  const auto after = last_by_first_.upper_bound(row);
  return after != last_by_first_.begin() && std::prev(after)->second >= row;
}

void RowNumbers::Add(std::int64_t row) {
  auto after = last_by_first_.upper_bound(row);
  const bool ends_before = after != last_by_first_.begin() && std::prev(after)->second + 1 == row;
  auto range = ends_before ? std::prev(after) : last_by_first_.emplace_hint(after, row, row);
  range->second = row;
  if (after == last_by_first_.end() || after->first - 1 != row) return;
  range->second = after->second;
  last_by_first_.erase(after);
}

ImportStaging::ImportStaging(const Parts& parts, std::uint64_t import)
    : engine_(parts.engine),
      suite_(parts.suite),
      prefix_([&] {
        std::string prefix = SpacePrefix(parts.book, Space::kImport);
        storage::AppendU64(prefix, import);
        return prefix;
      }()),
      rows_({.directory = parts.scratch_directory}),
      codes_({.directory = parts.scratch_directory}),
      accepted_({.directory = parts.scratch_directory}) {}

std::string ImportStaging::FindingPrefix() const { return prefix_ + kFinding; }

std::optional<std::int64_t> ImportStaging::FirstKnown(std::span<const std::int64_t> rows) const {
  storage::MutexLock lock(writing_);
  for (const std::int64_t row : rows) {
    if (known_.Contains(row)) return row;
  }
  return std::nullopt;
}

void ImportStaging::Stage(const common::CheckedRow& row, v1::ImportRow source,
                          StagingBatch* batch) const {
  batch->numbers.push_back(row.row);
  const bool placed = row.boundary && !row.boundary->empty();
  if (!row.code.empty()) {
    const geo::Vertex place = placed ? row.boundary->vertices.front() : geo::Vertex();
    storage::KeyValue& code = batch->codes.emplace_back();
    AppendKeyText(code.key, row.code, *suite_);
    storage::AppendI64(code.key, row.row);
    storage::AppendI64(code.value, place.x);
    storage::AppendI64(code.value, place.y);
    storage::AppendLengthPrefixed(code.value, row.code);
  }
  if (!placed) return;

  const geo::Box box = row.boundary->Bounds();
  const std::string compact = geo::EncodeCompact(*row.boundary);
  storage::KeyValue& staged = batch->rows.emplace_back();
  staged.key = EncodePlace(PlaceOf(kStagingTier, box));
  const storage::Hash digest = suite_->HashOf(compact);
  staged.key.append(storage::BytesOf(digest).substr(0, kDigestBytes));
  storage::AppendI64(staged.key, row.row);
  source.clear_boundary();
  source.clear_findings();
  for (const geo::Finding& finding : row.findings) {
    const common::FindingPlot subject{row.code, row.row};
    *source.add_findings() = common::FindingToWire(finding, {.subject = subject, .other = subject});
  }
  storage::AppendLengthPrefixed(staged.value, EncodeWindowValue(box, compact));
  source.AppendToString(&staged.value);
}

absl::Status ImportStaging::Write(const StagingBatch& batch) {
  storage::MutexLock lock(writing_);
  const std::array<std::pair<storage::SortedSpool*, const std::vector<storage::KeyValue>*>, 3>
      spools = {{{&rows_, &batch.rows}, {&codes_, &batch.codes}, {&accepted_, &batch.accepted}}};
  // What can fail comes first, so that all is added or nothing.
  for (const auto& [spool, pairs] : spools) {
    if (pairs->empty()) continue;
    if (auto room = spool->MakeRoom(); !room.ok()) return room;
  }
  if (!batch.findings.Empty()) {
    const auto written =
        engine_->Write(batch.findings, storage::kUnfenced, storage::Durability::kBuffered);
    if (!written.ok()) return written;
    any_findings_ = true;
  }
  for (const auto& [spool, pairs] : spools) {
    for (const storage::KeyValue& pair : *pairs) spool->Add(pair.key, pair.value);
  }
  for (const std::int64_t row : batch.numbers) known_.Add(row);
  return absl::OkStatus();
}

absl::Status ImportStaging::SortRows() {
  std::future<absl::Status> codes = std::async([this] { return codes_.Sort(); });
  absl::Status sorted = rows_.Sort();
  sorted.Update(codes.get());
  return sorted;
}

absl::Status ImportStaging::SortAccepted() { return accepted_.Sort(); }

absl::Status ImportStaging::MarkRepeated(absl::FunctionRef<void(const Repeated&)> tell) {
  std::string group;  // the code whose rows are being read, as it stands in their keys
  Repeated first;
  bool several = false;
  const auto mark = [&](Repeated row, std::int64_t other_row) {
    row.other_row = other_row;
    repeated_.emplace_back(row.row, other_row);
    tell(row);
  };
  const storage::KeyRange all;
  const auto scanned =
      codes_.Scan({&all, 1}, {}, [&](std::string_view key, std::string_view value) {
        const std::string_view code = key.substr(0, key.size() - kU64Bytes);
        if (code != group) {
          group = code;
          first = RepeatedOf(key, value);
          several = false;
          return true;
        }
        const Repeated row = RepeatedOf(key, value);
        if (!std::exchange(several, true)) mark(first, row.row);
        mark(row, first.row);
        return true;
      });
  std::sort(repeated_.begin(), repeated_.end());
  return scanned.status();
}

std::vector<std::optional<std::int64_t>> ImportStaging::RepeatedWith(
    std::span<const std::int64_t> rows) const {
  std::vector<std::optional<std::int64_t>> others(rows.size());
  if (repeated_.empty()) return others;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto found =
        std::lower_bound(repeated_.begin(), repeated_.end(), rows[i],
                         [](const auto& marked, std::int64_t row) { return marked.first < row; });
    if (found != repeated_.end() && found->first == rows[i]) others[i] = found->second;
  }
  return others;
}

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

ImportStaging::RowReader::RowReader(const ImportStaging* staging)
    : staging_(staging), lanes_(geo::kSizeClassCount) {
  for (std::size_t size_class = 0; size_class < lanes_.size(); ++size_class) {
    std::string prefix;
    storage::AppendU8(prefix, kStagingTier);
    storage::AppendU8(prefix, static_cast<std::uint8_t>(size_class));
    lanes_[size_class].remaining.push_back(storage::PrefixRange(prefix));
  }
}

absl::Status ImportStaging::RowReader::Fill(Lane* lane) const {
  if (!lane->rows.empty() || lane->remaining.empty()) return absl::OkStatus();
  auto remaining = staging_->rows_.Scan(lane->remaining, {.max_items = kRowsReadAhead},
                                        [&](std::string_view key, std::string_view value) {
                                          lane->rows.push_back(RowOf(key, value));
                                          return true;
                                        });
  if (!remaining.ok()) return remaining.status();
  lane->remaining = *std::move(remaining);
  return absl::OkStatus();
}

absl::StatusOr<ImportStaging::RowReader::Lane*> ImportStaging::RowReader::FirstLane() {
  Lane* first = nullptr;
  for (Lane& lane : lanes_) {
    if (auto filled = Fill(&lane); !filled.ok()) return filled;
    if (lane.rows.empty()) continue;
    if (first == nullptr || ComesBefore(lane.rows.front().key, first->rows.front().key)) {
      first = &lane;
    }
  }
  return first;
}

absl::StatusOr<std::vector<StagedRow>> ImportStaging::RowReader::Next(
    const storage::ScanLimit& limit) {
  std::vector<StagedRow> rows;
  std::size_t bytes = 0;
  while (rows.size() < limit.max_items && bytes < limit.max_bytes) {
    const auto lane = FirstLane();
    if (!lane.ok()) return lane.status();
    if (*lane == nullptr) break;
    rows.push_back(std::move((*lane)->rows.front()));
    (*lane)->rows.pop_front();
    bytes += rows.back().compact.size() + rows.back().source.ByteSizeLong();
  }
  return rows;
}

absl::Status ImportStaging::ForEachNear(
    const geo::Box& box,
    absl::FunctionRef<void(std::string_view key, std::string_view value)> visitor) const {
  const auto ranges = WindowRanges("", {kStagingTier, box});
  return rows_
      .Scan(ranges, storage::ScanLimit{},
            [&](std::string_view key, std::string_view value) {
              if (BoxOf(value).Intersects(box)) visitor(key, value);
              return true;
            })
      .status();
}

absl::StatusOr<std::vector<StagedRow>> ImportStaging::ReadRows(
    std::span<const std::string> keys) const {
  const auto values = rows_.Read(keys);
  if (!values.ok()) return values.status();
  std::vector<StagedRow> rows;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    LANDBOOK_CHECK((*values)[i].has_value());
    rows.push_back(RowOf(keys[i], *(*values)[i]));
  }
  return rows;
}

void ImportStaging::Accept(const AcceptedRow& row, StagingBatch* batch) const {
  const RowPlace place = PlaceOfKey(row.row_key);
  storage::KeyValue& accepted = batch->accepted.emplace_back();
  accepted.key.append(place.position_and_digest).append(place.size_class).append(place.row);
  v1::ListImportFindingsResponse warnings;
  for (const v1::Finding& warning : row.warnings) *warnings.add_findings() = warning;
  accepted.value = warnings.SerializeAsString();
}

void ImportStaging::Tell(const v1::Finding& finding, StagingBatch* batch) const {
  std::string key = FindingPrefix();
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
  storage::AppendU32(key, static_cast<std::uint32_t>(batch->findings.Operations().size()));
  batch->findings.Put(std::move(key), finding.SerializeAsString());
}

storage::KeyRange ImportStaging::Accepted() const { return {}; }

absl::StatusOr<ImportStaging::AcceptedPage> ImportStaging::ReadAccepted(
    const storage::KeyRange& range, std::size_t rows_max) const {
  AcceptedPage page;
  auto remaining = accepted_.Scan(
      {&range, 1}, storage::ScanLimit{.max_items = rows_max},
      [&](std::string_view key, std::string_view value) {
        constexpr std::size_t kPlaceBytes = kU64Bytes + kDigestBytes;
        AcceptedRow row;
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
  const std::string section = FindingPrefix();
  storage::KeyRange range = storage::PrefixRange(section);
  range.begin = section + from;
  const auto remaining = engine_->Scan(
      {&range, 1}, storage::ScanLimit{.max_items = findings_max},
      [&](std::string_view, std::string_view value) {
        v1::Finding finding;
        LANDBOOK_CHECK(finding.ParseFromArray(value.data(), static_cast<int>(value.size())));
        if (finding.message_en().empty()) common::AddSentences(&finding);
        findings->push_back(std::move(finding));
        return true;
      });
  if (!remaining.ok()) return remaining.status();
  if (remaining->empty()) return std::string();
  return remaining->front().begin.substr(section.size());
}

void ImportStaging::DropRows() {
  storage::MutexLock lock(writing_);
  rows_.Clear();
  codes_.Clear();
  accepted_.Clear();
}

absl::Status ImportStaging::DropAll() {
  DropRows();
  storage::MutexLock lock(writing_);
  if (!any_findings_) return absl::OkStatus();
  storage::WriteBatch batch;
  batch.DeleteRange(storage::PrefixRange(prefix_));
  return engine_->Write(batch, storage::kUnfenced, storage::Durability::kBuffered);
}

}  // namespace landbook::registry
