#include "geo/reference_check_testing.h"

#include <algorithm>

namespace landbook::geo {

absl::StatusOr<std::vector<Finding>> ReferenceCheck(std::span<const LayerPlot> plots,
                                                    const LayerOptions& options,
                                                    double relief_steps) {
  std::vector<Finding> findings;
  std::vector<ReferencePlot> sound;
  Vertex origin;  // of the first sound plot; one for all, for GEOS
  for (const LayerPlot& plot : plots) {
    const absl::StatusOr<std::vector<Finding>> alone = ReferenceAlone(plot.subject, options);
    if (!alone.ok()) return alone.status();
    if (!plot.standing) findings.insert(findings.end(), alone->begin(), alone->end());
    if (!Sound(*alone)) continue;
    BoundaryEdges edges(plot.subject.boundary);
    if (sound.empty()) origin = edges.boundary().vertices[0];
    absl::StatusOr<Shape> shape = Shape::Of(edges.boundary(), origin);
    if (!shape.ok()) return shape.status();
    sound.push_back({plot.subject.id, plot.standing, std::move(edges), *std::move(shape)});
  }
  std::sort(sound.begin(), sound.end(),
            [](const ReferencePlot& a, const ReferencePlot& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < sound.size(); ++i) {
    for (std::size_t j = i + 1; j < sound.size(); ++j) {
      if (sound[i].standing && sound[j].standing) continue;
      const absl::Status added =
          AddReferencePair(sound[i], sound[j], options.tolerances, &findings);
      if (!added.ok()) return added;
    }
  }
  const absl::Status added = AddReferenceGaps(sound, options.tolerances, relief_steps, &findings);
  if (!added.ok()) return added;
  std::sort(findings.begin(), findings.end(), FindingBefore);
  return findings;
}

}  // namespace landbook::geo
