#include "sheet/plot_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "sheet/point_table.h"
#include "sheet/sheet_map.h"
#include "sheet/sheet_text.h"

namespace landbook::sheet {
namespace {

constexpr double kFrameMm = 0.35;
constexpr double kRuleMm = 0.12;
constexpr double kHeadLabelMm = 24;
constexpr double kTraceMm = 2;
constexpr double kNoteMm = 1.9;
constexpr double kScaleBarMinMm = 20;
constexpr int kScaleBarPieces = 4;
constexpr std::size_t kCodeLength = 19;
constexpr std::size_t kNeighboursNamedMax = 4;

Path Outline(const PaperBox& box) {
  return {{box.left_mm, box.top_mm},
          {box.right_mm, box.top_mm},
          {box.right_mm, box.bottom_mm},
          {box.left_mm, box.bottom_mm}};
}

// A label in Chinese with its English beneath.
void AddLabel(Layer& layer, PaperPoint at, const std::string& chinese, const std::string& english) {
  layer.marks.emplace_back(
      Placed(PlainText(chinese, 2.8), {at.x_mm, at.y_mm - 1.2}, Align::kCentre));
  Text small = PlainText(english, 1.8);
  small.colour = kGrey;
  layer.marks.emplace_back(Placed(std::move(small), {at.x_mm, at.y_mm + 1.9}, Align::kCentre));
}

// One sheet being drawn.
class Sheet {
 public:
  Sheet(const PlotFacts& facts, const SheetPlan& plan, const TextRuler& ruler)
      : facts_(facts), plan_(plan), ruler_(ruler), table_(TableOfPoints(plan.rings)) {
    body_ = plan.frame;
    const std::size_t rows = plan.table ? 0 : table_.rows.size();
    const std::size_t rows_a_page = std::max<std::size_t>(1, RowsThatFit(body_));
    page_count_ = 1 + (rows + rows_a_page - 1) / rows_a_page;
  }

  Drawing Draw(const std::vector<Neighbour>& neighbours) {
    Drawing drawing{fmt::format("宗地图 Plot sheet {}", facts_.code), facts_.drawn_at, {}};
    drawing.pages.push_back(MapPage(neighbours));
    for (std::size_t page = 1; page < page_count_; ++page) {
      drawing.pages.push_back(TablePage(page));
    }
    return drawing;
  }

 private:
  Page Titled(std::size_t page, const std::string& chinese, const std::string& english) const {
    Layer layer;
    const double middle_mm = plan_.width_mm / 2;
    layer.marks.emplace_back(
        Placed(BoldText(chinese, 6.5, kBlack), {middle_mm, 10.5}, Align::kCentre));
    layer.marks.emplace_back(Placed(PlainText(english, 2.4), {middle_mm, 16}, Align::kCentre));
    const PaperBox& frame = plan_.frame;
    layer.marks.emplace_back(
        Placed(PlainText(facts_.county, 2.8), {frame.left_mm, 17.6}, Align::kLeft));
    layer.marks.emplace_back(
        Placed(PlainText("单位 unit：m、m²", 2.4), {frame.right_mm, 17.6}, Align::kRight));
    layer.marks.emplace_back(Lines{{Outline(frame)}, true, kFrameMm, kBlack});
    double y = frame.bottom_mm + 3;
    for (const std::string& line : facts_.trace) {
      layer.marks.emplace_back(Placed(PlainText(line, kTraceMm), {frame.left_mm, y}, Align::kLeft));
      y += 3.1;
    }
    layer.marks.emplace_back(
        Placed(PlainText(fmt::format("第 {} 页，共 {} 页 page {} of {}", page + 1, page_count_,
                                     page + 1, page_count_),
                         kTraceMm),
               {frame.right_mm, plan_.height_mm - 6}, Align::kRight));
    double remark_mm = 4.5;
    for (const std::string& remark : facts_.remarks) {
      layer.marks.emplace_back(
          Placed(BoldText(remark, 2.6, kRed), {frame.right_mm, remark_mm}, Align::kRight));
      remark_mm += 3.6;
    }
    return {plan_.width_mm, plan_.height_mm, {std::move(layer)}};
  }

