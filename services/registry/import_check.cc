#include "services/registry/import_check.h"

#include <algorithm>
#include <compare>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "geo/area.h"
#include "geo/box_tree.h"
#include "geo/layer_check.h"
#include "services/common/division.h"
#include "services/common/door.h"
#include "services/common/finding_wire.h"
#include "services/common/row_check.h"
#include "services/registry/boundary_plan.h"
#include "services/registry/control_layers.h"
#include "services/registry/layer_ground.h"
#include "services/registry/plot_rules.h"
#include "services/registry/record_codes.h"
#include "services/registry/window_index.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// Neighbours are looked for around so many rows at once: few enough that their common box is not
// much larger than they are, and enough that a box costs little a row.
constexpr std::size_t kRowsPerWindow = 256;

// What the book has already of a row.
enum class InBook { kNothing, kTheSame, kOther };

// A row in the check.
struct Row {
  StagedRow staged;
  geo::Boundary boundary;
  std::vector<geo::Finding> delivered;
  bool own = false;       // of the piece, and not one of its neighbours
  bool repeated = false;  // another row has its code
  bool unsound = false;   // has a B101 to B104
  bool kept_out = false;  // by an error of its own or with another plot
  InBook in_book = InBook::kNothing;
  std::uint64_t id = 0;

  std::string_view code() const { return staged.code(); }
  // Rows that ask to be taken in are compared with others; what the book has already is not.
  bool asks() const { return in_book == InBook::kNothing; }
};

// Whether the plot has the area of the older register that the row names, if it names one.
bool SameRegister(const v1::Plot& plot, const StagedRow& row) {
  return !row.rest().has_registered() ||
         plot.recorded_area_m2() == AreaText(row.rest().registered().recorded_area_m2());
}

// The attributes by key, whose order says nothing: an export has its own order of columns.
template <typename Attributes>
std::multimap<std::string, std::string> ByKey(const Attributes& attributes) {
  std::multimap<std::string, std::string> by_key;
  for (const v1::Attribute& attribute : attributes) {
    by_key.emplace(attribute.key(), attribute.value());
  }
  return by_key;
}

bool SameAttributes(const v1::Plot& plot, const StagedRow& row, const ImportRules& rules) {
  return plot.state() == v1::RECORD_STATE_LIVE && plot.kind() == rules.kind->code() &&
         plot.stated_area_m2() == AreaText(row.stated_area_m2()) && SameRegister(plot, row) &&
         plot.land_use() == row.land_use() && plot.location() == row.location() &&
         ByKey(plot.attributes()) == ByKey(row.rest().attributes());
}

// A warning: the row it is about, and its place among the findings of the piece.
struct Warning {
  std::uint64_t about;
  std::size_t finding;
  friend auto operator<=>(const Warning&, const Warning&) = default;
};

class Piece {
 public:
  Piece(const ImportRules& rules, const ImportStaging& staging)
      : rules_(rules),
        staging_(staging),
        tolerances_(rules.policy->TolerancesFor(rules.kind->code())),
        view_(rules.engine),
        state_(&view_, rules.book, rules.sequence) {}

  absl::StatusOr<PieceVerdict> Run(std::vector<StagedRow> rows) {
    for (StagedRow& row : rows) AddRow(std::move(row), /*own=*/true);
    if (auto added = AddNeighbours(); !added.ok()) return added;
    MarkRepeated();
    CompareWithBook();
    AssignIds();
    if (auto checked = CheckLayer(); !checked.ok()) return checked;
    if (auto checked = CheckControl(); !checked.ok()) return checked;
    if (!view_.status().ok()) return view_.status();
    for (Row& row : rows_) {
      if (row.own) Count(&row);
    }
    PassAll();
    return std::move(verdict_);
  }

 private:
  void AddRow(StagedRow&& staged, bool own) {
    Row& row = rows_.emplace_back();
    row.boundary = StoredBoundaryOf(staged.compact());
    row.staged = std::move(staged);
    row.own = own;
  }

