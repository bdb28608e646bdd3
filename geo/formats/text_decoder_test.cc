#include "geo/formats/text_decoder.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

TextDecoder Decoder(std::string_view name) { return *TextDecoder::ForName(name); }

TEST(TextDecoderTest, KnowsEncodingsByTheNamesThatFilesUse) {
  EXPECT_EQ(Decoder("utf-8").name(), "UTF-8");
  EXPECT_EQ(Decoder("65001\r\n").name(), "UTF-8");
  EXPECT_EQ(Decoder("GBK").name(), "GB18030");
  EXPECT_EQ(Decoder("cp936").name(), "GB18030");
  EXPECT_EQ(Decoder("ANSI 936").name(), "GB18030");
  EXPECT_EQ(Decoder("ISO-8859-1").name(), "ISO-8859-1");
  EXPECT_EQ(Decoder("").name(), TextDecoder::kPerValue);
}

TEST(TextDecoderTest, RefusesAnEncodingThatItDoesNotKnow) {
  const auto decoder = TextDecoder::ForName("Klingon");
  EXPECT_EQ(decoder.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(decoder.status().message().find("Klingon"), std::string::npos);
}

TEST(TextDecoderTest, DecodesGbkAndFourByteGb18030) {
  EXPECT_EQ(Decoder("GBK").Decode("\xB5\xD8\xBF\xE9"), "地块");
  EXPECT_EQ(Decoder("GB18030").Decode("\x95\x32\x82\x36"), "𠀀");  // U+20000, a rare given name
}

TEST(TextDecoderTest, RefusesACharacterThatIsCutInHalf) {
  EXPECT_EQ(Decoder("GBK").Decode("\xB5\xD8\xBF"), std::nullopt);
  EXPECT_EQ(Decoder("UTF-8").Decode("\xE5\x9C"), std::nullopt);
  EXPECT_EQ(Decoder("").Decode("\xE5\x9C\xB0\xFF"), std::nullopt);
}

TEST(TextDecoderTest, JudgesByValueWhereNothingIsStated) {
  const TextDecoder decoder = Decoder("");
  EXPECT_EQ(decoder.Decode("地块"), "地块");
  EXPECT_EQ(decoder.Decode("\xB5\xD8\xBF\xE9"), "地块");
  EXPECT_EQ(decoder.Decode("DK01"), "DK01");
}

TEST(TextDecoderTest, TakesStatedUtf8AtItsWord) {
  EXPECT_EQ(Decoder("UTF-8").Decode("\xB5\xD8\xBF\xE9"), std::nullopt);
}

TEST(TextDecoderTest, AFailureLeavesNoTraceInTheNextValue) {
  const TextDecoder decoder = Decoder("GBK");
  EXPECT_EQ(decoder.Decode("\xB5"), std::nullopt);
  EXPECT_EQ(decoder.Decode("\xB5\xD8"), "地");
}

TEST(TextEncoderTest, WritesGbkAndRefusesWhatGbkLacks) {
  const auto encoder = TextEncoder::ForName("GBK");
  ASSERT_TRUE(encoder.ok());
  EXPECT_EQ(encoder->name(), "GBK");
  EXPECT_EQ(encoder->Encode("地块"), "\xB5\xD8\xBF\xE9");
  EXPECT_EQ(encoder->Encode("𠀀"), std::nullopt);
  EXPECT_EQ(encoder->Encode("\xFF"), std::nullopt);
}

constexpr const char* kCharacters[] = {"a", "地", "𠀀", "，"};

RC_GTEST_PROP(TextEncoderProperty, WhatIsEncodedDecodesToTheSame, ()) {
  std::string text;
  for (const int index : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4))) {
    text += kCharacters[index];
  }
  const auto encoder = TextEncoder::ForName("GB18030");
  const auto encoded = encoder->Encode(text);
  RC_ASSERT(encoded.has_value());
  RC_ASSERT(Decoder("GB18030").Decode(*encoded) == text);
}

}  // namespace
}  // namespace landbook::geo
