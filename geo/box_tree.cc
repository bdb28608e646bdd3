#include "geo/box_tree.h"

namespace landbook::geo {

BoxTree::BoxTree(std::vector<Box> items) : item_count_(items.size()), nodes_(std::move(items)) {
  level_begin_.push_back(0);
  while (LevelSize(level_begin_.size() - 1) > 1) {
    const std::size_t begin = level_begin_.back();
    const std::size_t end = nodes_.size();
    level_begin_.push_back(end);
    for (std::size_t child = begin; child < end; child += kFanOut) {
      Box box;
      for (std::size_t i = child; i < std::min(child + kFanOut, end); ++i) box.Add(nodes_[i]);
      nodes_.push_back(box);
    }
  }
}

}  // namespace landbook::geo
