#include "sheet/cairo_bridge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sheet/sheet_text.h"

namespace landbook::sheet {
namespace {

using testing::HasSubstr;

class PainterTest : public testing::Test {
 protected:
  void SetUp() override {
    auto painter = Painter::Open();
    ASSERT_TRUE(painter.ok()) << painter.status();
    painter_ = *std::move(painter);
  }

  static Drawing Saying(const std::string& text) {
    Drawing drawing{"a sheet", "2026-03-02T01:00:00Z", {Page()}};
    Layer layer;
    layer.marks.emplace_back(Placed(PlainText(text, 3), {30, 30}, Align::kLeft));
    layer.marks.emplace_back(Lines{{{{30, 40}, {60, 40}}}, false, 0.3, kRed});
    layer.marks.emplace_back(Fill{{{{30, 50}, {60, 50}, {60, 60}}}, kBlack});
    layer.marks.emplace_back(Disc{{30, 40}, 0.4, 0.1, kRed});
    drawing.pages[0].layers.push_back(std::move(layer));
    return drawing;
  }

  std::unique_ptr<Painter> painter_;
};

TEST_F(PainterTest, RareCharactersOfTheSupplementaryPlanesHaveGlyphs) {
  // Extension A, B, C and F.
  EXPECT_TRUE(painter_->CheckGlyphs(Saying("㐀𠮷𠀋𪚥𪜀")).ok());
}

TEST_F(PainterTest, AMissingGlyphIsNamedWithItsCodePointAndText) {
  const auto status = painter_->Pdf(Saying("样例村\U0010FFFD号")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("'\U0010FFFD' (U+10FFFD) in '样例村\U0010FFFD号'"));
  EXPECT_FALSE(painter_->Png(Saying("\U0010FFFD"), 0, 96).ok());
  EXPECT_FALSE(painter_->CheckGlyphs(Saying("a line\nbreak")).ok());
  EXPECT_FALSE(painter_->CheckGlyphs(Saying("\xFF")).ok());
}

TEST_F(PainterTest, TheSameDrawingGivesTheSameBytes) {
  const auto pdf = painter_->Pdf(Saying("宗地图"));
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_THAT(pdf->substr(0, 7), "%PDF-1.");
  EXPECT_NE(pdf->find("(20260302010000Z)"), std::string::npos) << "not the moment of drawing";
  auto other = Painter::Open();
  ASSERT_TRUE(other.ok());
  EXPECT_TRUE(*(*other)->Pdf(Saying("宗地图")) == *pdf);
  EXPECT_FALSE(*(*other)->Pdf(Saying("宗地")) == *pdf);
}

TEST_F(PainterTest, APngHasThePapersSizeInDots) {
  const auto png = painter_->Png(Saying("宗地图"), 0, 300);
  ASSERT_TRUE(png.ok()) << png.status();
  ASSERT_EQ(png->substr(0, 4), "\x89PNG");
  const auto size_at = [&](std::size_t at) {
    int size = 0;
    for (std::size_t i = 0; i < 4; ++i)
      size = size * 256 + static_cast<unsigned char>((*png)[at + i]);
    return size;
  };
  EXPECT_EQ(size_at(16), 2480);
  EXPECT_EQ(size_at(20), 3508);
}

TEST_F(PainterTest, TextIsMeasuredInMillimetres) {
  EXPECT_NEAR(painter_->WidthMm(PlainText("宗地图", 3)), 9, 0.01);
  EXPECT_NEAR(painter_->WidthMm(PlainText("宗地图", 6)), 18, 0.01);
  EXPECT_EQ(painter_->WidthMm(PlainText("", 3)), 0);
}

}  // namespace
}  // namespace landbook::sheet
