#include "services/registry/import_staging.h"

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <iterator>
#include <tuple>
#include <utility>

#include "services/common/finding_wire.h"
#include "services/registry/record_index.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// The tier of the rows' own window index.
constexpr std::uint8_t kStagingTier = 0;
constexpr std::size_t kDigestBytes = 8;
constexpr std::size_t kU64Bytes = 8;
// For how many rows room is made before it is known how many there are.
constexpr std::size_t kRowsExpected = 4'096;
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

void AppendKeyText(std::string& key, std::string_view text, const storage::Suite& suite) {
  if (text.size() <= kTextBytesMax) return storage::AppendOrderedText(key, text);
  std::string cut(text.substr(0, kTextBytesMax));
  cut += storage::HexOf(suite.HashOf(text));
  storage::AppendOrderedText(key, cut);
}

// libstdc++'s hash of bytes (MurmurHash64A with a fixed seed) is the same in every process, so the
// same file is in the same order whenever it comes; import_staging_test.cc holds it to that.
std::uint64_t DigestOf(std::string_view compact) { return std::hash<std::string_view>()(compact); }

// Where a row of a code begins, and the code itself where its key has it only cut.
void AppendCodeValue(std::string& out, geo::Vertex place, std::string_view code) {
  storage::AppendI64(out, place.x);
  storage::AppendI64(out, place.y);
  if (code.size() > kTextBytesMax) out.append(code);
}

ImportStaging::Repeated RepeatedOf(std::string_view key, std::string_view value) {
  ImportStaging::Repeated row;
  storage::ByteReader fields(key);
  row.code = fields.ReadOrderedText();
  row.row = fields.ReadI64();
  storage::ByteReader reader(value);
  row.place.x = reader.ReadI64();
  row.place.y = reader.ReadI64();
  if (!reader.Rest().empty()) row.code = reader.Rest();
  LANDBOOK_CHECK(reader.Ok() && fields.FinishedOk());
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

ImportStaging::ImportStaging(const Parts& parts)
    : suite_(parts.suite),
      rows_({parts.scratch_directory, parts.memory_bytes_max, parts.chunk_bytes}),
      codes_({parts.scratch_directory, parts.memory_bytes_max / 2, parts.chunk_bytes}),
      accepted_({parts.scratch_directory, parts.memory_bytes_max, parts.chunk_bytes}),
      findings_({parts.scratch_directory, parts.memory_bytes_max / 20, parts.chunk_bytes}) {}

void StagingBatch::Clear() {
  numbers.clear();
  rows.Clear();
  codes.Clear();
  accepted.Clear();
  findings.Clear();
}

std::optional<std::int64_t> ImportStaging::FirstKnown(std::span<const std::int64_t> rows) const {
  storage::MutexLock lock(writing_);
  for (const std::int64_t row : rows) {
    if (known_.Contains(row)) return row;
  }
  return std::nullopt;
}

void ImportStaging::Stage(const common::CheckedRow& row, v1::ImportRow* source,
                          StagingBatch* batch) const {
  batch->numbers.push_back(row.row);
  const bool placed = row.boundary && !row.boundary->empty();
  if (!row.code.empty()) {
    std::string& key = batch->codes.BeginKey();
    AppendKeyText(key, row.code, *suite_);
    storage::AppendI64(key, row.row);
    AppendCodeValue(batch->codes.BeginValue(),
                    placed ? row.boundary->vertices.front() : geo::Vertex(), row.code);
    batch->codes.End();
  }
  if (!placed) return;

  const geo::Box box = row.boundary->Bounds();
  const Place place = PlaceOf(kStagingTier, box);
  std::string& key = batch->rows.BeginKey();
  storage::AppendU8(key, place.tier);
  storage::AppendU8(key, place.size_class);
  storage::AppendU64(key, place.position);
  storage::AppendU64(key, DigestOf(source->boundary()));
  storage::AppendI64(key, row.row);
  source->clear_findings();
  for (const geo::Finding& finding : row.findings) {
    const common::FindingPlot subject{row.code, row.row};
    *source->add_findings() =
        common::FindingToWire(finding, {.subject = subject, .other = subject});
  }
  StagedRow::AppendValue(box, source, &batch->rows.BeginValue());
  batch->rows.End();
}

absl::Status ImportStaging::Write(const StagingBatch& batch) {
  storage::MutexLock lock(writing_);
  const std::array<std::pair<storage::SortedSpool*, const storage::PairList*>, 4> spools = {
      {{&rows_, &batch.rows},
       {&codes_, &batch.codes},
       {&accepted_, &batch.accepted},
       {&findings_, &batch.findings}}};
  // What can fail comes first, so that all is added or nothing.
  for (const auto& [spool, pairs] : spools) {
    if (pairs->empty()) continue;
    if (auto room = spool->MakeRoom(); !room.ok()) return room;
  }
  for (const auto& [spool, pairs] : spools) {
    pairs->ForEach(
        [&spool](std::string_view key, std::string_view value) { spool->Add(key, value); });
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
  // The first row of the code that is being read, as it stands in the spool.
  std::string first_key;
  std::string first_value;
  std::string_view group;
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
          first_key = key;
          first_value = value;
          group = std::string_view(first_key).substr(0, code.size());
          several = false;
          return true;
        }
        const Repeated first = RepeatedOf(first_key, first_value);
        const Repeated row = RepeatedOf(key, value);
        if (!std::exchange(several, true)) mark(first, row.row);
        mark(row, first.row);
        return true;
      });
  std::sort(repeated_.begin(), repeated_.end());
  codes_.Clear();
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

