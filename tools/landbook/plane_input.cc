#include "tools/landbook/plane_input.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <utility>

#include "geo/normalise.h"
#include "geo/projection.h"
#include "tools/landbook/epsg.h"
#include "tools/landbook/outcome.h"

namespace landbook::tools {
namespace {

constexpr int kPiecesPerSide = 20;

absl::StatusOr<std::vector<geo::Vertex>> OnPlane(std::vector<geo::RawVertex> points,
                                                 const PlaneChange& change) {
  if (!change.source.empty()) {
    const absl::StatusOr<int> source = ParseEpsg(change.source);
    if (!source.ok()) return UsageError(std::string(source.status().message()));
    auto transformation = geo::Transformation::Make(fmt::format("EPSG:{}", *source),
                                                    fmt::format("EPSG:{}", change.plane_epsg));
    if (!transformation.ok()) return transformation.status();
    geo::RawBoundary carrier;
    carrier.vertices = std::move(points);
    transformation->ToPlane(carrier);
    points = std::move(carrier.vertices);
  }
  std::vector<geo::Vertex> vertices;
  for (const geo::RawVertex& point : points) {
    const auto x = geo::StepsFromMetres(point.x);
    const auto y = geo::StepsFromMetres(point.y);
    if (!x.ok() || !y.ok()) {
      return UsageError(
          fmt::format("({}, {}) is no place of the plane EPSG:{}; --crs says in "
                      "which system the numbers are",
                      point.x, point.y, change.plane_epsg));
    }
    vertices.push_back({*x, *y});
  }
  return vertices;
}

// The outline of a box, cut into pieces.
std::vector<geo::RawVertex> Outline(const std::vector<double>& corners) {
  std::vector<geo::RawVertex> outline;
  for (int i = 0; i <= kPiecesPerSide; ++i) {
    const double share = static_cast<double>(i) / kPiecesPerSide;
    const double x = corners[0] + (corners[2] - corners[0]) * share;
    const double y = corners[1] + (corners[3] - corners[1]) * share;
    outline.insert(outline.end(),
                   {{x, corners[1]}, {x, corners[3]}, {corners[0], y}, {corners[2], y}});
  }
  return outline;
}

}  // namespace

absl::StatusOr<std::vector<double>> ParseNumbers(const std::string& text, std::size_t count) {
  std::vector<double> numbers;
  const char* at = text.c_str();
  bool ended = false;
  while (!ended) {
    char* past = nullptr;
    const double number = std::strtod(at, &past);
    if (past == at || !std::isfinite(number)) break;
    numbers.push_back(number);
    ended = *past == '\0';
    if (!ended && *past != ',') break;
    at = past + 1;
  }
  if (ended && numbers.size() == count) return numbers;
  return UsageError(
      fmt::format("{} numbers with commas between them are wanted; '{}' came", count, text));
}

absl::StatusOr<geo::Vertex> ParsePoint(const std::string& text, const PlaneChange& change) {
  const auto numbers = ParseNumbers(text, 2);
  if (!numbers.ok()) return numbers.status();
  const auto points = OnPlane({{(*numbers)[0], (*numbers)[1]}}, change);
  if (!points.ok()) return points.status();
  return points->front();
}

absl::StatusOr<geo::Box> ParseBox(const std::string& text, const PlaneChange& change) {
  const auto corners = ParseNumbers(text, 4);
  if (!corners.ok()) return corners.status();
  const auto outline = OnPlane(Outline(*corners), change);
  if (!outline.ok()) return outline.status();
  geo::Box box;
  for (const geo::Vertex& vertex : *outline) box.Add(vertex);
  return box;
}

}  // namespace landbook::tools
