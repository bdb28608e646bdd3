#include "services/registry/import_commit.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>
#include <utility>

#include "fmt/format.h"
#include "services/registry/commit_check.h"
#include "services/registry/control_layers.h"
#include "services/registry/imported_plots.h"
#include "services/registry/layer_ground.h"

namespace landbook::registry {
namespace {

using common::Reason;

// The boxes of so many rows, which lie together on the curve, make one window of a verdict.
constexpr std::size_t kRowsPerWindow = 64;
constexpr std::chrono::milliseconds kBusyPause{50};
constexpr std::size_t kRequestDigits = 32;
// One commit is being written, the next is applied, and one waits.
constexpr std::size_t kUnderWayMax = 3;

bool Has(const common::RefusalList& refusals, Reason reason) {
  return std::any_of(refusals.begin(), refusals.end(), [&](const v1::Refusal& refusal) {
    return refusal.number() == static_cast<std::uint32_t>(reason);
  });
}

// The act that a refusal's path names; nothing when it is about the whole commit.
std::optional<std::size_t> ActOf(const v1::Refusal& refusal) {
  constexpr std::string_view kActs = "commit.acts[";
  if (!refusal.field().starts_with(kActs)) return std::nullopt;
  return static_cast<std::size_t>(std::stoul(refusal.field().substr(kActs.size())));
}

// The rule by which a row stays out that the book no longer takes.
std::string RuleOf(const v1::Refusal& refusal) {
  const auto reason = static_cast<Reason>(refusal.number());
  if (reason == Reason::CODE_ALREADY_USED) return "B402";
  if (reason == Reason::PLOT_OVERLAPS_NEIGHBOUR || reason == Reason::BOUNDARY_FAULTY ||
      reason == Reason::PLOT_AGAINST_CONTROL_LAYER) {
    return refusal.message_en().substr(0, 4);  // "B201 ..."
  }
  return "B401";
}

bool IsPreparing(const Book& book) {
  const EngineView view(&book.engine());
  return book.ToWire(view).state() == v1::BOOK_STATE_PREPARING;
}

}  // namespace

ImportCommitter::ImportCommitter(Book* book, const ImportRules& rules, ImportStaging* staging,
                                 ImportProgress* progress, v1::Actor actor)
    : book_(book),
      rules_(rules),
      staging_(staging),
      progress_(progress),
      actor_(std::move(actor)),
      import_(progress->ToWire().number()),
      acts_max_(IsPreparing(*book) ? kActsMaxPreparing : kActsMaxOpen),
      verified_until_(rules.sequence) {
  actor_.add_via("import");
}

// --- Making commits ----------------------------------------------------------------------------

CommitVerdict ImportCommitter::VerdictOf(const std::vector<PassedRow>& rows) const {
  CommitVerdict verdict;
  verdict.sequence = verified_until_;
  verdict.control_checked = true;
  verdict.control_layers = rules_.control_layers;
  const std::int64_t reach = NeighbourReachSteps(rules_.policy->TolerancesFor(rules_.kind->code()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % kRowsPerWindow == 0) verdict.windows.push_back({rules_.tier, geo::Box()});
    verdict.windows.back().box.Add(rows[i].staged.box().Grown(reach));
    for (const v1::Finding& warning : rows[i].warnings) {
      verdict.findings.push_back({static_cast<std::uint32_t>(i), 0, warning});
    }
  }
  return verdict;
}

ImportCommitter::Piece ImportCommitter::MakePiece(std::vector<PassedRow> rows) const {
  Piece piece;
  piece.verdict = VerdictOf(rows);
  piece.plots = std::make_shared<const ImportedPlots>(
      ImportedPlots{.rows = std::move(rows),
                    .kind = rules_.kind->code(),
                    .cadastral_codes = rules_.kind->code_layout() == v1::PLOT_CODE_LAYOUT_CADASTRAL,
                    .tier = rules_.tier,
                    .allocate_division = rules_.allocate_division});
  // The same rows make the same request, so an import that is sent again after its answer was lost
  // does not enter them twice.
  piece.content = ContentHashOf(*piece.plots, book_->suite());
  piece.request_id = "import-" + storage::HexOf(piece.content).substr(0, kRequestDigits);
  return piece;
}

std::string ImportCommitter::RequestHashOf(const Piece& piece) const {
  const storage::Hash hash = book_->suite().Hmac(
      book_->keys().secrets().request.bytes(), {piece.request_id, storage::BytesOf(piece.content)});
  return std::string(storage::BytesOf(hash));
}

// --- Sending them ------------------------------------------------------------------------------

ImportCommitter::Sent ImportCommitter::Send(const Piece& piece) {
  Sent sent;
  sent.at_sequence = book_->writer().position().sequence;
  const auto policy = book_->writer().policy();
  ProposedCommit proposed;
  proposed.commit.set_request_id(piece.request_id);
  proposed.request_hash = RequestHashOf(piece);
  proposed.actor = actor_;
  proposed.from_import = true;
  proposed.import = import_;
  proposed.verdict = piece.verdict;
  proposed.verdict.sequence = verified_until_;
  proposed.plots = piece.plots;
  if (sent.at_sequence > verified_until_ + under_way_.size()) {
    // Others have committed since the check, beside what of this import is under way: what they
    // changed is looked at here and not in the writer.
    proposed.SpellOut();
    const EngineView view(&book_->engine());
    RefreshVerdict({.commit = &proposed.commit,
                    .policy = policy.get(),
                    .epsg = book_->epsg(),
                    .plane_extent = rules_.plane_extent,
                    .sequence = sent.at_sequence,
                    .day = TodayOf(*book_)},
                   VersionReader(&view, rules_.book, sent.at_sequence), &proposed.verdict);
  }
  auto promise = std::make_shared<std::promise<common::Outcome<v1::CommitResponse>>>();
  sent.answer = promise->get_future();
  book_->writer().Submit(std::move(proposed), BookWriter::Lane::kImport,
                         [promise](common::Outcome<v1::CommitResponse> outcome) {
                           promise->set_value(std::move(outcome));
                         });
  return sent;
}

bool ImportCommitter::SettleFirst() {
  const bool settled = Settle(&under_way_.front());
  under_way_.pop_front();
  return settled;
}

bool ImportCommitter::Settle(UnderWay* under_way) {
  Sent& sent = under_way->sent;
  Piece* piece = &under_way->piece;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto outcome = sent.answer.get();
    if (outcome.ok() && outcome->sequence() > sent.at_sequence) {
      // Without a gap nobody else has changed the book meanwhile.
      if (outcome->sequence() == verified_until_ + 1) verified_until_ = outcome->sequence();
      progress_->CountCommitted(static_cast<std::uint32_t>(piece->plots->rows.size()),
                                outcome->sequence());
      return true;
    }
    if (outcome.ok()) {
      // Answered once before, and yet the check did not find the plots in the book: they were ended
      // since. What is asked now is a new request.
      failure_ = "the book answers the import with entries that it made before";
      const std::uint64_t now = book_->writer().position().sequence;
      piece->request_id = fmt::format("{}-{}", piece->request_id, now);
      sent = Send(*piece);
      continue;
    }
    failure_ = outcome.refusals().front().message_en();
    if (Has(outcome.refusals(), Reason::WRITER_BUSY)) {
      std::this_thread::sleep_for(kBusyPause);
    } else if (!LeaveOut(outcome.refusals(), piece)) {
      return false;
    }
    if (piece->plots->rows.empty()) {
      failure_.clear();
      return true;
    }
    sent = Send(*piece);
  }
  return false;
}

