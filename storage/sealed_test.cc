#include "storage/sealed.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "storage/random_source_testing.h"

namespace landbook::storage {
namespace {

class Sealed : public ::testing::TestWithParam<const Suite*> {
 protected:
  const Suite& suite() const { return *GetParam(); }
  Secret NewSecret() { return Secret::Fresh(random_).value(); }
  PrivateField NewField(std::uint16_t number, std::string value) {
    return {.number = number, .salt = FreshSalt(random_).value(), .value = std::move(value)};
  }

  SeededRandom random_{11};
};
INSTANTIATE_TEST_SUITE_P(Suites, Sealed,
                         ::testing::Values(&Suite::Sha256Ed25519(), &Suite::Sm3Sm2()));

TEST_P(Sealed, APartyKeyComesBackForItsPartyOnly) {
  const PartyKeyWrapper wrapper(suite(), NewSecret(), random_);
  const Secret key = NewSecret();
  const std::string wrapped = wrapper.Wrap(7, key).value();
  EXPECT_EQ(wrapper.Unwrap(7, wrapped).value(), key);
  EXPECT_EQ(wrapper.Unwrap(8, wrapped).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(wrapper.Unwrap(7, wrapped.substr(1)).ok());
  const PartyKeyWrapper other_book(suite(), NewSecret(), random_);
  EXPECT_FALSE(other_book.Unwrap(7, wrapped).ok());
}

TEST_P(Sealed, AFieldComesBackForItsPlaceOnly) {
  const Secret key = NewSecret();
  const FieldSealer sealer(suite(), 7, key, random_);
  for (const std::string& value : {std::string(), std::string("张三"), std::string(300, '\0')}) {
    const PrivateField field = NewField(3, value);
    const std::string sealed = sealer.Seal(field).value();
    EXPECT_EQ(sealer.Open(3, sealed).value(), field);
    EXPECT_EQ(sealer.Open(4, sealed).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(FieldSealer(suite(), 8, key, random_).Open(3, sealed).ok());
    EXPECT_FALSE(FieldSealer(suite(), 7, NewSecret(), random_).Open(3, sealed).ok());
  }
}

TEST_P(Sealed, ACommitmentOpensWithItsFieldOnly) {
  const PrivateField field = NewField(3, "370303197001010011");
  const Hash commitment = Commitment(suite(), field);
  EXPECT_TRUE(VerifyCommitment(suite(), field, commitment).ok());
  PrivateField other = field;
  other.value.back() = '2';
  EXPECT_EQ(VerifyCommitment(suite(), other, commitment).code(),
            absl::StatusCode::kInvalidArgument);
  other = field;
  other.salt[31] ^= 1;
  EXPECT_FALSE(VerifyCommitment(suite(), other, commitment).ok());
  other = field;
  other.number = 4;
  EXPECT_FALSE(VerifyCommitment(suite(), other, commitment).ok());
}

TEST_P(Sealed, ARefusedCommitmentDoesNotTellTheValue) {
  const PrivateField field = NewField(3, "370303197001010011");
  const absl::Status refused = VerifyCommitment(suite(), field, Hash{});
  EXPECT_EQ(std::string(refused.message()).find(field.value), std::string::npos);
}

TEST_P(Sealed, WithoutRandomnessNothingIsSealed) {
  EmptyRandom empty;
  const Secret key = NewSecret();
  EXPECT_EQ(FreshSalt(empty).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(PartyKeyWrapper(suite(), key, empty).Wrap(7, key).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(FieldSealer(suite(), 7, key, empty).Seal({}).status().code(),
            absl::StatusCode::kUnavailable);
}

// FORMAT.md, "Private fields": 02, the salt, the number of the field, the value.
TEST(Commitment, IsTheDigestOfTheseBytes) {
  PrivateField field{.number = 0x0102, .salt = {}, .value = "abc"};
  field.salt.fill(0x5a);
  std::string bytes = "\x02" + std::string(32, '\x5a') + "\x01\x02" + "abc";
  const Suite& suite = Suite::Sha256Ed25519();
  EXPECT_EQ(Commitment(suite, field), suite.HashOf(bytes));
  EXPECT_EQ(HexOf(Commitment(suite, field)),
            "48b95f291bc7fe8cfb542debb11c94267948bf517af02578338b0218162120a5");
}

TEST(FieldSealer, SealsTheseBytes) {
  SeededRandom random(12);
  const Suite& suite = Suite::Sha256Ed25519();
  const Secret key = Secret::FromBytes(std::string(32, 'p')).value();
  PrivateField field{.number = 3, .salt = {}, .value = "abc"};
  EXPECT_EQ(HexOf(FieldSealer(suite, 7, key, random).Seal(field).value()),
            "012f8f2fabcd9a492acf2e8ad549c6969b18e9f41e11524c56b3ca871cb4feb3d7d6e3a1137266c2d375c7"
            "2cf0177998bb8bf88f56b9435be10027adc35028a4");
  EXPECT_EQ(HexOf(PartyKeyWrapper(suite, key, random).Wrap(7, key).value()),
            "0155a063b4ca643ad976d56f921b2854c060491a2406c1f07f047cba59a9ffbf99bc4336600c98a99d4bec"
            "fc22524a9bd6ec4670b1703d7489eac7eaab");
}

}  // namespace
}  // namespace landbook::storage
