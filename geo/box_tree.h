// A packed tree of boxes: which items may lie in a window.
//
// The items keep the order in which they are given, and every node covers the eight nodes below it
// that are next to each other. Edges along a ring lie close to the edges beside them, and plots
// sorted along the Hilbert curve do too, so the tree is built in one pass, without sorting, and is
// still narrow. Immutable after construction: any number of threads may query.
#ifndef LANDBOOK_GEO_BOX_TREE_H_
#define LANDBOOK_GEO_BOX_TREE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "geo/boundary.h"

namespace landbook::geo {

class BoxTree {
 public:
  // A tree without items.
  BoxTree() = default;
  // Takes the items' boxes; item i is the i-th of them. About 1.15 boxes of memory an item.
  explicit BoxTree(std::vector<Box> items);

  // How many items there are.
  std::size_t size() const { return item_count_; }
  // The box of item `item`. REQUIRES: item < size().
  const Box& Item(std::size_t item) const { return nodes_[item]; }

  // Calls visit(item) for every item from `first` on whose box shares a point with `window`, in
  // increasing order, until visit returns false.
  template <typename Visit>
  void Query(const Box& window, std::size_t first, Visit visit) const {
    if (item_count_ == 0) return;
    const Search search{window, first};
    const std::size_t top = level_begin_.size() - 1;
    Descend(search, {top, 0}, visit);
  }
  template <typename Visit>
  void Query(const Box& window, Visit visit) const {
    Query(window, 0, std::move(visit));
  }

 private:
  static constexpr std::size_t kFanOut = 8;

  struct Search {
    const Box& window;
    std::size_t first;
  };
  struct Node {
    std::size_t level;
    std::size_t index;
  };

  std::size_t LevelSize(std::size_t level) const {
    return (level + 1 < level_begin_.size() ? level_begin_[level + 1] : nodes_.size()) -
           level_begin_[level];
  }

  // Visits what lies below `node`; false when the visitor has had enough.
  template <typename Visit>
  bool Descend(const Search& search, Node node, Visit& visit) const {
    if (!nodes_[level_begin_[node.level] + node.index].Intersects(search.window)) return true;
    if (node.level == 0) return node.index < search.first || visit(node.index);
    const std::size_t below = node.level - 1;
    const std::size_t end = std::min((node.index + 1) * kFanOut, LevelSize(below));
    const std::size_t items_each = ItemsEach(below);
    for (std::size_t child = node.index * kFanOut; child < end; ++child) {
      if ((child + 1) * items_each <= search.first) continue;
      if (!Descend(search, {below, child}, visit)) return false;
    }
    return true;
  }

  // How many items a full node of `level` covers.
  static std::size_t ItemsEach(std::size_t level) { return std::size_t{1} << (3 * level); }

  std::size_t item_count_ = 0;
  std::vector<Box> nodes_;                // level 0 (the items), then each level above
  std::vector<std::size_t> level_begin_;  // where each level begins in nodes_
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOX_TREE_H_
