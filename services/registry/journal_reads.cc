#include "services/registry/journal_reads.h"

#include <algorithm>
#include <utility>

#include "services/registry/journal.h"
#include "services/registry/view.h"

namespace landbook::registry {
namespace {

using common::Outcome;
using common::PageStep;

class WatchSource {
 public:
  WatchSource(std::shared_ptr<const Book> book, const v1::WatchRequest& request,
              const std::shared_ptr<common::StreamGate>& gate)
      : book_(std::move(book)),
        next_(std::max<std::uint64_t>(1, request.from_sequence())),
        once_(request.once()),
        bytes_only_(request.bytes_only()) {
    if (once_) return;
    bell_ = book_->writer().AddListener([weak = std::weak_ptr(gate)](const Position&) {
      if (const auto woken = weak.lock()) woken->Wake();
    });
  }
  ~WatchSource() {
    if (bell_ != 0) book_->writer().RemoveListener(bell_);
  }
  WatchSource(const WatchSource&) = delete;
  WatchSource& operator=(const WatchSource&) = delete;

  Outcome<PageStep> Next(v1::JournalEntry& page) {
    if (next_ > book_->writer().position().sequence) {
      return once_ ? PageStep::kEnd : PageStep::kWait;
    }
    const EngineView view(&book_->engine());
    const auto entry = ReadEntry(view, book_->number(), next_);
    if (!entry.ok()) return common::RefusalFromEngine(entry.status());
    page = ToWire(*entry, bytes_only_);
    ++next_;
    return PageStep::kPage;
  }

 private:
  const std::shared_ptr<const Book> book_;
  std::uint64_t next_;
  const bool once_;
  const bool bytes_only_;
  std::uint64_t bell_ = 0;
};

}  // namespace

Outcome<common::PageSource<v1::JournalEntry>> OpenWatch(
    std::shared_ptr<const Book> book, const common::CallContext&, const v1::WatchRequest& request,
    const std::shared_ptr<common::StreamGate>& gate) {
  auto source = std::make_shared<WatchSource>(std::move(book), request, gate);
  return common::PageSource<v1::JournalEntry>(
      [source](v1::JournalEntry& page) { return source->Next(page); });
}

}  // namespace landbook::registry