  // --- Neighbours ------------------------------------------------------------------------------

  // Rows and plots whose findings with the piece's rows could be seen: as far as two plots are
  // compared, and as far again as the length that makes a gap a finding.
  absl::Status AddNeighbours() {
    const std::int64_t reach =
        NeighbourReachSteps(tolerances_) + tolerances_.gap_length_max_steps + 1;
    std::vector<geo::Box> boxes;
    for (const Row& row : rows_) boxes.push_back(row.staged.box().Grown(reach));
    const geo::BoxTree near(boxes);
    const auto is_near = [&](const geo::Box& box) {
      bool found = false;
      near.Query(box, [&](std::size_t) {
        found = true;
        return false;
      });
      return found;
    };
    // The piece's own rows are all those from its first to its last.
    const std::string_view first_own = rows_.front().staged.key();
    const std::string_view last_own = rows_.back().staged.key();
    const auto is_own = [&](std::string_view key) {
      return !ImportStaging::ComesBefore(key, first_own) &&
             !ImportStaging::ComesBefore(last_own, key);
    };
    // Keys of the neighbours so far; a row stays where it is.
    absl::flat_hash_set<std::string_view, std::hash<std::string_view>, std::equal_to<>> known;
    for (std::size_t begin = 0; begin < boxes.size(); begin += kRowsPerWindow) {
      geo::Box window;
      const std::size_t end = std::min(begin + kRowsPerWindow, boxes.size());
      for (std::size_t i = begin; i < end; ++i) window.Add(boxes[i]);
      const auto read =
          staging_.ForEachNear(window, [&](std::string_view key, std::string_view value) {
            if (is_own(key) || known.contains(key) || !is_near(StagedRow::BoxOf(value))) return;
            AddRow(StagedRow(key, value), /*own=*/false);
            known.insert(rows_.back().staged.key());
          });
      if (!read.ok()) return read;
      if (rules_.book_is_empty) continue;
      ForEachInWindow(state_, {rules_.tier, window}, [&](const WindowLine& line) {
        if (!standing_.contains(line.plot) && is_near(line.box)) {
          standing_.emplace(line.plot, StandingPlot{line.from, StoredBoundaryOf(line.compact)});
          by_compact_.emplace(std::string(line.compact), line.plot);
        }
        return true;
      });
    }
    return absl::OkStatus();
  }

