#include "tools/landbook/package_survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

#include "tools/exchange/boundary_survey.h"

namespace landbook::tools {
namespace {

using exchange::Statement;

// Coordinates in one text, "x y x y …": lines that run alike have the same.
std::string TextOf(const std::vector<geo::Vertex>& places) {
  std::string text;
  for (const geo::Vertex place : places) text += fmt::format("{} {} ", place.x, place.y);
  return text;
}

std::vector<geo::Vertex> PlacesOf(std::string_view text) {
  std::vector<geo::Vertex> places;
  while (!text.empty()) {
    geo::Vertex& place = places.emplace_back();
    for (std::int64_t* value : {&place.x, &place.y}) {
      const auto read = std::from_chars(text.data(), text.data() + text.size(), *value);
      text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + 1);
    }
  }
  return places;
}

bool SameLine(const geo::BoundaryLine& a, const geo::BoundaryLine& b) {
  return a.nature == b.nature && a.category == b.category && a.position == b.position &&
         a.number == b.number && a.description == b.description;
}

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::string_view part = list.substr(0, list.find('/'));
    parts.emplace_back(part);
    list.remove_prefix(std::min(list.size(), part.size() + 1));
  }
  return parts;
}

// The runs of edges of one ring that are one line: parted where the line changes, and at a point
// that bounds lines without a number.
class Runs {
 public:
  Runs(const geo::Boundary& boundary, std::uint32_t begin, std::uint32_t end)
      : begin_(begin), end_(end) {
    for (const geo::BoundaryPoint& point : boundary.points) points_[point.vertex] = &point;
    for (const geo::BoundaryLine& line : boundary.lines) lines_[line.vertex] = &line;
  }

  // Calls `take` with each run's first edge and its number of edges.
  template <typename Take>
  void ForEach(const Take& take) const {
    const std::uint32_t size = end_ - begin_;
    std::uint32_t first = 0;
    while (first < size && !BeginsRun(first)) ++first;
    if (first == size) return;  // no edge has a line, or one line closes in itself
    for (std::uint32_t i = 0; i < size;) {
      const std::uint32_t edge = (first + i) % size;
      std::uint32_t edges = 1;
      while (i + edges < size && !BeginsRun((edge + edges) % size)) ++edges;
      if (lines_.contains(begin_ + edge)) take(begin_ + edge, edges);
      i += edges;
    }
  }

  std::string NumberAt(std::uint32_t vertex) const {
    const auto found = points_.find(vertex);
    return found == points_.end() ? "" : found->second->number;
  }
  const geo::BoundaryLine& LineAt(std::uint32_t edge) const { return *lines_.at(edge); }
  std::uint32_t VertexAfter(std::uint32_t edge, std::uint32_t steps) const {
    return begin_ + (edge - begin_ + steps) % (end_ - begin_);
  }

 private:
  // Whether another run begins with the ring's edge at `place`.
  bool BeginsRun(std::uint32_t place) const {
    const std::uint32_t size = end_ - begin_;
    const auto line = lines_.find(begin_ + place);
    const auto before = lines_.find(begin_ + (place + size - 1) % size);
    if (line == lines_.end() || before == lines_.end()) return line != before;
    if (!SameLine(*line->second, *before->second)) return true;
    return line->second->number.empty() && points_.contains(begin_ + place);
  }

  std::uint32_t begin_;
  std::uint32_t end_;
  std::map<std::uint32_t, const geo::BoundaryPoint*> points_;
  std::map<std::uint32_t, const geo::BoundaryLine*> lines_;
};

}  // namespace

absl::StatusOr<SurveyRows> SurveyRows::Make(exchange::Scratch& scratch) {
  const absl::Status made = scratch.Run(
      "CREATE TABLE vertex_point(x INTEGER, y INTEGER, number TEXT, mark INTEGER, method INTEGER, "
      "code TEXT);"
      "CREATE TABLE edge_line(places TEXT, nature INTEGER, category INTEGER, position INTEGER, "
      "number TEXT, description TEXT, from_number TEXT, to_number TEXT, code TEXT)");
  if (!made.ok()) return made;
  return SurveyRows(scratch);
}

