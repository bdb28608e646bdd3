#include "services/registry/import_job.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "geo/compact.h"
#include "services/common/call_frame.h"
#include "services/common/finding_wire.h"
#include "services/common/row_check.h"
#include "services/registry/boundary_decode.h"
#include "services/registry/control_import.h"
#include "services/registry/control_layers.h"
#include "services/registry/fold.h"
#include "services/registry/import_commit.h"
#include "services/registry/plot_rules.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

using common::Reason;

// The rows that are checked at once, by number and by bytes: what one worker holds in memory. A
// piece of so many has one neighbour outside for sixteen rows.
constexpr storage::ScanLimit kPieceLimit = {.max_items = 4'096, .max_bytes = 8u << 20};
// The first pieces are small, so that what is committed waits less for what is checked.
constexpr std::size_t kSmallPieces = 8;
constexpr std::size_t kSmallPieceRows = 1'024;
// How many checked pieces may wait to be committed: as many as two commits take.
constexpr std::size_t kPiecesAhead = 5;
constexpr int kWorkersMax = 64;
// So many committed rows leave small files in the engine that are worth merging.
constexpr std::uint32_t kTidiedRowsMin = 20'000;

// B403 for a boundary of no vertices, which is a boundary to the codec and none to the book.
geo::Finding EmptyBoundary() {
  geo::Finding finding;
  finding.rule = geo::Rule::kAttributeMissing;
  finding.severity = geo::Severity::kError;
  finding.detail = "empty";
  return finding;
}

absl::Status NoThread() {
  return absl::UnavailableError(
      "the system gave no thread to check rows on; send them again when it has less to do");
}

// Lets this thread of the check give way to the writer, for which everything else waits, and to
// what clerks and reads ask meanwhile; it takes what they leave. On Linux a thread has a priority
// of its own. Where it cannot be lowered, the check is only in the way.
void GiveWay() {
  constexpr int kNicer = 5;
  errno = 0;
  const int now = getpriority(PRIO_PROCESS, /*the calling thread*/ 0);
  if (errno == 0) (void)setpriority(PRIO_PROCESS, 0, now + kNicer);
}

// A thread that does `work`; nullopt when the system has none to give.
std::optional<std::thread> StartThread(std::function<void()> work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

storage::ScanLimit LimitOfPiece(std::size_t number) {
  storage::ScanLimit limit = kPieceLimit;
  if (number < kSmallPieces) limit.max_items = kSmallPieceRows;
  return limit;
}

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

}  // namespace

ImportJob::ImportJob(Parts parts)
    : parts_(std::move(parts)),
      kind_(parts_.policy->PlotKindNamed(parts_.request.kind())),
      staging_({.suite = &parts_.book->suite(),
                .scratch_directory = parts_.book->scratch_directory(),
                .memory_bytes_max = parts_.memory_bytes_max}),
      progress_(fmt::format("counties/{}/imports/{}", parts_.book->code(), parts_.number),
                parts_.number) {}

ImportJob::~ImportJob() {
  Cancel();
  if (thread_.joinable()) thread_.join();
}

// --- Receiving ---------------------------------------------------------------------------------

common::Outcome<v1::Import> ImportJob::AddRows(
    google::protobuf::RepeatedPtrField<v1::ImportRow>&& rows) {
  storage::MutexLock lock(receiving_);
  if (progress_.state() != v1::IMPORT_STATE_RECEIVING) {
    return common::Refuse(Reason::IMPORT_NOT_RECEIVING, "import",
                          {"The import takes no more rows: it runs or has ended. Begin a new one.",
                           "该导入已开始或已结束，不再接收数据行，请新建导入。"});
  }
  batch_.Clear();
  Received received;
  for (int i = 0; i < rows.size(); ++i) Receive(i, rows.Mutable(i), &received);
  if (const auto twice = FirstRepeated()) {
    received.refusals.push_back(common::Refuse(
        Reason::IMPORT_ROW_TWICE, "rows",
        {fmt::format("Row {} came before; rows of one import have different numbers.", *twice),
         fmt::format("第 {} 行重复；同一导入中各行编号不得相同。", *twice)}));
  }
  if (!received.refusals.empty()) return std::move(received.refusals);
  if (const auto staged = Stage(received); !staged.ok()) return common::RefusalFromEngine(staged);
  progress_.CountRead(static_cast<std::uint32_t>(rows.size()));
  return progress_.ToWire();
}

// Reads a row and adds it to the batch.
void ImportJob::Receive(int index, v1::ImportRow* source, Received* received) {
  auto row = ReadRow(index, *source);
  if (!row.ok()) {
    received->refusals.insert(received->refusals.end(), row.refusals().begin(),
                              row.refusals().end());
    return;
  }
  if (row->boundary && RepeatsVertex(*row->boundary)) {
    row->boundary = WithoutRepeats(*std::move(row->boundary));
    source->set_boundary(geo::EncodeCompact(*row->boundary));
  }
  const bool placed = row->boundary && !row->boundary->empty();
  if (!placed && !row->HasError()) row->findings.push_back(EmptyBoundary());
  received->land_uses.insert(source->land_use());
  staging_.Stage(*row, source, &batch_);
  if (placed) return;
  ++received->without_boundary;
  for (const geo::Finding& finding : row->findings) {
    const common::FindingPlot plot{row->code, row->row};
    received->told.push_back(common::FindingToWire(finding, {.subject = plot, .other = plot}));
  }
}

common::Outcome<common::CheckedRow> ImportJob::ReadRow(int index, const v1::ImportRow& row) const {
  if (parts_.request.has_control()) return common::CheckShapeRow(row, {index});
  const bool allocated = !parts_.request.allocate_division().empty();
  return common::CheckRow(row, {*kind_, parts_.book->code(), allocated}, {index});
}

// A row number of the batch that came before, in the batch itself or earlier; nullopt when none
// did.
std::optional<std::int64_t> ImportJob::FirstRepeated() const {
  if (const auto known = staging_.FirstKnown(batch_.numbers)) return known;
  const auto not_before = [](std::int64_t a, std::int64_t b) { return a >= b; };
  std::vector<std::int64_t> numbers = batch_.numbers;
  // The rows of a file come in the order of their numbers.
  if (std::adjacent_find(numbers.begin(), numbers.end(), not_before) == numbers.end()) return {};
  std::sort(numbers.begin(), numbers.end());
  const auto twice = std::adjacent_find(numbers.begin(), numbers.end());
  return twice == numbers.end() ? std::nullopt : std::optional(*twice);
}

absl::Status ImportJob::Stage(const Received& received) {
  for (const v1::Finding& finding : received.told) staging_.Tell(finding, &batch_);
  if (auto written = staging_.Write(batch_); !written.ok()) return written;
  for (const v1::Finding& finding : received.told) progress_.CountFinding(finding.rule());
  land_uses_.insert(received.land_uses.begin(), received.land_uses.end());
  without_boundary_ += received.without_boundary;
  return absl::OkStatus();
}

// --- Running -----------------------------------------------------------------------------------

common::Outcome<v1::Import> ImportJob::Run() {
  storage::MutexLock lock(receiving_);
  if (progress_.Advance(v1::IMPORT_STATE_RECEIVING, v1::IMPORT_STATE_CHECKING)) {
    auto thread = StartThread([this] { Work(); });
    if (!thread) {
      LANDBOOK_CHECK(progress_.Advance(v1::IMPORT_STATE_CHECKING, v1::IMPORT_STATE_RECEIVING));
      return common::Busy();
    }
    thread_ = *std::move(thread);
    batch_ = StagingBatch();
    return progress_.ToWire();
  }
  if (progress_.ended()) return progress_.ToWire();
  return common::Refuse(
      Reason::IMPORT_RUNNING, "import",
      {"The import runs already. Ask how far it is.", "该导入正在进行，请查询其进度。"});
}

void ImportJob::Cancel() {
  storage::MutexLock lock(receiving_);
  progress_.Cancel();
  if (progress_.state() != v1::IMPORT_STATE_RECEIVING) return;
  End({});
}

int ImportJob::workers() const {
  const std::uint32_t asked = parts_.request.workers();
  const std::uint32_t cores = std::max(1u, std::thread::hardware_concurrency());
  return static_cast<int>(std::min<std::uint32_t>(asked == 0 ? cores : asked, kWorkersMax));
}

ImportRules ImportJob::RulesNow() const {
  ImportRules rules{
      .engine = &parts_.book->engine(),
      .book = parts_.book->number(),
      .sequence = parts_.book->writer().position().sequence,
      .policy = parts_.policy.get(),
      .kind = kind_,
      .tier = static_cast<std::uint8_t>(parts_.policy->TierNamed(kind_->tier())->number()),
      .allocate_division = parts_.request.allocate_division(),
      .plane_extent = parts_.book->plane_extent(),
      .day = TodayOf(*parts_.book),
      .control_layers = {}};
  const EngineView view(rules.engine);
  // Numbers are never given back: none given by now is none as of the sequence.
  rules.book_is_empty = ReadNumber(view, NumberCounterKey(rules.book, v1::RECORD_KIND_PLOT)) == 0;
  rules.control_layers = LayersInForce(VersionReader(&view, rules.book, rules.sequence), rules.day);
  return rules;
}

std::string ImportJob::WorkOnPlots() {
  const ImportRules rules = RulesNow();
  TellRulesNotRun(rules);
  if (const auto told = TellRepeated(); !told.ok()) return Text(told);
  const bool commits = !parts_.request.dry_run();
  ImportCommitter committer(parts_.book, rules, &staging_, &progress_, parts_.actor);
  std::string failure = CheckAll(
      [&](std::vector<StagedRow> rows) { return CheckPiece(rules, staging_, std::move(rows)); },
      [&](std::vector<PassedRow> rows) {
        return commits ? committer.Add(std::move(rows)) : std::string();
      });
  if (failure.empty()) GoesOn();
  std::string rest = committer.Finish();
  return failure.empty() ? rest : failure;
}

std::string ImportJob::WorkOnShapes() {
  ControlImport shapes({parts_.book, &parts_.request, &staging_, &progress_, parts_.actor});
  std::string failure =
      CheckAll([&](std::vector<StagedRow> rows) { return shapes.CheckPiece(std::move(rows)); },
               [&](const std::vector<PassedRow>& rows) { return Accept(rows); });
  if (!failure.empty()) return failure;
  if (const auto sorted = staging_.SortAccepted(); !sorted.ok()) return Text(sorted);
  return GoesOn() ? shapes.Commit() : std::string();
}

// What comes of shapes is known once all are checked, so they wait.
std::string ImportJob::Accept(const std::vector<PassedRow>& rows) {
  StagingBatch batch;
  for (const PassedRow& row : rows)
    staging_.Accept({std::string(row.staged.key()), row.warnings}, &batch);
  return Text(staging_.Write(batch));
}

// After the check: whether what it let through, and what is left of it, is committed.
bool ImportJob::GoesOn() {
  return !progress_.cancelled() && !parts_.request.dry_run() &&
         progress_.Advance(v1::IMPORT_STATE_CHECKING, v1::IMPORT_STATE_COMMITTING);
}

// Findings can be listed once the import has ended, so they are put in order before.
void ImportJob::End(std::string failure) {
  {
    storage::MutexLock lock(pieces_mutex_);
    pieces_.reset();
  }
  staging_.DropRows();
  const absl::Status sorted = staging_.SortFindings();
  if (failure.empty() && !sorted.ok()) failure = Text(sorted);
  if (!failure.empty()) return progress_.End(v1::IMPORT_STATE_FAILED, std::move(failure));
  progress_.End(progress_.cancelled() ? v1::IMPORT_STATE_CANCELLED : v1::IMPORT_STATE_DONE);
}

void ImportJob::Work() {
  const auto sorted = staging_.SortRows();
  std::string failure = !sorted.ok()                   ? Text(sorted)
                        : parts_.request.has_control() ? WorkOnShapes()
                                                       : WorkOnPlots();
  End(std::move(failure));
  // After the answer, since nobody waits for it; what it cannot do now the engine does later.
  if (progress_.ToWire().committed() >= kTidiedRowsMin) {
    parts_.book->mutable_engine().Flush().IgnoreError();
  }
}

std::string ImportJob::CheckAll(const PieceCheck& check, const PieceTaker& take) {
  {
    storage::MutexLock lock(receiving_);
    progress_.CountChecked({.rejected = without_boundary_});
  }
  {
    storage::MutexLock lock(pieces_mutex_);
    pieces_.emplace(&staging_);
  }
  const int count = workers();
  PieceQueue queue({.workers = count, .ahead_max = static_cast<std::size_t>(count) + kPiecesAhead});
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    auto thread = StartThread([&] {
      GiveWay();
      queue.EndWorker(CheckPieces(check, &queue));
    });
    if (thread) threads.push_back(*std::move(thread));
  }
  // Those that could be had do the work of the others too.
  for (int missing = count - static_cast<int>(threads.size()); missing > 0; --missing) {
    queue.EndWorker(threads.empty() ? NoThread() : absl::OkStatus());
  }
  std::string failure;
  while (failure.empty()) {
    auto rows = queue.Take();
    if (!rows) break;
    failure = take(*std::move(rows));
  }
  queue.Stop();
  for (std::thread& thread : threads) thread.join();
  return failure.empty() ? Text(queue.status()) : failure;
}