  void MarkRepeated() {
    std::vector<std::int64_t> numbers;
    for (const Row& row : rows_) numbers.push_back(row.staged.row());
    const auto repeated = staging_.RepeatedWith(numbers);
    for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].repeated = repeated[i].has_value();
  }

  // --- The book --------------------------------------------------------------------------------

  void CompareWithBook() {
    if (rules_.book_is_empty) return;
    for (Row& row : rows_) row.in_book = row.code().empty() ? FindByGround(row) : FindByCode(row);
  }

  InBook FindByCode(const Row& row) const {
    const auto number = NumberOfCode(state_, v1::RECORD_KIND_PLOT, row.code());
    if (!number) return InBook::kNothing;
    const auto plot = PlotOf(state_, *number);
    const auto boundary = BoundaryOf(state_, *number);
    const bool same = plot && boundary && plot->code() == row.code() &&
                      boundary->compact == row.staged.compact() &&
                      SameAttributes(*plot, row.staged, rules_);
    return same ? InBook::kTheSame : InBook::kOther;
  }

  // A row that is to be given a code is known by its ground.
  InBook FindByGround(const Row& row) const {
    const auto [begin, end] = by_compact_.equal_range(row.staged.compact());
    for (auto found = begin; found != end; ++found) {
      const auto plot = PlotOf(state_, found->second);
      if (plot && plot->division() == rules_.allocate_division &&
          SameAttributes(*plot, row.staged, rules_)) {
        return InBook::kTheSame;
      }
    }
    return InBook::kNothing;
  }

  // --- The layer -------------------------------------------------------------------------------

  // Ids in the order of codes, then of the curve: the same order in every piece.
  void AssignIds() {
    std::vector<Row*> order;
    for (Row& row : rows_) order.push_back(&row);
    std::sort(order.begin(), order.end(), [](const Row* a, const Row* b) {
      const int codes = a->code().compare(b->code());
      return codes != 0 ? codes < 0 : a->staged.key() < b->staged.key();
    });
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i]->id = i;
      by_id_.push_back(order[i]);
      for (const v1::Finding& finding : order[i]->staged.rest().findings()) {
        const auto delivered = common::FindingFromWire(finding, i);
        LANDBOOK_CHECK(delivered.has_value());  // the door of the import let it through
        order[i]->delivered.push_back(*delivered);
      }
    }
  }

  absl::Status CheckLayer() {
    std::vector<geo::LayerPlot> layer;
    for (const Row& row : rows_) {
      if (row.asks()) layer.push_back(LayerPlotOfRow(row));
    }
    for (const auto& [number, plot] : standing_) layer.push_back(LayerPlotOf(number, plot));
    geo::LayerOptions options;
    options.tolerances = tolerances_;
    options.plane_extent = rules_.plane_extent;
    const auto checked = geo::CheckLayer(layer, options);
    if (!checked.ok()) return checked.status();
    for (const std::uint64_t id : checked->kept_out) by_id_[id]->kept_out = true;
    verdict_.findings.reserve(checked->findings.size());
    for (const geo::Finding& finding : checked->findings) {
      // Of a plot of the book alone nothing is told.
      if (finding.rule <= geo::Rule::kRingTouchesItself) by_id_[finding.subject]->unsound = true;
      Tell(finding);
    }
    return absl::OkStatus();
  }

  // --- Control layers --------------------------------------------------------------------------

  // The piece's own rows that control layers are asked about: those that are new and sound.
  std::vector<const Row*> ControlledRows() const {
    std::vector<const Row*> rows;
    for (const Row& row : rows_) {
      if (row.own && row.asks() && !row.unsound) rows.push_back(&row);
    }
    return rows;
  }

  absl::Status CheckControl() {
    if (rules_.control_layers.empty()) return absl::OkStatus();
    const std::vector<const Row*> rows = ControlledRows();
    GroundGatherer gatherer(state_, rules_.control_layers);
    std::set<std::string> villages;
    for (std::size_t begin = 0; begin < rows.size(); begin += kRowsPerWindow) {
      geo::Box window;
      const std::size_t end = std::min(begin + kRowsPerWindow, rows.size());
      for (std::size_t i = begin; i < end; ++i) {
        window.Add(rows[i]->staged.box());
        villages.insert(VillageOf(*rows[i]));
      }
      gatherer.AddWindow(window);
    }
    for (const std::string& village : villages) gatherer.AddVillage(village);
    const common::ControlGround ground = gatherer.Finish();
    for (const Row* row : rows) {
      common::ControlQuestion question;
      question.use = {rules_.kind, row->staged.land_use()};
      const std::string village = VillageOf(*row);
      question.village = village;
      question.boundary = &row->boundary;
      question.name = NameOf(row->id);
      auto findings = ground.FindingsOf(question, *rules_.policy);
      if (!findings.ok()) return findings.status();
      for (v1::Finding& finding : *findings) TellControl(row->id, std::move(finding));
    }
    return absl::OkStatus();
  }

  std::string VillageOf(const Row& row) const {
    const std::string_view code = row.code().empty() ? rules_.allocate_division : row.code();
    return std::string(code.substr(0, common::kVillageDigits));
  }

  void TellControl(std::uint64_t id, v1::Finding finding) {
    if (finding.severity() == v1::SEVERITY_ERROR) by_id_[id]->kept_out = true;
    Add(id, std::move(finding));
  }

  void Add(std::uint64_t about, v1::Finding finding) {
    if (finding.severity() == v1::SEVERITY_WARNING) {
      warnings_.push_back({about, verdict_.findings.size()});
    }
    verdict_.findings.push_back(std::move(finding));
  }

  geo::LayerPlot LayerPlotOfRow(const Row& row) const {
    geo::LayerPlot plot;
    plot.subject.id = row.id;
    plot.subject.boundary = &row.boundary;
    const std::string_view stated = row.staged.stated_area_m2();
    if (common::IsAreaText(stated)) plot.subject.stated_area_mm2 = common::AreaFromText(stated);
    plot.subject.delivered = row.delivered;
    return plot;
  }

  void Tell(const geo::Finding& finding) {
    const std::uint64_t about = finding.subject < kStandingId ? finding.subject : finding.other;
    const Row& row = *by_id_[about];
    if (!row.own) return;
    const common::FindingPlot subject = NameOf(finding.subject);
    const common::FindingPlot other =
        finding.other == geo::kNoOther ? common::FindingPlot() : NameOf(finding.other);
    Add(about, common::FindingFacts(finding, {.subject = subject, .other = other}));
  }

  common::FindingPlot NameOf(std::uint64_t id) const {
    if (id < kStandingId) return {std::string(by_id_[id]->code()), by_id_[id]->staged.row()};
    const auto plot = PlotOf(state_, id - kStandingId);
    return {plot ? plot->code() : "", -1};
  }

  // --- The outcome -----------------------------------------------------------------------------

  void Count(Row* row) {
    if (row->asks()) {
      if (row->repeated || row->kept_out) {
        ++verdict_.rejected;
      } else {
        passed_.push_back(row);
      }
      return;
    }
    for (const geo::Finding& finding : row->delivered) Tell(finding);
    if (row->in_book == InBook::kOther) TellInBook(*row);
    const bool rejected =
        row->repeated || row->in_book == InBook::kOther || geo::HasError(row->delivered);
    ++(rejected ? verdict_.rejected : verdict_.unchanged);
  }

  // Gives the rows that passed away, each with the warnings about it. REQUIRES: all findings were
  // told, which name rows by their codes.
  void PassAll() {
    std::sort(warnings_.begin(), warnings_.end());
    verdict_.accepted.reserve(passed_.size());
    for (Row* row : passed_) Pass(row);
  }

  void Pass(Row* row) {
    PassedRow& passed = verdict_.accepted.emplace_back();
    passed.computed_area_hundredths_m2 = geo::ComputedAreaHundredthsM2(row->boundary);
    passed.staged = std::move(row->staged);
    for (auto warning = std::lower_bound(warnings_.begin(), warnings_.end(), Warning{row->id, 0});
         warning != warnings_.end() && warning->about == row->id; ++warning) {
      v1::Finding& told = passed.warnings.emplace_back(verdict_.findings[warning->finding]);
      if (told.message_en().empty()) common::AddSentences(&told);
    }
  }

  void TellInBook(const Row& row) {
    geo::Finding finding;
    finding.rule = geo::Rule::kCodeAlreadyUsed;
    finding.severity = geo::Severity::kError;
    finding.subject = row.id;
    finding.place = row.boundary.vertices.front();
    finding.detail = "in_book";
    Tell(finding);
  }

  const ImportRules& rules_;
  const ImportStaging& staging_;
  const geo::Tolerances tolerances_;
  EngineView view_;
  VersionReader state_;
  std::deque<Row> rows_;
  std::map<std::uint64_t, StandingPlot> standing_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_compact_;
  std::vector<Row*> by_id_;
  std::vector<Warning> warnings_;
  std::vector<Row*> passed_;
  PieceVerdict verdict_;
};

}  // namespace

absl::StatusOr<PieceVerdict> CheckPiece(const ImportRules& rules, const ImportStaging& staging,
                                        std::vector<StagedRow> rows) {
  return Piece(rules, staging).Run(std::move(rows));
}

}  // namespace landbook::registry
