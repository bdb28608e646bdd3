// Parts of the newest state of books as they were read last, in memory of bounded size.
//
// A part is kept with the entry it was read as of, and is shown to a reader of entry s only while
// the part's stamp (change_stamps.h) is at most both entries. Both were positions of the book, so
// the stamp tells of every change up to the later of the two; none lies between them, and what was
// read as of the one is what holds as of the other. A change needs no further step to make what is
// kept invalid, and nothing can be kept too late: what was read before a change and is kept after
// it carries the earlier entry.
//
// The stamp is asked for after the part was taken out. So a part that was read after a change, and
// found here by a reader of an earlier entry, comes together with the stamp of that change.
#ifndef LANDBOOK_SERVICES_REGISTRY_PART_CACHE_H_
#define LANDBOOK_SERVICES_REGISTRY_PART_CACHE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/registry/change_stamps.h"
#include "storage/mutex.h"

namespace landbook::registry {

// A part of one of several books. A book that is opened again counts as another.
struct PartId {
  std::uint64_t book = 0;
  PartName name = 0;
  friend bool operator==(const PartId&, const PartId&) = default;
};

// Thread-safe. Parts are given out shared and are never changed.
template <typename Part>
class PartCache {
 public:
  // Memory that a part takes beside its own bytes: its places in a queue and a table.
  static constexpr std::size_t kOverheadBytes = 160;

  explicit PartCache(std::size_t bytes_max) : shard_bytes_max_(bytes_max / kShards) {}

  // The part as it is as of entry `as_of`; null when it is not here so. REQUIRES: `stamps` are
  // those of the book, which has reached `as_of`.
  std::shared_ptr<const Part> Find(PartId id, const ChangeStamps& stamps, std::uint64_t as_of) {
    Kept kept = shards_[ShardOf(id)].Find(id);
    if (!kept.part) return nullptr;
    const std::uint64_t stamp = stamps.Of(id.name);
    return stamp <= std::min(as_of, kept.as_of) ? std::move(kept.part) : nullptr;
  }

  // Keeps the part as it was read as of `as_of`, in the place of one read before it; others that
  // were not asked for lately make room. `bytes` is what it takes. One that is larger than a shard
  // may be is not kept. REQUIRES: the book has reached `as_of`.
  void Keep(PartId id, std::uint64_t as_of, std::shared_ptr<const Part> part, std::size_t bytes) {
    bytes += kOverheadBytes;
    if (bytes > shard_bytes_max_) return;
    shards_[ShardOf(id)].Keep(id, {as_of, std::move(part)}, bytes, shard_bytes_max_);
  }

  // What is kept takes so many bytes, at most `bytes_max`.
  std::size_t bytes() const {
    std::size_t bytes = 0;
    for (const Shard& shard : shards_) bytes += shard.bytes();
    return bytes;
  }

 private:
  static constexpr std::size_t kShards = 16;

  struct Kept {
    std::uint64_t as_of = 0;
    std::shared_ptr<const Part> part;
  };

  struct Hash {
    std::size_t operator()(const PartId& id) const {
      return static_cast<std::size_t>((id.name ^ (id.book << 48)) * 0x9e37'79b9'7f4a'7c15U >> 24);
    }
  };

  // Parts make room in the order in which they came, but for those that were asked for since: they
  // are passed over once, and go to the end (second chance).
  class Shard {
   public:
    Kept Find(const PartId& id) LANDBOOK_EXCLUDES(mutex_) {
      storage::MutexLock lock(mutex_);
      const auto found = entries_.find(id);
      if (found == entries_.end()) return {};
      found->second.asked_for = true;
      return found->second.kept;
    }

    void Keep(const PartId& id, Kept kept, std::size_t bytes, std::size_t bytes_max)
        LANDBOOK_EXCLUDES(mutex_) {
      storage::MutexLock lock(mutex_);
      const auto [place, is_new] = entries_.try_emplace(id);
      Entry& entry = place->second;
      if (!is_new && entry.kept.as_of > kept.as_of) return;
      bytes_ += bytes - entry.bytes;
      entry.kept = std::move(kept);
      entry.bytes = bytes;
      if (is_new) order_.push_back(id);
      while (bytes_ > bytes_max) MakeRoom();
    }

    std::size_t bytes() const LANDBOOK_EXCLUDES(mutex_) {
      storage::MutexLock lock(mutex_);
      return bytes_;
    }

   private:
    struct Entry {
      Kept kept;
      std::size_t bytes = 0;
      bool asked_for = false;
    };

    void MakeRoom() LANDBOOK_REQUIRES(mutex_) {
      const auto first = entries_.find(order_.front());
      order_.pop_front();
      if (first->second.asked_for) {
        first->second.asked_for = false;
        order_.push_back(first->first);
        return;
      }
      bytes_ -= first->second.bytes;
      entries_.erase(first);
    }

    mutable storage::Mutex mutex_;
    absl::flat_hash_map<PartId, Entry, Hash> entries_ LANDBOOK_GUARDED_BY(mutex_);
    std::deque<PartId> order_ LANDBOOK_GUARDED_BY(mutex_);  // every entry once
    std::size_t bytes_ LANDBOOK_GUARDED_BY(mutex_) = 0;
  };

  static std::size_t ShardOf(const PartId& id) { return (Hash()(id) >> 32) % kShards; }

  const std::size_t shard_bytes_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PART_CACHE_H_