// Leaves out the rows that the book refuses, because others have committed since the check. False
// when a refusal is not about a row.
bool ImportCommitter::LeaveOut(const common::RefusalList& refusals, Piece* piece) {
  const std::vector<PassedRow>& rows = piece->plots->rows;
  std::set<std::size_t> out;
  StagingBatch batch;
  for (const v1::Refusal& refusal : refusals) {
    const auto act = ActOf(refusal);
    if (!act || *act >= rows.size()) return false;
    if (refusal.number() == static_cast<std::uint32_t>(Reason::BOOK_CLOSED) ||
        refusal.number() == static_cast<std::uint32_t>(Reason::RECORD_MOVED)) {
      return false;
    }
    out.insert(*act);
  }
  for (const v1::Refusal& refusal : refusals) {
    TellLeftOut(rows[*ActOf(refusal)].staged, refusal, &batch);
  }
  if (!staging_->Write(batch).ok()) return false;
  std::vector<PassedRow> rest;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!out.contains(i)) rest.push_back(rows[i]);
  }
  *piece = MakePiece(std::move(rest));
  progress_->CountTakenBack(static_cast<std::uint32_t>(out.size()));
  return true;
}

void ImportCommitter::TellLeftOut(const StagedRow& row, const v1::Refusal& refusal,
                                  StagingBatch* batch) {
  v1::Finding finding;
  finding.set_rule(RuleOf(refusal));
  finding.set_severity(v1::SEVERITY_ERROR);
  finding.set_plot(std::string(row.code()));
  finding.set_row(row.row());
  finding.set_other_row(-1);
  finding.mutable_place()->set_x(row.box().min_x);
  finding.mutable_place()->set_y(row.box().min_y);
  finding.set_detail(refusal.reason());
  finding.set_message_en(refusal.message_en());
  finding.set_message_zh(refusal.message_zh());
  staging_->Tell(finding, batch);
  progress_->CountFinding(finding.rule());
}

// --- The way through ---------------------------------------------------------------------------

std::string ImportCommitter::Add(std::vector<PassedRow> rows) {
  for (PassedRow& row : rows) {
    if (progress_->cancelled()) break;
    if (gathered_.empty()) gathered_.reserve(acts_max_);
    gathered_bytes_ += row.staged.SizeBytes();
    gathered_.push_back(std::move(row));
    if (!IsFull()) continue;
    if (std::string failure = SendGathered(); !failure.empty()) return failure;
  }
  return {};
}

std::string ImportCommitter::Finish() {
  if (!progress_->cancelled()) {
    if (std::string failure = SendGathered(); !failure.empty()) return failure;
  }
  std::string failure;
  while (!under_way_.empty()) {
    if (!SettleFirst() && failure.empty()) failure = failure_;
  }
  return failure;
}

bool ImportCommitter::IsFull() const {
  const std::size_t acts_max = has_sent_ ? acts_max_ : std::min(acts_max_, kActsMaxFirst);
  return gathered_.size() >= acts_max || gathered_bytes_ >= kBytesMax;
}

std::string ImportCommitter::SendGathered() {
  if (gathered_.empty()) return {};
  has_sent_ = true;
  Piece piece = MakePiece(std::exchange(gathered_, {}));
  gathered_bytes_ = 0;
  while (under_way_.size() >= kUnderWayMax) {
    if (!SettleFirst()) return failure_;
  }
  Sent sent = Send(piece);
  under_way_.push_back(UnderWay{std::move(piece), std::move(sent)});
  return {};
}

}  // namespace landbook::registry
