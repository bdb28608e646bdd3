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
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

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
  // Memory that a part takes beside its own bytes: its places in a list and a table.
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

  // Parts in the order in which they came, but for those that were asked for since: they are passed
  // over once, and go to the end (second chance).
  class Shard {
   public:
    Kept Find(PartId id) LANDBOOK_EXCLUDES(mutex_) {
      storage::MutexLock lock(mutex_);
      const auto found = by_id_.find(id);
      if (found == by_id_.end()) return {};
      found->second->asked_for = true;
      return found->second->kept;
    }

    void Keep(PartId id, Kept kept, std::size_t bytes, std::size_t bytes_max)
        LANDBOOK_EXCLUDES(mutex_) {
      storage::MutexLock lock(mutex_);
      if (const auto found = by_id_.find(id); found != by_id_.end()) {
        if (found->second->kept.as_of > kept.as_of) return;
        Remove(found->second);
      }
      while (bytes_ + bytes > bytes_max) MakeRoom();
      entries_.push_back({id, std::move(kept), bytes, false});
      by_id_[id] = std::prev(entries_.end());
      bytes_ += bytes;
    }

    std::size_t bytes() const LANDBOOK_EXCLUDES(mutex_) {
      storage::MutexLock lock(mutex_);
      return bytes_;
    }

   private:
    struct Entry {
      PartId id = 0;
      Kept kept;
      std::size_t bytes = 0;
      bool asked_for = false;
    };
    using Entries = std::list<Entry>;

    void MakeRoom() LANDBOOK_REQUIRES(mutex_) {
      const auto first = entries_.begin();
      if (!first->asked_for) return Remove(first);
      first->asked_for = false;
      entries_.splice(entries_.end(), entries_, first);
    }

    void Remove(typename Entries::iterator entry) LANDBOOK_REQUIRES(mutex_) {
      bytes_ -= entry->bytes;
      by_id_.erase(entry->id);
      entries_.erase(entry);
    }

    mutable storage::Mutex mutex_;
    Entries entries_ LANDBOOK_GUARDED_BY(mutex_);
    std::unordered_map<PartId, typename Entries::iterator, Hash> by_id_ LANDBOOK_GUARDED_BY(mutex_);
    std::size_t bytes_ LANDBOOK_GUARDED_BY(mutex_) = 0;
  };

  static std::size_t ShardOf(const PartId& id) { return (Hash()(id) >> 32) % kShards; }

  const std::size_t shard_bytes_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PART_CACHE_H_