  Page MapPage(const std::vector<Neighbour>& neighbours) const {
    Page page = Titled(0, "宗地图", "PLOT SHEET");
    page.layers.push_back(Head());
    Omitted omitted;
    for (Layer& layer : SheetMap(facts_, plan_, ruler_).Draw(neighbours, omitted)) {
      page.layers.push_back(std::move(layer));
    }
    page.layers.push_back(Notes(neighbours, omitted));
    if (plan_.table) page.layers.push_back(DrawTable(table_, 0, *plan_.table));
    page.layers.push_back(Foot());
    return page;
  }

  Page TablePage(std::size_t page) const {
    Page drawn =
        Titled(page, "界址点坐标表", fmt::format("BOUNDARY POINTS OF PLOT {}", facts_.code));
    drawn.layers.push_back(DrawTable(table_, (page - 1) * RowsThatFit(body_), body_));
    return drawn;
  }

  Layer Head() const {
    Layer layer;
    Lines rules{{}, true, kRuleMm, kBlack};
    for (const HeadCell& cell : plan_.head) {
      rules.paths.push_back(Outline(cell.box));
      PaperBox label = cell.box;
      label.right_mm = label.left_mm + kHeadLabelMm;
      rules.paths.push_back(Outline(label));
      AddLabel(layer, label.Centre(), cell.chinese, cell.english);
      double y = cell.box.Centre().y_mm - static_cast<double>(cell.lines.size() - 1) * 2;
      for (const std::string& line : cell.lines) {
        layer.marks.emplace_back(Placed(PlainText(line, 3), {label.right_mm + 2, y}, Align::kLeft));
        y += 4;
      }
    }
    layer.marks.emplace_back(std::move(rules));
    return layer;
  }

  static std::string NamesOf(const std::vector<std::string>& codes) {
    std::string names;
    for (std::size_t i = 0; i < std::min(codes.size(), kNeighboursNamedMax); ++i) {
      names += (i == 0 ? "" : "、") + codes[i];
    }
    if (codes.size() > kNeighboursNamedMax) names += fmt::format(" 等 {} 宗", codes.size());
    return names;
  }

  std::vector<std::string> NoteLines(const std::vector<Neighbour>& neighbours,
                                     const Omitted& omitted) const {
    std::vector<std::string> lines;
    if (omitted.numbers + omitted.lengths > 0) {
      lines.emplace_back(
          "图上未注的界址点号、边长见界址点坐标表。 Numbers and lengths not written on the map "
          "stand "
          "in the table of points.");
    }
    if (!omitted.neighbours.empty()) {
      lines.push_back(fmt::format("图上未注的邻宗 adjoining, not written on the map: {}",
                                  NamesOf(omitted.neighbours)));
    } else if (std::any_of(neighbours.begin(), neighbours.end(), [&](const Neighbour& n) {
                 return ShortCode(n.code, facts_.code) != n.code;
               })) {
      lines.push_back(
          fmt::format("邻宗代码省略与本宗相同的前 {0} 位。 Neighbours' codes are shown "
                      "without the {0} characters that they share with this plot's.",
                      kCodeLength - ShortCode(facts_.code, facts_.code).size()));
    }
    return lines;
  }

  Layer Notes(const std::vector<Neighbour>& neighbours, const Omitted& omitted) const {
    Layer layer;
    layer.marks.emplace_back(Lines{{Outline(plan_.notes)}, true, kRuleMm, kBlack});
    double y = plan_.notes.top_mm + 2;
    for (const std::string& line : NoteLines(neighbours, omitted)) {
      layer.marks.emplace_back(
          Placed(PlainText(line, kNoteMm), {plan_.notes.left_mm + 2, y}, Align::kLeft));
      y += 3;
    }
    return layer;
  }