// One worker: takes the next piece until there is none.
absl::Status ImportJob::CheckPieces(const PieceCheck& check, PieceQueue* queue) {
  while (!progress_.cancelled()) {
    std::vector<StagedRow> rows;
    std::size_t number = 0;
    {
      storage::MutexLock lock(pieces_mutex_);
      number = pieces_begun_;
      if (!queue->AwaitTurn(number)) return absl::OkStatus();
      auto read = pieces_->Next(LimitOfPiece(number));
      if (!read.ok()) return read.status();
      if (read->empty()) return absl::OkStatus();
      rows = *std::move(read);
      ++pieces_begun_;
    }
    auto verdict = check(std::move(rows));
    if (!verdict.ok()) return verdict.status();
    if (const auto kept = Keep(*verdict); !kept.ok()) return kept;
    queue->Put(number, std::move(verdict->accepted));
  }
  return absl::OkStatus();
}

absl::Status ImportJob::Keep(const PieceVerdict& verdict) {
  StagingBatch batch;
  for (const v1::Finding& finding : verdict.findings) staging_.Tell(finding, &batch);
  if (const auto written = staging_.Write(batch); !written.ok()) return written;
  for (const v1::Finding& finding : verdict.findings) progress_.CountFinding(finding.rule());
  progress_.CountChecked({.accepted = static_cast<std::uint32_t>(verdict.accepted.size()) -
                                      verdict.boxes_kept + verdict.unchanged,
                          .unchanged = verdict.unchanged,
                          .rejected = verdict.rejected});
  return absl::OkStatus();
}

