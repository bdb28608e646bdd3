#include "services/registry/plot_browser.h"

#include <algorithm>
#include <utility>

#include "services/registry/plot_reads.h"

namespace landbook::registry {

void PlotBrowser::Take(const common::CallContext& call, common::RefusalList refusals,
                       v1::BrowsePlotsRequest& question) {
  tag_ = question.tag();
  refusals_ = std::move(refusals);
  has_page_ = false;
  page_.Clear();
  if (refusals_.empty()) refusals_ = Open(call, question);
  if (refusals_.empty()) Advance();
}

common::RefusalList PlotBrowser::Open(const common::CallContext& call,
                                      v1::BrowsePlotsRequest& question) {
  auto book = find_book_(question.county());
  if (!book.ok()) return std::move(book.refusals());
  v1::FindPlotsRequest asked;
  asked.set_tier(std::move(*question.mutable_tier()));
  if (question.has_window()) asked.mutable_window()->Swap(question.mutable_window());
  if (question.has_read()) asked.mutable_read()->Swap(question.mutable_read());
  auto pages = OpenFindPlots(*std::move(book), call, asked);
  if (!pages.ok()) return std::move(pages.refusals());
  pages_ = std::move(*pages);
  return {};
}

void PlotBrowser::Advance() {
  page_.Clear();
  page_.mutable_page()->reserve(page_bytes_);
  const auto step = pages_(page_);
  if (!step.ok()) refusals_ = step.refusals();
  has_page_ = step.ok() && *step == common::PageStep::kPage;
  page_bytes_ = std::max(page_bytes_, page_.page().size());
}

bool PlotBrowser::Next(v1::BrowsePlotsResponse& answer) {
  answer.set_tag(tag_);
  if (!refusals_.empty()) {
    for (v1::Refusal& refusal : refusals_) {
      *answer.mutable_refusals()->add_refusals() = std::move(refusal);
    }
    answer.set_last(true);
    return false;
  }
  // A window without plots is answered too: by a page without plots that says of which entry.
  answer.mutable_plots()->Swap(&page_);
  if (has_page_) Advance();
  const bool more = has_page_ || !refusals_.empty();
  answer.set_last(!more);
  return more;
}

}  // namespace landbook::registry
