#include "storage/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <tuple>
#include <utility>

namespace landbook::storage {
namespace {

template <class Append, class Value>
std::string Encoded(Append append, const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

TEST(Bytes, GoldenBytes) {
  EXPECT_EQ(Encoded(AppendU8, 0xab), "\xab");
  EXPECT_EQ(Encoded(AppendU16, 0x0102), "\x01\x02");
  EXPECT_EQ(Encoded(AppendU32, 0x01020304u), "\x01\x02\x03\x04");
  EXPECT_EQ(Encoded(AppendU64, 0x0102030405060708u), "\x01\x02\x03\x04\x05\x06\x07\x08");
  EXPECT_EQ(Encoded(AppendI64, -1), "\x7f\xff\xff\xff\xff\xff\xff\xff");
  EXPECT_EQ(Encoded(AppendI64, 1), std::string("\x80\0\0\0\0\0\0\x01", 8));
  EXPECT_EQ(Encoded(AppendOrderedText, std::string("a\0b", 3)), std::string("a\0\xff"
                                                                            "b\0\x01",
                                                                            6));
  EXPECT_EQ(Encoded(AppendVarint, 127u), "\x7f");
  EXPECT_EQ(Encoded(AppendVarint, 300u), "\xac\x02");
  EXPECT_EQ(Encoded(AppendLengthPrefixed, "abc"),
            "\x03"
            "abc");
}

RC_GTEST_PROP(Bytes, EveryFieldComesBack,
              (std::uint8_t a, std::uint16_t b, std::uint32_t c, std::uint64_t d, std::int64_t e,
               std::string text, std::string bytes)) {
  std::string out;
  AppendU8(out, a);
  AppendU16(out, b);
  AppendU32(out, c);
  AppendU64(out, d);
  AppendI64(out, e);
  AppendOrderedText(out, text);
  AppendVarint(out, d);
  AppendLengthPrefixed(out, bytes);
  ByteReader reader(out);
  RC_ASSERT(reader.ReadU8() == a);
  RC_ASSERT(reader.ReadU16() == b);
  RC_ASSERT(reader.ReadU32() == c);
  RC_ASSERT(reader.ReadU64() == d);
  RC_ASSERT(reader.ReadI64() == e);
  RC_ASSERT(reader.ReadOrderedText() == text);
  RC_ASSERT(reader.ReadVarint() == d);
  RC_ASSERT(reader.ReadLengthPrefixed() == bytes);
  RC_ASSERT(reader.FinishedOk());
}

RC_GTEST_PROP(Bytes, TheOrderOfKeysIsTheOrderOfTheirFields, ()) {
  const auto text = rc::gen::container<std::string>(rc::gen::element('\0', '\x01', 'a', '\xff'));
  const auto number =
      rc::gen::element<std::int64_t>(std::numeric_limits<std::int64_t>::min(), -1, 0, 1, 256);
  const auto left = *rc::gen::pair(text, number);
  const auto right = *rc::gen::pair(text, number);
  const auto encode = [](const std::pair<std::string, std::int64_t>& fields) {
    std::string key;
    AppendOrderedText(key, fields.first);
    AppendI64(key, fields.second);
    return key;
  };
  RC_ASSERT((encode(left) < encode(right)) == (left < right));
}

RC_GTEST_PROP(Bytes, AReaderNeverRunsPastTheEndAndStaysFailed, (std::string bytes)) {
  ByteReader reader(bytes);
  bool was_ok = true;
  for (int step = 0; step < 12; ++step) {
    const int kind = *rc::gen::inRange(0, 5);
    if (kind == 0) reader.ReadU32();
    if (kind == 1) reader.ReadVarint();
    if (kind == 2) reader.ReadOrderedText();
    if (kind == 3) reader.ReadLengthPrefixed();
    if (kind == 4) reader.ReadBytes(3);
    RC_ASSERT(was_ok || !reader.Ok());
    RC_ASSERT(reader.Rest().size() <= bytes.size());
    was_ok = reader.Ok();
  }
}

TEST(Bytes, AFailedReadGivesNothingAndIsRemembered) {
  ByteReader reader("abc");
  EXPECT_EQ(reader.ReadU32(), 0u);
  EXPECT_FALSE(reader.Ok());
  EXPECT_EQ(reader.ReadU8(), 0u);
  EXPECT_EQ(reader.ReadI64(), 0);
  EXPECT_FALSE(reader.FinishedOk());
}

TEST(Bytes, RefusesEncodingsThatWereNotWrittenHere) {
  const std::string eleven = std::string(10, '\x80') + "\x01";
  const std::string above_64_bits = std::string(9, '\xff') + "\x02";
  for (const std::string& varint :
       {std::string("\x80"), std::string("\x80\0", 2), eleven, above_64_bits}) {
    ByteReader reader(varint);
    reader.ReadVarint();
    EXPECT_FALSE(reader.Ok());
  }
  ByteReader largest(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  EXPECT_EQ(largest.ReadVarint(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(largest.FinishedOk());
  for (const std::string& text :
       {std::string("abc"), std::string("a\0", 2), std::string("a\0\x02", 3)}) {
    ByteReader reader(text);
    reader.ReadOrderedText();
    EXPECT_FALSE(reader.Ok());
  }
}

}  // namespace
}  // namespace landbook::storage