// Rows of one code all stay out, for nothing says which of them is meant.
absl::Status ImportJob::TellRepeated() {
  constexpr std::size_t kFindingsAtOnce = 4'096;
  StagingBatch batch;
  absl::Status written;
  absl::Status status = staging_.MarkRepeated([&](const ImportStaging::Repeated& repeated) {
    geo::Finding finding;
    finding.rule = geo::Rule::kCodeAlreadyUsed;
    finding.severity = geo::Severity::kError;
    finding.other = 1;
    finding.place = repeated.place;
    finding.detail = "in_file";
    const common::FindingPlot subject{repeated.code, repeated.row};
    const common::FindingPlot other{repeated.code, repeated.other_row};
    staging_.Tell(common::FindingFacts(finding, {.subject = subject, .other = other}), &batch);
    progress_.CountFinding(geo::RuleName(finding.rule));
    // A wrong column of codes repeats every row.
    if (batch.findings.size() < kFindingsAtOnce) return;
    written.Update(staging_.Write(batch));
    batch.Clear();
  });
  status.Update(written);
  if (status.ok()) status = staging_.Write(batch);
  return status;
}

void ImportJob::TellRulesNotRun(const ImportRules& rules) {
  const EngineView view(rules.engine);
  const VersionReader state(&view, rules.book, rules.sequence);
  const auto layers = NamesOf(state, rules.control_layers);
  storage::MutexLock lock(receiving_);
  std::set<std::string> not_run;
  for (const std::string& land_use : land_uses_) {
    for (std::string& rule : RulesNotRun({kind_, land_use}, *rules.policy, layers)) {
      not_run.insert(std::move(rule));
    }
  }
  progress_.SetRulesNotRun({not_run.begin(), not_run.end()});
}

}  // namespace landbook::registry
