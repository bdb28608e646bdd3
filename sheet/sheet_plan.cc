#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "geo/area.h"
#include "sheet/plot_sheet.h"
#include "sheet/point_table.h"
#include "sheet/sheet_text.h"

namespace landbook::sheet {
namespace {

constexpr double kMarginMm = 20;
constexpr double kFootMm = 16;
constexpr double kNotesMm = 7;
constexpr double kLabelMm = 24;
constexpr double kHeadRowMm = 8;
constexpr double kHeadLineMm = 4;
constexpr double kValueMm = 3;
constexpr double kValuePadMm = 2;
// Around the plot, for numbers, lengths and what is seen of the neighbours.
constexpr double kMapMarginMm = 12;
constexpr double kMapHeightMinMm = 60;
// A table of at most so many rows stands on the first page.
constexpr std::size_t kRowsOnFirstPage = 20;

struct HeadFact {
  std::string chinese;
  std::string english;
  std::string value;
};

std::string AreaText(const PlotFacts& facts) {
  const auto in_both = [](std::int64_t hundredths_m2) {
    return fmt::format("{} m²（{} 亩 mu）", geo::FormatHundredths(hundredths_m2),
                       geo::FormatHundredths(geo::MuHundredthsFromM2(hundredths_m2)));
  };
  const std::int64_t computed = geo::ComputedAreaHundredthsM2(facts.boundary);
  std::string text = in_both(facts.recorded_hundredths_m2);
  if (computed != facts.recorded_hundredths_m2) {
    text += fmt::format("；按界址计算 computed {} m²", geo::FormatHundredths(computed));
  }
  return text;
}

// The head's rows, each of one or two facts.
std::vector<std::vector<HeadFact>> HeadRows(const PlotFacts& facts) {
  const auto known = [](const std::string& text) { return text.empty() ? "—" : text; };
  std::vector<std::vector<HeadFact>> rows = {
      {{"宗地代码", "plot code", facts.code}, {"地类", "land use", known(facts.land_use)}},
      {{"宗地面积", "area", AreaText(facts)}},
      {{"坐落", "location", known(facts.location)}}};
  if (facts.holder) rows.push_back({{"权利人", "right holder", known(*facts.holder)}});
  rows.push_back({{"坐标系", "coordinates", facts.plane}});
  return rows;
}

// Places the head at the top of `frame`; gives where it ends.
double PlanHead(const PlotFacts& facts, const PaperBox& frame, const TextRuler& ruler,
                std::vector<HeadCell>& head) {
  double top_mm = frame.top_mm;
  for (const std::vector<HeadFact>& row : HeadRows(facts)) {
    const double cell_mm = frame.width_mm() / static_cast<double>(row.size());
    double height_mm = kHeadRowMm;
    const std::size_t first = head.size();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double left_mm = frame.left_mm + static_cast<double>(i) * cell_mm;
      HeadCell cell{{left_mm, top_mm, left_mm + cell_mm, 0}, row[i].chinese, row[i].english, {}};
      cell.lines =
          WrapText(PlainText(row[i].value, kValueMm), cell_mm - kLabelMm - 2 * kValuePadMm, ruler);
      height_mm = std::max(height_mm, static_cast<double>(cell.lines.size() + 1) * kHeadLineMm);
      head.push_back(std::move(cell));
    }
    top_mm += height_mm;
    for (std::size_t i = first; i < head.size(); ++i) head[i].box.bottom_mm = top_mm;
  }
  return top_mm;
}

// How the paper of this size is divided; the view is not decided yet.
SheetPlan Divide(const PlotFacts& facts, double width_mm, double height_mm,
                 const TextRuler& ruler) {
  SheetPlan plan;
  plan.width_mm = width_mm;
  plan.height_mm = height_mm;
  plan.frame = PaperBox{0, 0, width_mm, height_mm}.Inset(kMarginMm);
  plan.rings = NumberPoints(facts.boundary);
  const double head_end_mm = PlanHead(facts, plan.frame, ruler, plan.head);
  plan.foot = plan.frame;
  plan.foot.top_mm = plan.frame.bottom_mm - kFootMm;
  double map_end_mm = plan.foot.top_mm - kNotesMm;
  const std::size_t rows = TableOfPoints(plan.rings).rows.size();
  if (rows <= kRowsOnFirstPage) {
    plan.table = plan.frame;
    plan.table->bottom_mm = plan.foot.top_mm;
    plan.table->top_mm = plan.foot.top_mm - TableHeightMm(rows, plan.frame.width_mm());
    map_end_mm = plan.table->top_mm - kNotesMm;
  }
  plan.map = {plan.frame.left_mm, head_end_mm, plan.frame.right_mm, map_end_mm};
  plan.notes = {plan.frame.left_mm, map_end_mm, plan.frame.right_mm, map_end_mm + kNotesMm};
  return plan;
}

std::optional<std::int64_t> LargestScale(const SheetPlan& plan, const geo::Box& extent) {
  const PaperBox room = plan.map.Inset(kMapMarginMm);
  return ChooseScale(extent, room.width_mm(), room.height_mm());
}

bool Fits(const SheetPlan& plan, const geo::Box& extent, std::int64_t denominator) {
  const PaperBox room = plan.map.Inset(kMapMarginMm);
  return FitsAtScale(extent, denominator, room.width_mm(), room.height_mm());
}

absl::Status DoesNotFit(const SheetOptions& options, std::optional<std::int64_t> largest) {
  const std::string paper = options.paper == Paper::kA4 ? "A4" : "A3";
  if (!largest) {
    return absl::InvalidArgumentError(
        fmt::format("the plot is too large for a sheet of {} at 1:1000000", paper));
  }
  return absl::InvalidArgumentError(
      fmt::format("the plot does not fit on {} at 1:{}; the largest scale that fits is 1:{}", paper,
                  *options.denominator, *largest));
}

}  // namespace

absl::StatusOr<SheetPlan> PlanSheet(const PlotFacts& facts, const SheetOptions& options,
                                    const TextRuler& ruler) {
  const geo::Box extent = facts.boundary.Bounds();
  if (extent.Empty() || geo::DoubledArea(facts.boundary) <= 0) {
    return absl::InvalidArgumentError("the plot has no boundary that could be drawn");
  }
  const double short_mm = options.paper == Paper::kA4 ? 210 : 297;
  const double long_mm = options.paper == Paper::kA4 ? 297 : 420;
  SheetPlan portrait = Divide(facts, short_mm, long_mm, ruler);
  SheetPlan landscape = Divide(facts, long_mm, short_mm, ruler);
  if (portrait.map.height_mm() < kMapHeightMinMm) {
    return absl::InvalidArgumentError(
        "the texts in the sheet's head (location, right holder) are so long that no room is left "
        "for the map; try A3");
  }
  const auto portrait_scale = LargestScale(portrait, extent);
  const auto landscape_scale = LargestScale(landscape, extent);
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
  const std::int64_t largest =
      std::min(portrait_scale.value_or(kNone), landscape_scale.value_or(kNone));
  if (largest == kNone && !options.denominator) return DoesNotFit(options, std::nullopt);
  const std::int64_t denominator = options.denominator.value_or(largest);
  if (!Fits(portrait, extent, denominator) && !Fits(landscape, extent, denominator)) {
    return DoesNotFit(options, largest == kNone ? std::nullopt : std::optional(largest));
  }
  SheetPlan& plan = Fits(portrait, extent, denominator) ? portrait : landscape;
  plan.view = ViewOf(extent, plan.map, denominator);
  plan.window = plan.view.Under(plan.map);
  return std::move(plan);
}

}  // namespace landbook::sheet
