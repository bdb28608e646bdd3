#include "services/registry/request_hash.h"

#include <gtest/gtest.h>

#include "landbook/v1/act.pb.h"
#include "storage/digest.h"

namespace landbook::registry {
namespace {

v1::Commit CommitOf(const std::string& request_id, const std::string& title) {
  v1::Commit commit;
  commit.set_request_id(request_id);
  commit.add_acts()->mutable_register_party()->mutable_party()->mutable_authority()->set_title(title);
  return commit;
}

TEST(RequestHashTest, CanonicalBytesAreThoseOfThePage) {
  // storage/FORMAT.md, "Request hash": field 1 "r"; field 6 one act; its field 1; its field 1; field 9
  // the authority; its field 1 "x".
  EXPECT_EQ(storage::HexOf(CanonicalBytes(CommitOf("r", "x"))),
            "01010172"
            "06010d"
            "01010a"
            "010107"
            "090104"
            "01010178");
}

TEST(RequestHashTest, DoesNotDependOnTheOrderOfFieldsOnTheWire) {
  const std::string first = "\x0a\x01r\x12\x01l";
  const std::string second = "\x12\x01l\x0a\x01r";
  v1::Commit a;
  v1::Commit b;
  ASSERT_TRUE(a.ParseFromString(first));
  ASSERT_TRUE(b.ParseFromString(second));
  EXPECT_EQ(CanonicalBytes(a), CanonicalBytes(b));
}

TEST(RequestHashTest, TellsAnyDifferenceAndNeedsTheKey) {
  const auto& suite = storage::Suite::Sha256Ed25519();
  const auto key = storage::Secret::FromBytes(std::string(32, 'k'));
  const auto other = storage::Secret::FromBytes(std::string(32, 'o'));
  ASSERT_TRUE(key.ok() && other.ok());
  const std::string hash = RequestHash(suite, *key, CommitOf("r", "x"));
  EXPECT_EQ(hash, RequestHash(suite, *key, CommitOf("r", "x")));
  EXPECT_NE(hash, RequestHash(suite, *key, CommitOf("r", "y")));
  EXPECT_NE(hash, RequestHash(suite, *other, CommitOf("r", "x")));
  EXPECT_EQ(hash.size(), 32u);
}

TEST(RequestHashTest, AnAbsentFieldDiffersFromAZeroWherePresenceIsKept) {
  v1::WithdrawRight absent;
  v1::WithdrawRight zero;
  zero.set_compensation_fen(0);
  EXPECT_NE(CanonicalBytes(absent), CanonicalBytes(zero));
  v1::WithdrawRight negative;
  negative.set_compensation_fen(-1);
  EXPECT_EQ(storage::HexOf(CanonicalBytes(negative)), "0601ffffffffffffffffff01");
}

}  // namespace
}  // namespace landbook::registry