bool ImportStaging::ComesBefore(std::string_view key, std::string_view other) {
  const RowPlace first = PlaceOfKey(key);
  const RowPlace second = PlaceOfKey(other);
  return std::tie(first.position_and_digest, first.size_class, first.row) <
         std::tie(second.position_and_digest, second.size_class, second.row);
}

ImportStaging::RowReader::RowReader(const ImportStaging* staging) {
  for (std::size_t size_class = 0; size_class < geo::kSizeClassCount; ++size_class) {
    std::string prefix;
    storage::AppendU8(prefix, kStagingTier);
    storage::AppendU8(prefix, static_cast<std::uint8_t>(size_class));
    lanes_.push_back({std::move(prefix), staging->rows_.MakeCursor()});
  }
}

absl::Status ImportStaging::RowReader::Begin() {
  for (Lane& lane : lanes_) {
    if (absl::Status sought = lane.cursor.Seek(lane.prefix); !sought.ok()) return sought;
  }
  begun_ = true;
  return absl::OkStatus();
}

ImportStaging::RowReader::Lane* ImportStaging::RowReader::FirstLane() {
  Lane* first = nullptr;
  for (Lane& lane : lanes_) {
    if (!lane.HasRow()) continue;
    if (first == nullptr || ComesBefore(lane.cursor.key(), first->cursor.key())) first = &lane;
  }
  return first;
}

absl::StatusOr<std::vector<StagedRow>> ImportStaging::RowReader::Next(
    const storage::ScanLimit& limit) {
  if (!begun_) {
    if (absl::Status begun = Begin(); !begun.ok()) return begun;
  }
  std::vector<StagedRow> rows;
  rows.reserve(std::min(limit.max_items, kRowsExpected));
  std::size_t bytes = 0;
  while (rows.size() < limit.max_items && bytes < limit.max_bytes) {
    Lane* lane = FirstLane();
    if (lane == nullptr) break;
    rows.emplace_back(lane->cursor.key(), lane->cursor.value());
    bytes += lane->cursor.value().size();
    if (absl::Status moved = lane->cursor.Next(); !moved.ok()) return moved;
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
              if (StagedRow::BoxOf(value).Intersects(box)) visitor(key, value);
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
    rows.emplace_back(keys[i], *(*values)[i]);
  }
  return rows;
}

void ImportStaging::Accept(const AcceptedRow& row, StagingBatch* batch) const {
  const RowPlace place = PlaceOfKey(row.row_key);
  batch->accepted.BeginKey()
      .append(place.position_and_digest)
      .append(place.size_class)
      .append(place.row);
  v1::ListImportFindingsResponse warnings;
  for (const v1::Finding& warning : row.warnings) *warnings.add_findings() = warning;
  warnings.AppendToString(&batch->accepted.BeginValue());
  batch->accepted.End();
}

void ImportStaging::Tell(const v1::Finding& finding, StagingBatch* batch) const {
  // Two findings may be alike in all of their key, and both are told: the batch of one piece holds
  // them side by side, so their place in it keeps them apart.
  const auto place_in_batch = static_cast<std::uint32_t>(batch->findings.size());
  std::string& key = batch->findings.BeginKey();
  AppendKeyText(key, finding.plot(), *suite_);
  storage::AppendI64(key, finding.row());
  AppendKeyText(key, finding.rule(), *suite_);
  AppendKeyText(key, finding.other_plot(), *suite_);
  storage::AppendI64(key, finding.other_row());
  storage::AppendI64(key, finding.place().x());
  storage::AppendI64(key, finding.place().y());
  storage::AppendI64(key, finding.measured_millionths());
  AppendKeyText(key, finding.detail(), *suite_);
  storage::AppendU32(key, place_in_batch);
  finding.AppendToString(&batch->findings.BeginValue());
  batch->findings.End();
}

absl::Status ImportStaging::SortFindings() {
  storage::MutexLock lock(writing_);
  return findings_.sorted() ? absl::OkStatus() : findings_.Sort();
}

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
  if (!findings_.sorted()) {
    return absl::UnavailableError("the findings of the import could not be put in order");
  }
  const storage::KeyRange range{.begin = from};
  const auto remaining = findings_.Scan(
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
  return remaining->front().begin;
}

void ImportStaging::DropRows() {
  storage::MutexLock lock(writing_);
  rows_.Clear();
  codes_.Clear();
  accepted_.Clear();
}

}  // namespace landbook::registry
