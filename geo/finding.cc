#include "geo/finding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string_view>
#include <tuple>

#include "fmt/format.h"
#include "geo/check.h"
#include "geo/decimal.h"

namespace landbook::geo {
namespace {

// What is said of a rule, in both languages; {m} is the measured amount, {t} the tolerance, {a} the
// area, {n} the number behind "=" in the key. A row with an empty key is the rule's general
// sentence.
struct Wording {
  Rule rule;
  std::string_view key;
  std::string_view english;
  std::string_view chinese;
};

constexpr Wording kWordings[] = {
    {Rule::kRingOpenOrDegenerate, "",
     "a ring of the boundary is open or has fewer than three distinct vertices",
     "界址线环未闭合或不同的界址点少于三个"},
    {Rule::kRingOpenOrDegenerate, "open",
     "a ring of the boundary is open: its last vertex is not its first",
     "界址线环未闭合：末点与起点不重合"},
    {Rule::kRingOpenOrDegenerate, "too_few_vertices",
     "a ring of the boundary has fewer than three distinct vertices",
     "界址线环中不同的界址点少于三个"},
    {Rule::kRingOpenOrDegenerate, "collapsed_by_rounding",
     "a ring of the boundary has fewer than three distinct vertices once rounded to 0.1 mm",
     "取整至0.1毫米后，界址线环中不同的界址点少于三个"},
    {Rule::kCoordinateOutsidePlane, "",
     "a coordinate is not finite or lies outside the book's plane",
     "坐标不是有限数值，或超出登记簿所用平面的范围"},
    {Rule::kCoordinateOutsidePlane, "not_finite", "a coordinate is not a finite number",
     "坐标不是有限数值"},
    {Rule::kCoordinateOutsidePlane, "outside_plane",
     "a coordinate lies outside the extent of the book's plane", "坐标超出登记簿所用平面的范围"},
    {Rule::kCoordinateOutsidePlane, "degrees",
     "the coordinates look like degrees of longitude and latitude, not metres of the book's plane; "
     "state the source's coordinate system",
     "坐标似为经纬度（度），而非登记簿平面上的米；请指明来源坐标系"},
    {Rule::kCoordinateOutsidePlane, "degrees_swapped",
     "the coordinates look like degrees with latitude before longitude; swap the axes and state "
     "the source's coordinate system",
     "坐标似为经纬度（度），且纬度在前；请交换坐标轴并指明来源坐标系"},
    {Rule::kCoordinateOutsidePlane, "axes_swapped",
     "the axes look swapped: northing where easting is wanted; swap them",
     "坐标轴似已颠倒：横坐标处为纵坐标；请交换"},
    {Rule::kCoordinateOutsidePlane, "other_zone",
     "the coordinates look like those of 3-degree zone {n}, not of the book's zone; state the "
     "source's coordinate system",
     "坐标似属3度带第{n}带，而非登记簿所用分带；请指明来源坐标系"},
    {Rule::kCoordinateOutsidePlane, "zone_numbered_3",
     "the eastings carry the number {n} of a 3-degree zone, not that of the book's plane; state "
     "the source's coordinate system",
     "横坐标带有3度带带号{n}，与登记簿所用平面不符；请指明来源坐标系"},
    {Rule::kCoordinateOutsidePlane, "zone_numbered_6",
     "the eastings carry the number {n} of a 6-degree zone, not that of the book's plane; state "
     "the source's coordinate system",
     "横坐标带有6度带带号{n}，与登记簿所用平面不符；请指明来源坐标系"},
    {Rule::kCoordinateOutsidePlane, "no_zone_number",
     "the eastings lack the zone number that the book's plane has; state the source's coordinate "
     "system",
     "横坐标缺少登记簿所用平面的带号；请指明来源坐标系"},
    {Rule::kCoordinateOutsidePlane, "stated_system_wrong",
     "the source's stated coordinate system puts the plot outside the book's plane, while its "
     "numbers fit the plane as they are; state the source's true coordinate system",
     "按来源所标坐标系换算后超出登记簿所用平面，而原坐标数值恰在其内；请指明来源的真实坐标系"},
    {Rule::kRingCrossesItself, "", "the boundary crosses itself", "界址线自相交"},
    {Rule::kRingTouchesItself, "", "the boundary touches itself", "界址线自相接"},
    {Rule::kRingTouchesItself, "hole_outside", "a hole lies outside its shell", "内环位于外环之外"},
    {Rule::kRingTouchesItself, "hole_crosses", "a hole crosses its shell or another hole",
     "内环与外环或其他内环相交"},
    {Rule::kRingTouchesItself, "nested_shells", "one part of the plot lies inside another",
     "地块的一个部分位于另一部分之内"},
    {Rule::kRingTouchesItself, "interior_disconnected",
     "rings that touch cut the inside of the plot apart", "相接的环将地块内部分隔"},
    {Rule::kVerticesTooClose, "",
     "two vertices of the boundary are only {m} apart (at least more than {t} is wanted)",
     "同一边界上两个界址点相距仅{m}（应大于{t}）"},
    {Rule::kSpike, "", "the boundary has a spike of {m} (at least {t} is wanted)",
     "界址线存在尖角{m}（应不小于{t}）"},
    {Rule::kTooSmall, "", "the plot has only {m} (at least {t} is wanted)",
     "地块面积仅{m}（应不小于{t}）"},
    {Rule::kTooNarrow, "", "a part of the plot is only {m} wide (at least {t} is wanted)",
     "地块局部宽度仅{m}（应不小于{t}）"},
    {Rule::kSeveralParts, "", "the plot has {m} separate parts", "地块由{m}个分离的部分组成"},
    {Rule::kStatedAreaDiffers, "",
     "the stated area differs from the computed area by {m} (at most {t} is allowed)",
     "所载面积与计算面积相差{m}（允许{t}）"},
    {Rule::kNotCanonical, "",
     "the direction or the first vertex of a ring is not the canonical one; it is kept as "
     "delivered",
     "界址线环的走向或起点不规范；按原样保留"},
    {Rule::kOverlap, "", "the plot overlaps another by {m}, {a} in all (at most {t} is allowed)",
     "地块与相邻地块重叠，宽{m}、共{a}（允许宽{t}）"},
    {Rule::kSameOrContained, "",
     "the plot and another are the same boundary, or one contains the other",
     "两个地块边界相同，或一个包含另一个"},
    {Rule::kSameOrContained, "same", "the plot has the same boundary as another",
     "地块与另一地块边界相同"},
    {Rule::kSameOrContained, "contains", "the plot contains another", "地块包含另一地块"},
    {Rule::kSameOrContained, "within", "the plot lies within another", "地块位于另一地块之内"},
    {Rule::kVerticesNearlyEqual, "",
     "a vertex is {m} from a neighbour's vertex; within {t} they should be one",
     "界址点与相邻地块界址点相距{m}；{t}以内应为同一点"},
    {Rule::kVertexOnEdge, "",
     "a vertex is {m} from a neighbour's edge that has no vertex there (within {t} it should)",
     "界址点距相邻地块界址线{m}，而该处无界址点（{t}以内应设点）"},
    {Rule::kSliverGap, "", "a gap between neighbours is only {m} wide (less than {t})",
     "相邻地块之间存在仅宽{m}的缝隙（小于{t}）"},
    {Rule::kLeavesVillage, "", "the plot leaves its village's boundary by {m} (at most {t})",
     "地块超出所在村界{m}（允许{t}）"},
    {Rule::kLeavesVillage, "outside", "the plot lies outside its village's boundary altogether",
     "地块完全位于所在村界之外"},
    {Rule::kLeavesVillage, "no_village", "the layer has no boundary of the plot's village",
     "图层中没有地块所在村的村界"},
    {Rule::kOnBasicFarmland, "",
     "{m} of construction use lie inside permanent basic farmland (at most {t})",
     "建设用地占用永久基本农田{m}（允许{t}）"},
    {Rule::kInsideRedLine, "",
     "{m} of construction use lie inside the ecological red line (at most {t})",
     "建设用地位于生态保护红线内{m}（允许{t}）"},
    {Rule::kOutsidePlanZone, "",
     "{m} of commercial use lie outside the zones of the plan that allow it (at most {t})",
     "经营性用地超出规划允许区域{m}（允许{t}）"},
    {Rule::kUseRestricted, "", "{m} lie on land where this use is barred (at most {t})",
     "{m}位于限制该用途的地块上（允许{t}）"},
    {Rule::kOutsideUrbanBoundary, "",
     "{m} of construction use lie outside the urban development boundary (at most {t})",
     "建设用地超出城镇开发边界{m}（允许{t}）"},
    {Rule::kLeavesVillage, "unsound_shape",
     "the plot may lie on a shape of the layer whose own boundary is faulty and cannot be measured",
     "地块可能位于该图层中自身界线有误、无法量算的图斑上"},
    {Rule::kOnBasicFarmland, "unsound_shape",
     "the plot may lie on a shape of the layer whose own boundary is faulty and cannot be measured",
     "地块可能位于该图层中自身界线有误、无法量算的图斑上"},
    {Rule::kInsideRedLine, "unsound_shape",
     "the plot may lie on a shape of the layer whose own boundary is faulty and cannot be measured",
     "地块可能位于该图层中自身界线有误、无法量算的图斑上"},
    {Rule::kOutsidePlanZone, "unsound_shape",
     "the plot may lie on a shape of the layer whose own boundary is faulty and cannot be measured",
     "地块可能位于该图层中自身界线有误、无法量算的图斑上"},
    {Rule::kUseRestricted, "unsound_shape",
     "the plot may lie on a shape of the layer whose own boundary is faulty and cannot be measured",
     "地块可能位于该图层中自身界线有误、无法量算的图斑上"},
    {Rule::kOutsideUrbanBoundary, "unsound_shape",
     "the plot may lie on a shape of the layer whose own boundary is faulty and cannot be measured",
     "地块可能位于该图层中自身界线有误、无法量算的图斑上"},
    {Rule::kCodeMalformed, "",
     "the plot's code is malformed, of another county, or of a kind that does not match",
     "地块代码格式有误，或不属本县，或与类型不符"},
    {Rule::kCodeAlreadyUsed, "", "the plot's code is already used", "地块代码已被使用"},
    {Rule::kAttributeMissing, "", "a required attribute is missing or outside its code list",
     "必填属性缺失或不在代码表内"},
    {Rule::kAttributeMissing, "null", "the plot has no boundary", "地块没有图形"},
    {Rule::kAttributeMissing, "empty", "the plot's boundary is empty", "地块图形为空"},
    {Rule::kAttributeMissing, "not_polygon", "the plot's boundary is not a polygon",
     "地块图形不是面"},
    {Rule::kTextUndecodable, "", "a text cannot be decoded in the stated or detected encoding",
     "文本无法按指定或识别的编码解码"},
    {Rule::kUnionDiffers, "",
     "the new plots together differ from the old ones by {m}, {a} in all (at most {t} is allowed)",
     "新地块合计范围与原地块相差，宽{m}、共{a}（允许宽{t}）"},
    {Rule::kNeighbourWouldChange, "",
     "a neighbour's boundary would change by {m} (at most {t} is allowed)",
     "相邻地块的边界将改变{m}（允许{t}）"},
};

// A detail taken apart: "other_zone=39" is the key "other_zone" and the number "39".
struct Detail {
  std::string_view key;
  std::string_view number;
};

Detail DetailOf(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {text, ""};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

const Wording* Find(Rule rule, std::string_view key) {
  const auto* found = std::find_if(
      std::begin(kWordings), std::end(kWordings),
      [rule, key](const Wording& wording) { return wording.rule == rule && wording.key == key; });
  return found == std::end(kWordings) ? nullptr : found;
}

const Wording& WordingOf(const Finding& finding) {
  const Wording* wording = Find(finding.rule, DetailOf(finding.detail).key);
  if (wording == nullptr) wording = Find(finding.rule, "");
  LANDBOOK_GEO_CHECK(wording != nullptr);
  return *wording;
}

// Millionths as decimal digits without trailing zeros: "0.35", "12", "-0.000001".
std::string Decimal(std::int64_t millionths) {
  std::string text;
  AppendDecimal(text, millionths, 6);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string_view UnitEnglish(Unit unit) {
  constexpr std::array<std::string_view, 6> kUnits = {"", " m", " m2", " degrees", "", " %"};
  return kUnits[static_cast<std::size_t>(unit)];
}

std::string_view UnitChinese(Unit unit) {
  constexpr std::array<std::string_view, 6> kUnits = {"", "米", "平方米", "度", "", "%"};
  return kUnits[static_cast<std::size_t>(unit)];
}

std::string Fill(std::string_view sentence, const Finding& finding,
                 const std::function<std::string_view(Unit)>& name_of) {
  const auto amount = [&name_of](std::int64_t millionths, Unit unit) {
    return fmt::format("{}{}", Decimal(millionths), name_of(unit));
  };
  return fmt::format(fmt::runtime(sentence), fmt::arg("m", amount(finding.measured, finding.unit)),
                     fmt::arg("t", amount(finding.tolerance, finding.unit)),
                     fmt::arg("a", amount(finding.area_mm2, Unit::kSquareMetre)),
                     fmt::arg("n", DetailOf(finding.detail).number));
}

bool ByRounding(const Finding& finding) { return finding.detail == "by_rounding"; }

auto OrderOf(const Finding& finding) {
  return std::tie(finding.subject, finding.rule, finding.other, finding.place, finding.measured,
                  finding.tolerance, finding.severity, finding.unit, finding.area_mm2,
                  finding.detail);
}

}  // namespace

bool FindingBefore(const Finding& a, const Finding& b) { return OrderOf(a) < OrderOf(b); }

std::string RuleName(Rule rule) { return "B" + std::to_string(static_cast<int>(rule)); }

std::string WordsEnglish(const Finding& finding) {
  return Fill(WordingOf(finding).english, finding, UnitEnglish) +
         (ByRounding(finding) ? ", which only rounding to 0.1 mm caused" : "");
}

std::string WordsChinese(const Finding& finding) {
  return Fill(WordingOf(finding).chinese, finding, UnitChinese) +
         (ByRounding(finding) ? "，仅由取整至0.1毫米引起" : "");
}

std::string SentenceEnglish(const Finding& finding) {
  return fmt::format("{}: {}, at easting {}, northing {}.", RuleName(finding.rule),
                     WordsEnglish(finding), FormatMetres(finding.place.x),
                     FormatMetres(finding.place.y));
}

std::string SentenceChinese(const Finding& finding) {
  return fmt::format("{}：{}，位于横坐标{}、纵坐标{}。", RuleName(finding.rule),
                     WordsChinese(finding), FormatMetres(finding.place.x),
                     FormatMetres(finding.place.y));
}

}  // namespace landbook::geo
