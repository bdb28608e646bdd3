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
    if (first >= item_count_) return;
    const std::size_t top = level_begin_.size() - 1;
    if (Meet(nodes_[level_begin_[top]], window)) Descend({window, first}, {top, 0}, visit);
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

  // Visits what lies below `node`, whose own box is not asked; false when the visitor has had
  // enough.
  template <typename Visit>
  bool Descend(const Search& search, Node node, Visit& visit) const {
    if (node.level == 0) return visit(node.index);
    const std::size_t below = node.level - 1;
    const std::size_t end = std::min((node.index + 1) * kFanOut, LevelSize(below));
    const std::size_t begin = std::max(node.index * kFanOut, search.first / ItemsEach(below));
    for (std::size_t child = begin; child < end; ++child) {
      if (!Meet(nodes_[level_begin_[below] + child], search.window)) continue;
      if (!Descend(search, {below, child}, visit)) return false;
    }
    return true;
  }

  // As Box::Intersects, but asks for all sides at once: whether one side decides is as good as
  // random here, and a processor that guesses wrong loses more than the other three cost.
  static bool Meet(const Box& a, const Box& b) {
    return static_cast<bool>((a.min_x <= b.max_x) & (b.min_x <= a.max_x) & (a.min_y <= b.max_y) &
                             (b.min_y <= a.max_y));
  }

  // How many items a full node of `level` covers.
  static std::size_t ItemsEach(std::size_t level) { return std::size_t{1} << (3 * level); }

  std::size_t item_count_ = 0;
  std::vector<Box> nodes_;                // level 0 (the items), then each level above
  std::vector<std::size_t> level_begin_;  // where each level begins in nodes_
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_BOX_TREE_H_