  Layer Foot() const {
    Layer layer;
    const PaperBox& foot = plan_.foot;
    const double split_mm = foot.left_mm + foot.width_mm() * 0.42;
    const double half_mm = foot.Centre().y_mm;
    const double piece_mm = (foot.right_mm - split_mm) / 4;
    Lines rules{{{{foot.left_mm, foot.top_mm}, {foot.right_mm, foot.top_mm}},
                 {{split_mm, half_mm}, {foot.right_mm, half_mm}}},
                false,
                kRuleMm,
                kBlack};
    for (int i = 0; i < 4; ++i) {
      const double x = split_mm + i * piece_mm;
      rules.paths.push_back({{x, foot.top_mm}, {x, foot.bottom_mm}});
    }
    layer.marks.emplace_back(std::move(rules));
    const double upper_mm = (foot.top_mm + half_mm) / 2;
    const double lower_mm = (half_mm + foot.bottom_mm) / 2;
    AddLabel(layer, {split_mm + piece_mm / 2, upper_mm}, "制图", "drawn by");
    AddLabel(layer, {split_mm + piece_mm * 2.5, upper_mm}, "制图日期", "drawn on");
    AddLabel(layer, {split_mm + piece_mm / 2, lower_mm}, "审核", "checked by");
    AddLabel(layer, {split_mm + piece_mm * 2.5, lower_mm}, "审核日期", "checked on");
    layer.marks.emplace_back(Placed(PlainText(facts_.drawn_date, 2.8),
                                    {split_mm + piece_mm * 3.5, upper_mm}, Align::kCentre));
    AddScale(layer, {foot.left_mm, foot.top_mm, split_mm, foot.bottom_mm});
    return layer;
  }

  void AddScale(Layer& layer, const PaperBox& box) const {
    const std::int64_t denominator = plan_.view.denominator;
    const double x = box.Centre().x_mm;
    layer.marks.emplace_back(
        Placed(BoldText(fmt::format("比例尺 scale 1:{}", denominator), 3.2, kBlack),
               {x, box.top_mm + 3.6}, Align::kCentre));
    const std::int64_t metres = RoundMetres(denominator, kScaleBarMinMm);
    const double bar_mm = static_cast<double>(metres) * 1'000 / static_cast<double>(denominator);
    const PaperBox bar{x - bar_mm / 2, box.top_mm + 7, x + bar_mm / 2, box.top_mm + 8.4};
    for (int i = 0; i < kScaleBarPieces; ++i) {
      PaperBox piece = bar;
      piece.left_mm = bar.left_mm + bar_mm * i / kScaleBarPieces;
      piece.right_mm = bar.left_mm + bar_mm * (i + 1) / kScaleBarPieces;
      if (i % 2 == 0) layer.marks.emplace_back(Fill{{Outline(piece)}, kBlack});
    }
    layer.marks.emplace_back(Lines{{Outline(bar)}, true, 0.12, kBlack});
    layer.marks.emplace_back(
        Placed(PlainText("0", 2.2), {bar.left_mm, bar.bottom_mm + 2.4}, Align::kCentre));
    layer.marks.emplace_back(Placed(PlainText(fmt::format("{} m", metres), 2.2),
                                    {bar.right_mm, bar.bottom_mm + 2.4}, Align::kCentre));
  }

  const PlotFacts& facts_;
  const SheetPlan& plan_;
  const TextRuler& ruler_;
  PointTable table_;
  PaperBox body_;
  std::size_t page_count_ = 1;
};

// How much of a code says where it lies: 12 digits of a 宗地代码, 14 of a 地块编码; 0 for others.
std::size_t PlaceLength(const std::string& code) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  if (code.size() != kCodeLength || !std::all_of(code.begin(), code.begin() + 12, is_digit)) {
    return 0;
  }
  return is_digit(code[12]) && is_digit(code[13]) ? 14 : 12;
}

}  // namespace

std::string ShortCode(const std::string& code, const std::string& reference) {
  const std::size_t length = PlaceLength(code);
  if (length == 0 || length != PlaceLength(reference)) return code;
  return code.compare(0, length, reference, 0, length) == 0 ? code.substr(length) : code;
}

Drawing DrawSheet(const PlotFacts& facts, const std::vector<Neighbour>& neighbours,
                  const SheetPlan& plan, const TextRuler& ruler) {
  return Sheet(facts, plan, ruler).Draw(neighbours);
}

}  // namespace landbook::sheet