absl::Status SurveyRows::Add(const std::string& code, const geo::Boundary& boundary) {
  auto put = scratch_->Prepare("INSERT INTO vertex_point VALUES(?, ?, ?, ?, ?, ?)");
  if (!put.ok()) return put.status();
  for (const geo::BoundaryPoint& point : boundary.points) {
    const geo::Vertex place = boundary.vertices[point.vertex];
    put->Bind(place.x).Bind(place.y).Bind(point.number);
    put->Bind(std::int64_t{point.mark}).Bind(std::int64_t{point.method}).Bind(code);
    if (absl::Status status = put->Step().status(); !status.ok()) return status;
    put->Reset();
  }
  return AddLines(code, boundary);
}

absl::Status SurveyRows::AddLines(const std::string& code, const geo::Boundary& boundary) {
  auto put = scratch_->Prepare("INSERT INTO edge_line VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!put.ok()) return put.status();
  absl::Status status;
  std::uint32_t begin = 0;
  for (const std::uint32_t end : boundary.ring_ends) {
    const Runs runs(boundary, begin, end);
    begin = end;
    runs.ForEach([&](std::uint32_t edge, std::uint32_t edges) {
      std::vector<geo::Vertex> places;
      for (std::uint32_t i = 0; i <= edges; ++i) {
        places.push_back(boundary.vertices[runs.VertexAfter(edge, i)]);
      }
      std::string from = runs.NumberAt(edge);
      std::string to = runs.NumberAt(runs.VertexAfter(edge, edges));
      if (places.back() < places.front()) {
        std::reverse(places.begin(), places.end());
        std::swap(from, to);
      }
      const geo::BoundaryLine& line = runs.LineAt(edge);
      put->Bind(TextOf(places)).Bind(std::int64_t{line.nature}).Bind(std::int64_t{line.category});
      put->Bind(std::int64_t{line.position}).Bind(line.number).Bind(line.description);
      put->Bind(from).Bind(to).Bind(code);
      status.Update(put->Step().status());
      put->Reset();
    });
  }
  return status;
}

absl::Status SurveyRows::ForEachPoint(const std::function<absl::Status(const PointRow&)>& take) {
  auto rows = scratch_->Prepare(
      "SELECT x, y, number, mark, method, group_concat(code, '/') FROM vertex_point "
      "GROUP BY x, y, number, mark, method ORDER BY min(code), y, x");
  if (!rows.ok()) return rows.status();
  for (;;) {
    const auto row = rows->Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    PointRow point;
    point.place = {rows->Integer(0), rows->Integer(1)};
    point.point.number = rows->Text(2);
    point.point.mark = static_cast<std::uint8_t>(rows->Integer(3));
    point.point.method = static_cast<std::uint8_t>(rows->Integer(4));
    point.plots = Split(rows->Text(5));
    std::sort(point.plots.begin(), point.plots.end());
    if (absl::Status taken = take(point); !taken.ok()) return taken;
  }
}

absl::Status SurveyRows::ForEachLine(const std::function<absl::Status(const LineRow&)>& take) {
  auto rows = scratch_->Prepare(
      "SELECT places, nature, category, number, description, from_number, to_number, "
      "group_concat(code || ' ' || position, '/') FROM edge_line "
      "GROUP BY places, nature, category, number, description, from_number, to_number "
      "ORDER BY min(code), places");
  if (!rows.ok()) return rows.status();
  for (;;) {
    const auto row = rows->Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    LineRow line;
    line.places = PlacesOf(rows->Text(0));
    line.line.nature = static_cast<std::uint32_t>(rows->Integer(1));
    line.line.category = static_cast<std::uint8_t>(rows->Integer(2));
    line.line.number = rows->Text(3);
    line.line.description = rows->Text(4);
    line.from = rows->Text(5);
    line.to = rows->Text(6);
    // A code, a blank, and the position as seen from that plot: the first one's counts.
    std::vector<std::string> sides = Split(rows->Text(7));
    std::sort(sides.begin(), sides.end());
    for (const std::string& side : sides) line.plots.push_back(side.substr(0, side.find(' ')));
    line.line.position =
        static_cast<std::uint8_t>(std::stoi(sides.front().substr(sides.front().find(' '))));
    if (absl::Status taken = take(line); !taken.ok()) return taken;
  }
}

}  // namespace landbook::tools
