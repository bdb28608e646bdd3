// The calls that read plots and units. Requests have passed the door; every function may be called
// from any thread. What is absent is refused with RECORD_NOT_FOUND; where a call reads is
// read_point.h's.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_READS_H_

#include <memory>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/call_stream.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// One plot, named by its number or any code that it has or had, with its boundary as asked for.
common::Outcome<v1::Plot> GetPlot(const Book& book, const common::CallContext& call,
                                  const v1::GetPlotRequest& request);
// The plots in the order in which they were named; one that is absent refuses all.
// VALUE_OUT_OF_RANGE for more than 1,000 (kBatchMax).
common::Outcome<v1::BatchGetPlotsResponse> BatchGetPlots(const Book& book,
                                                         const common::CallContext& call,
                                                         const v1::BatchGetPlotsRequest& request);
// All plots, those that have ended too; or those in which the party holds a right that stands.
common::Outcome<v1::ListPlotsResponse> ListPlots(const Book& book, const common::CallContext& call,
                                                 const v1::ListPlotsRequest& request);
// The plots that hold the point or touch it, of every tier. FIELD_REQUIRED without a point, which
// is in steps of the book's plane.
common::Outcome<v1::LocatePlotsResponse> LocatePlots(const Book& book,
                                                     const common::CallContext& call,
                                                     const v1::LocatePlotsRequest& request);
// Every version of the plot's record up to where the book stands, the oldest first.
common::Outcome<v1::GetPlotHistoryResponse> GetPlotHistory(
    const Book& book, const common::CallContext& call, const v1::GetPlotHistoryRequest& request);
// What the plot was divided or joined from, and what became of it, to the first and the last of
// them. MESSAGE_TOO_LARGE for more than BookReader::kLineageMax plots on one side.
common::Outcome<v1::GetPlotLineageResponse> GetPlotLineage(
    const Book& book, const common::CallContext& call, const v1::GetPlotLineageRequest& request);

// The pages of a window. VALUE_OUT_OF_RANGE for a window that is inside out or a tier that the pack
// does not have. The source keeps the book.
common::Outcome<common::PageSource<v1::FindPlotsResponse>> OpenFindPlots(
    std::shared_ptr<const Book> book, const common::CallContext& call,
    const v1::FindPlotsRequest& request);

// One unit, named by its number or any code that it has or had.
common::Outcome<v1::Unit> GetUnit(const Book& book, const common::CallContext& call,
                                  const v1::GetUnitRequest& request);
// The units of a plot, those that have ended too.
common::Outcome<v1::ListUnitsResponse> ListUnits(const Book& book, const common::CallContext& call,
                                                 const v1::ListUnitsRequest& request);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_READS_H_
