#include "geo/box_tree.h"

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

Box AnyBox() {
  const auto x = *rc::gen::inRange<std::int64_t>(0, 100);
  const auto y = *rc::gen::inRange<std::int64_t>(0, 100);
  return {x, y, x + *rc::gen::inRange<std::int64_t>(0, 20),
          y + *rc::gen::inRange<std::int64_t>(0, 20)};
}

RC_GTEST_PROP(BoxTreeTest, FindsWhatAWalkFinds, ()) {
  std::vector<Box> boxes(*rc::gen::inRange<std::size_t>(0, 200));
  for (Box& box : boxes) box = AnyBox();
  const BoxTree tree(boxes);
  RC_ASSERT(tree.size() == boxes.size());
  const Box window = AnyBox();
  const std::size_t first = *rc::gen::inRange<std::size_t>(0, 220);
  std::vector<std::size_t> expected;
  for (std::size_t i = first; i < boxes.size(); ++i) {
    if (boxes[i].Intersects(window)) expected.push_back(i);
  }
  std::vector<std::size_t> found;
  tree.Query(window, first, [&found](std::size_t item) {
    found.push_back(item);
    return true;
  });
  RC_ASSERT(found == expected);
}

TEST(BoxTreeTest, StopsWhenTheVisitorHasHadEnough) {
  const BoxTree tree(std::vector<Box>(100, Box{0, 0, 1, 1}));
  std::vector<std::size_t> found;
  tree.Query({0, 0, 5, 5}, [&found](std::size_t item) {
    found.push_back(item);
    return found.size() < 3;
  });
  EXPECT_EQ(found, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(BoxTreeTest, AnEmptyTreeHasNothing) {
  const BoxTree tree;
  tree.Query({-100, -100, 100, 100}, [](std::size_t) -> bool {
    ADD_FAILURE() << "nothing to visit";
    return true;
  });
  EXPECT_EQ(tree.size(), 0U);
}

}  // namespace
}  // namespace landbook::geo
