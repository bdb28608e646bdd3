#include "tools/landbook/findings_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace landbook::tools {
namespace {

constexpr double kPanelPixels = 340;
constexpr double kSpare = 1.15;  // of the extent, so that nothing touches the edge
// Vertices nearer than this on the screen are left away.
constexpr double kPixelsMin = 0.3;
constexpr std::int64_t kZoomMin = geo::kStepsPerMetre / 100;
// How much of the surroundings an enlargement shows: multiples of what is measured.
constexpr double kZoomOfMeasured = 8;
constexpr double kZoomUnmeasuredM = 5;
// Dots are for counting vertices, not for hiding lines.
constexpr std::size_t kDotsMax = 400;

struct Pixel {
  double x = 0;
  double y = 0;
};

// A square of the plane on a square of the screen.
struct Panel {
  geo::Vertex middle;
  double side_steps = 1;

  Pixel Of(geo::Vertex v) const {
    const double scale = kPanelPixels / side_steps;
    return {kPanelPixels / 2 + static_cast<double>(v.x - middle.x) * scale,
            kPanelPixels / 2 - static_cast<double>(v.y - middle.y) * scale};
  }
};

Panel PanelOver(const geo::Box& box) {
  const auto side = std::max({box.max_x - box.min_x, box.max_y - box.min_y, kZoomMin});
  return {{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2},
          static_cast<double>(side) * kSpare};
}

// A ring as an SVG path. Far beyond the panel it is cut short: browsers draw with floats.
std::string PathOf(const Panel& panel, std::span<const geo::Vertex> ring) {
  constexpr double kFar = 1e5;
  std::string path;
  Pixel last{-kFar, -kFar};
  for (const geo::Vertex& v : ring) {
    Pixel at = panel.Of(v);
    at = {std::clamp(at.x, -kFar, kFar), std::clamp(at.y, -kFar, kFar)};
    if (!path.empty() && std::hypot(at.x - last.x, at.y - last.y) < kPixelsMin) continue;
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", at.x, at.y);
    last = at;
  }
  return path + "Z";
}

std::string AreaOf(const Panel& panel, const geo::Boundary& boundary, std::string_view kind) {
  std::string path;
  for (std::size_t r = 0; r < boundary.ring_count(); ++r) path += PathOf(panel, boundary.Ring(r));
  return fmt::format("<path class=\"{}\" fill-rule=\"evenodd\" d=\"{}\"/>", kind, path);
}

std::string DotsOf(const Panel& panel, const geo::Boundary& boundary, std::string_view kind) {
  std::string dots;
  std::size_t count = 0;
  for (const geo::Vertex& v : boundary.vertices) {
    const Pixel at = panel.Of(v);
    if (at.x < 0 || at.y < 0 || at.x > kPanelPixels || at.y > kPanelPixels) continue;
    if (++count > kDotsMax) return {};
    dots += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.2\"/>", kind, at.x,
                        at.y);
  }
  return dots;
}

struct Case {
  const geo::Boundary* plot = nullptr;
  const geo::Boundary* other = nullptr;
  geo::Boundary common;
  geo::Vertex place;
};

std::string Draw(const Case& drawn, const Panel& panel, bool with_dots, std::string_view caption) {
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\"><svg width=\"{0}\" "
      "height=\"{0}\" class=\"panel\"><rect class=\"paper\" width=\"{0}\" height=\"{0}\"/>",
      kPanelPixels, kPanelPixels + 18);
  if (drawn.other) svg += AreaOf(panel, *drawn.other, "other");
  if (drawn.plot) svg += AreaOf(panel, *drawn.plot, "plot");
  if (!drawn.common.empty()) svg += AreaOf(panel, drawn.common, "common");
  if (with_dots && drawn.other) svg += DotsOf(panel, *drawn.other, "other-dot");
  if (with_dots && drawn.plot) svg += DotsOf(panel, *drawn.plot, "plot-dot");
  const Pixel place = panel.Of(drawn.place);
  svg += fmt::format("<circle class=\"place\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"8\"/></svg>", place.x,
                     place.y);
  const double width_m = panel.side_steps / static_cast<double>(geo::kStepsPerMetre);
  svg += fmt::format("<text x=\"0\" y=\"{}\">{} {:.{}f} m</text></svg>", kPanelPixels + 14, caption,
                     width_m, width_m < 10 ? 3 : 1);
  return svg;
}

// The square to enlarge: the overlap where it is small against the plots, else the place with some
// of its surroundings.
Panel ZoomOf(const v1::Finding& finding, const Case& drawn, const Panel& whole) {
  if (!drawn.common.empty()) {
    const Panel over = PanelOver(drawn.common.Bounds());
    if (over.side_steps * 2 < whole.side_steps) return over;
  }
  double side_m = kZoomUnmeasuredM;
  if (finding.unit() == "m") {
    // A vertex right on an edge measures nothing, and says so at the tolerance's size.
    const auto millionths = std::max(finding.measured_millionths(), finding.tolerance_millionths());
    side_m = kZoomOfMeasured * static_cast<double>(millionths) / 1e6;
  }
  const double side = std::clamp(side_m * static_cast<double>(geo::kStepsPerMetre),
                                 static_cast<double>(kZoomMin), whole.side_steps / 2);
  return {drawn.place, side};
}

}  // namespace

absl::StatusOr<std::string> SvgOf(const v1::Finding& finding, const FindingsGround& ground) {
  const auto boundary_of = [&](const ConcernedKey& key) {
    const auto found = ground.find(key);
    return found == ground.end() ? nullptr : &found->second;
  };
  Case drawn{boundary_of(SubjectOf(finding)), boundary_of(OtherOf(finding)), {}, {}};
  drawn.place = {finding.place().x(), finding.place().y()};
  geo::Box box;
  for (const geo::Boundary* boundary : {drawn.plot, drawn.other}) {
    if (boundary) box.Add(boundary->Bounds());
  }
  if (box.Empty()) return std::string();
  if (finding.rule() == "B201" || finding.rule() == "B202") {
    auto common = CommonGround(ground, SubjectOf(finding), OtherOf(finding));
    if (!common.ok()) return common.status();
    drawn.common = *std::move(common);
  }
  // A place outside, such as that of a vertex in another zone, would leave the plot a dot.
  if (!box.Contains(drawn.place)) drawn.place = {box.min_x, box.min_y};
  const Panel whole = PanelOver(box);
  return Draw(drawn, whole, false, "全图 whole, width") +
         Draw(drawn, ZoomOf(finding, drawn, whole), true, "放大 enlarged, width");
}

}  // namespace landbook::tools
