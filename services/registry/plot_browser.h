// BrowsePlots: window after window over one call.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_BROWSER_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_BROWSER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_dialogue.h"
#include "services/common/call_stream.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"

namespace landbook::registry {

// Answers each question as FindPlots answers it, under the question's tag. One call's, on one
// thread at a time.
class PlotBrowser final : public common::Answerer<v1::BrowsePlotsRequest, v1::BrowsePlotsResponse> {
 public:
  // Gives the book of a county, or refuses.
  using FindBook = std::function<common::Outcome<std::shared_ptr<const Book>>(std::string_view)>;

  explicit PlotBrowser(FindBook find_book) : find_book_(std::move(find_book)) {}

  void Take(const common::CallContext& call, common::RefusalList refusals,
            v1::BrowsePlotsRequest& question) override;
  bool Next(v1::BrowsePlotsResponse& answer) override;

 private:
  common::RefusalList Open(const common::CallContext& call, v1::BrowsePlotsRequest& question);
  // Makes the page after the one that was sent last: whether there is one says which is the last.
  void Advance();

  const FindBook find_book_;
  std::uint64_t tag_ = 0;
  common::PageSource<v1::FindPlotsResponse> pages_;
  v1::FindPlotsResponse page_;
  std::size_t page_bytes_ = 0;  // of the largest so far: the next may well need as many
  bool has_page_ = false;
  common::RefusalList refusals_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_BROWSER_H_
