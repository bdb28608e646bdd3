#include "geo/compact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "geo/boundary_testing.h"
#include "geo/normalise.h"
#include "geo/well_known.h"

namespace landbook::geo {
namespace {

using ::testing::HasSubstr;

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

struct Vector {
  std::string name;
  std::string wkt;
  std::string bytes;
};

std::vector<Vector> Vectors() {
  std::ifstream file(LANDBOOK_SOURCE_DIR "/geo/testdata/compact_vectors.tsv");
  std::vector<Vector> vectors;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream columns(line);
    Vector vector;
    std::getline(columns, vector.name, '\t');
    std::getline(columns, vector.wkt, '\t');
    std::getline(columns, vector.bytes, '\t');
    vector.bytes = FromHex(vector.bytes);
    vectors.push_back(vector);
  }
  return vectors;
}

Boundary Square() { return BoundaryOf({Rectangle({0, 0, 10'000, 10'000})}); }

Boundary Surveyed() {
  Boundary boundary = Square();
  boundary.points = {{0, "J1", 3, 2}, {2, "J3", 0, 0}};
  boundary.lines = {{1, 600'001, 1, 2, "8", "沟渠"}, {3, 0, 0, 0, "", ""}};
  return boundary;
}

std::string Refusal(const std::string& bytes, std::size_t vertices_max = kVerticesMax) {
  const absl::StatusOr<Boundary> boundary = DecodeCompact(bytes, vertices_max);
  return boundary.ok() ? "accepted" : std::string(boundary.status().message());
}

TEST(CompactTest, VectorsHoldBothWays) {
  const std::vector<Vector> vectors = Vectors();
  ASSERT_GE(vectors.size(), 9U);
  for (const Vector& vector : vectors) {
    const absl::StatusOr<RawBoundary> raw = RawFromWkt(vector.wkt);
    ASSERT_TRUE(raw.ok()) << vector.name << ": " << raw.status();
    const Boundary boundary = Normalise(*raw).boundary;
    EXPECT_EQ(EncodeCompact(boundary), vector.bytes) << vector.name;
    const absl::StatusOr<Boundary> decoded = DecodeCompact(vector.bytes);
    ASSERT_TRUE(decoded.ok()) << vector.name << ": " << decoded.status();
    EXPECT_EQ(*decoded, boundary) << vector.name;
    EXPECT_EQ(WktOf(*decoded), vector.wkt) << vector.name;
  }
}

TEST(CompactTest, KeepsWhatTheSurveySays) {
  const std::string bytes = EncodeCompact(Surveyed());
  const absl::StatusOr<Boundary> decoded = DecodeCompact(bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, Surveyed());
  EXPECT_EQ(bytes.substr(0, 2), std::string("\x01\x03"));
  EXPECT_EQ(bytes.substr(bytes.size() - 35), FromHex("020003"
                                                     "02"
                                                     "024a31"
                                                     "010000"
                                                     "024a33"
                                                     "0201c1cf24"
                                                     "0102"
                                                     "0138"
                                                     "06e6b29fe6b8a0"
                                                     "0100"
                                                     "0000"
                                                     "0000"));
}

TEST(CompactTest, KeepsEmptyRings) {
  const Boundary boundary = BoundaryOf({Rectangle({0, 0, 5, 5}), {}});
  EXPECT_EQ(*DecodeCompact(EncodeCompact(boundary)), boundary);
}

TEST(CompactTest, RefusesByName) {
  const std::string square = EncodeCompact(Square());
  EXPECT_THAT(Refusal(""), HasSubstr("truncated"));
  EXPECT_THAT(Refusal(FromHex("0200")), HasSubstr("unknown version"));
  EXPECT_THAT(Refusal(FromHex("010400")), HasSubstr("unknown flags"));
  EXPECT_THAT(Refusal(square + '\0'), HasSubstr("bytes left over"));
  EXPECT_THAT(Refusal(FromHex("01000100ff")), HasSubstr("part without a ring"));
  EXPECT_THAT(Refusal(FromHex("01008000")), HasSubstr("shortest form"));
  EXPECT_THAT(Refusal(FromHex("0100ffffffffffffffffff02")), HasSubstr("more than 64 bits"));
  EXPECT_THAT(Refusal(FromHex("0100ffffffff0f")), HasSubstr("larger than the bytes left"));
  EXPECT_THAT(Refusal(FromHex("0100010101ffffffffffffffffff0100")), HasSubstr("out of range"));
  EXPECT_THAT(Refusal(FromHex("0100010101"
                              "82c0a1ca9a1d"
                              "00")),
              HasSubstr("out of range"));
  EXPECT_THAT(Refusal(FromHex("0101010103000002000002"
                              "00")),
              HasSubstr("none there"));
  EXPECT_THAT(Refusal(FromHex("0101010103000002000002"
                              "0103000000")),
              HasSubstr("vertex that is not there"));
  EXPECT_THAT(Refusal(FromHex("0101010103000002000002"
                              "0100000001ff")),
              HasSubstr("not UTF-8"));
  EXPECT_THAT(Refusal(FromHex("0102010103000002000002"
                              "0100808080801000000000")),
              HasSubstr("more than 32 bits"));
}

TEST(CompactTest, RefusesTooManyVerticesByNumber) {
  const std::string square = EncodeCompact(Square());
  EXPECT_TRUE(DecodeCompact(square, 4).ok());
  EXPECT_EQ(DecodeCompact(square, 3).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(Refusal(square, 3), HasSubstr("4 vertices or more, where 3 are allowed"));
}

TEST(CompactTest, EveryTruncationIsRefused) {
  const std::string bytes = EncodeCompact(Surveyed());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeCompact(bytes.substr(0, size)).ok()) << size;
  }
}

TEST(CompactDeathTest, EncodingChecksItsPreconditions) {
  EXPECT_DEATH(EncodeCompact(BoundaryOf({{{kCoordinateMax + 1, 0}}})), "OnPlane");
  Boundary unordered = Square();
  unordered.points = {{2, "", 0, 0}, {1, "", 0, 0}};
  EXPECT_DEATH(EncodeCompact(unordered), "check failed");
  Boundary loose = Square();
  loose.vertices.push_back({1, 1});
  EXPECT_DEATH(EncodeCompact(loose), "check failed");
}

rc::Gen<Vertex> AnyVertex() {
  const auto coordinate = rc::gen::oneOf(
      rc::gen::inRange<std::int64_t>(-kCoordinateMax, kCoordinateMax + 1),
      rc::gen::inRange<std::int64_t>(0, 200), rc::gen::element(-kCoordinateMax, kCoordinateMax));
  return rc::gen::build<Vertex>(rc::gen::set(&Vertex::x, coordinate),
                                rc::gen::set(&Vertex::y, coordinate));
}

Boundary AnyBoundary() {
  Boundary boundary;
  const int parts = *rc::gen::inRange(0, 4);
  for (int part = 0; part < parts; ++part) {
    std::vector<std::vector<Vertex>> rings(*rc::gen::inRange<std::size_t>(1, 4));
    for (std::vector<Vertex>& ring : rings) {
      ring = *rc::gen::container<std::vector<Vertex>>(*rc::gen::inRange<std::size_t>(0, 12),
                                                      AnyVertex());
    }
    boundary = WithPart(std::move(boundary), rings);
  }
  for (std::uint32_t i = 0; i < boundary.vertices.size(); ++i) {
    const int what = *rc::gen::inRange(0, 8);
    if ((what & 3) == 0) boundary.points.push_back({i, "J" + std::to_string(i), 7, 1});
    if (what > 5) boundary.lines.push_back({i, i * 77'777'777, 2, 3, "号", "线"});
  }
  return boundary;
}

RC_GTEST_PROP(CompactTest, DecodesWhatItEncodes, ()) {
  const Boundary boundary = AnyBoundary();
  const std::string bytes = EncodeCompact(boundary);
  RC_ASSERT(*DecodeCompact(bytes) == boundary);
}

// One boundary has one encoding: whatever is accepted encodes to the very bytes it came from.
RC_GTEST_PROP(CompactTest, AcceptsOnlyItsOwnEncoding, ()) {
  std::string bytes = EncodeCompact(AnyBoundary());
  const int flips = *rc::gen::inRange(1, 4);
  for (int i = 0; i < flips; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << *rc::gen::inRange(0, 8)));
  }
  const absl::StatusOr<Boundary> boundary = DecodeCompact(bytes);
  if (boundary.ok()) RC_ASSERT(EncodeCompact(*boundary) == bytes);
}

}  // namespace
}  // namespace landbook::geo
