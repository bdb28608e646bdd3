// The keys of a range one after another, read in pages: any range in bounded memory.
#ifndef LANDBOOK_SERVICES_REGISTRY_KEY_STREAM_H_
#define LANDBOOK_SERVICES_REGISTRY_KEY_STREAM_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "storage/engine.h"

namespace landbook::registry {

// Each page is of its own moment; a writer may go on between them. One thread at a time.
class KeyStream {
 public:
  // REQUIRES: `engine` outlives the stream.
  KeyStream(const storage::Engine* engine, storage::KeyRange range)
      : engine_(engine), remaining_({std::move(range)}) {}

  // The item that is next; null at the end or when the engine has failed.
  const storage::KeyValue* Peek() {
    if (next_ == items_.size() && !remaining_.empty() && status_.ok()) ReadMore();
    return next_ < items_.size() ? &items_[next_] : nullptr;
  }
  // Goes past it. REQUIRES: Peek() is not null.
  void Next() { ++next_; }

  const absl::Status& status() const { return status_; }

 private:
  static constexpr std::size_t kPageBytesMax = 1u << 20;

  void ReadMore() {
    auto page = storage::ScanPage(*engine_, remaining_.front(), {.max_bytes = kPageBytesMax});
    status_ = page.status();
    items_ = page.ok() ? std::move(page->items) : std::vector<storage::KeyValue>();
    remaining_ = page.ok() ? std::move(page->remaining) : storage::RemainingRanges();
    next_ = 0;
  }

  const storage::Engine* engine_;
  storage::RemainingRanges remaining_;
  std::vector<storage::KeyValue> items_;
  std::size_t next_ = 0;
  absl::Status status_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_KEY_STREAM_H_
