#include "storage/key_ring.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/random_source_testing.h"

namespace landbook::storage {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class KeyRingTest : public ::testing::TestWithParam<const Suite*> {
 protected:
  void SetUp() override {
    fs::remove_all(parent_);
    fs::create_directories(parent_);
  }
  void TearDown() override { fs::remove_all(parent_); }

  KeyRing Created() { return KeyRing::Create(directory_, *GetParam(), random_).value(); }

  std::vector<fs::path> Files() const {
    return {fs::directory_iterator(directory_), fs::directory_iterator()};
  }

  static Head HeadAt(std::uint64_t sequence) {
    Head head;
    head.book = "counties/370303";
    head.suite = GetParam()->id();
    head.sequence = sequence;
    return head;
  }

  std::string parent_ = ::testing::TempDir() + "landbook_key_ring";
  std::string directory_ = parent_ + "/370303";
  SeededRandom random_{5};
};
INSTANTIATE_TEST_SUITE_P(Suites, KeyRingTest,
                         ::testing::Values(&Suite::Sha256Ed25519(), &Suite::Sm3Sm2()));

std::string TextOf(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_P(KeyRingTest, ComesBackAsItWasCreated) {
  const KeyRing ring = Created();
  const KeyRing again = KeyRing::Load(directory_).value();
  ASSERT_EQ(again.public_keys().size(), 1u);
  EXPECT_EQ(again.public_keys()[0].key.der(), ring.public_keys()[0].key.der());
  EXPECT_EQ(again.public_keys()[0].from_sequence, 0u);
  EXPECT_EQ(again.secrets().request, ring.secrets().request);
  EXPECT_EQ(again.secrets().blind_index, ring.secrets().blind_index);
  EXPECT_EQ(again.secrets().wrapping, ring.secrets().wrapping);
  EXPECT_FALSE(ring.secrets().request == ring.secrets().wrapping);
  EXPECT_TRUE(again.VerifyHead(ring.Sign(HeadAt(3)).value()).ok());
}

TEST_P(KeyRingTest, IsForItsOwnerAlone) {
  Created();
  EXPECT_EQ(fs::status(directory_).permissions(), fs::perms::owner_all);
  EXPECT_EQ(Files().size(), 3u);
  for (const fs::path& file : Files()) {
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(parent_), {}), 1) << "nothing unfinished is left";
}

TEST_P(KeyRingTest, RefusesKeysThatOthersMayUse) {
  Created();
  std::vector<fs::path> places = Files();
  places.push_back(directory_);
  for (const fs::path& place : places) {
    for (const fs::perms loose :
         {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
      fs::permissions(place, loose, fs::perm_options::add);
      const absl::Status refused = KeyRing::Load(directory_).status();
      EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << place;
      EXPECT_THAT(std::string(refused.message()), HasSubstr("KEYS_OPEN_TO_OTHERS"));
      fs::permissions(place, loose, fs::perm_options::remove);
    }
  }
  EXPECT_TRUE(KeyRing::Load(directory_).ok());
}

TEST_P(KeyRingTest, IsNeverReplaced) {
  Created();
  EXPECT_EQ(KeyRing::Create(directory_, *GetParam(), random_).status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_P(KeyRingTest, IsNotCreatedInPart) {
  EmptyRandom empty;
  EXPECT_EQ(KeyRing::Create(directory_, *GetParam(), empty).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_FALSE(KeyRing::Create(parent_ + "/none/370303", *GetParam(), random_).ok());
  EXPECT_TRUE(fs::is_empty(parent_));
}

TEST_P(KeyRingTest, IsAbsentBeforeItIsCreated) {
  EXPECT_EQ(KeyRing::Load(directory_).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(KeyRingTest, EachHeadHasTheKeyInForceAtItsSequence) {
  KeyRing ring = Created();
  const Suite& next =
      GetParam()->id() == SuiteId::kSm3Sm2 ? Suite::Sha256Ed25519() : Suite::Sm3Sm2();
  ASSERT_TRUE(ring.Succeed(next, 100).ok());
  const KeyRing again = KeyRing::Load(directory_).value();
  ASSERT_EQ(again.public_keys().size(), 2u);
  const SignedHead before = ring.Sign(HeadAt(99)).value();
  const SignedHead after = ring.Sign(HeadAt(100)).value();
  EXPECT_EQ(before.head.key_id, again.public_keys()[0].key.id());
  EXPECT_EQ(after.head.key_id, again.public_keys()[1].key.id());
  EXPECT_TRUE(again.VerifyHead(before).ok());
  EXPECT_TRUE(again.VerifyHead(after).ok());
  EXPECT_EQ(again.Find(after.head.key_id)->der(), again.public_keys()[1].key.der());
  EXPECT_EQ(again.Find(KeyId{}), nullptr);
}

TEST_P(KeyRingTest, ASucceededKeySignsNothingLater) {
  KeyRing ring = Created();
  const SignedHead by_old_key = ring.Sign(HeadAt(100)).value();
  ASSERT_TRUE(ring.Succeed(*GetParam(), 100).ok());
  EXPECT_EQ(ring.VerifyHead(by_old_key).code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(KeyRingTest, KeysFollowEachOther) {
  KeyRing ring = Created();
  EXPECT_EQ(ring.Succeed(*GetParam(), 0).code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(ring.Succeed(*GetParam(), 10).ok());
  EXPECT_EQ(ring.Succeed(*GetParam(), 10).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(KeyRing::Load(directory_).value().public_keys().size(), 2u);
}

TEST_P(KeyRingTest, ASucceededPrivateKeyMayBeTakenAway) {
  KeyRing ring = Created();
  ASSERT_TRUE(ring.Succeed(*GetParam(), 10).ok());
  const SignedHead old_head = ring.Sign(HeadAt(9)).value();
  fs::remove(directory_ + "/" + HexOf(ring.public_keys()[0].key.id()) + ".pem");
  const KeyRing again = KeyRing::Load(directory_).value();
  EXPECT_TRUE(again.VerifyHead(old_head).ok());
  EXPECT_TRUE(again.Sign(HeadAt(10)).ok());
  EXPECT_EQ(again.Sign(HeadAt(9)).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_P(KeyRingTest, SaysWhenAFileIsMissingOrDamaged) {
  Created();
  for (const fs::path& file : Files()) {
    const std::string text = TextOf(file);
    // What is cut away is no longer there; what is another word at the front is not known.
    for (const std::string& damage : {std::string(), text.substr(0, text.size() / 2), "x" + text}) {
      std::ofstream(file) << damage;
      EXPECT_EQ(KeyRing::Load(directory_).status().code(), absl::StatusCode::kDataLoss)
          << file << " with " << damage.size() << " bytes";
    }
    fs::remove(file);
    EXPECT_EQ(KeyRing::Load(directory_).status().code(), absl::StatusCode::kDataLoss) << file;
    std::ofstream(file) << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_TRUE(KeyRing::Load(directory_).ok());
  }
}

TEST_P(KeyRingTest, RefusesAPrivateKeyOfAnother) {
  const KeyRing ring = Created();
  const std::string path = directory_ + "/" + HexOf(ring.public_keys()[0].key.id()) + ".pem";
  std::ofstream(path) << SigningKey::Generate(*GetParam()).value().ToPem().value();
  EXPECT_EQ(KeyRing::Load(directory_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_P(KeyRingTest, NoMessageTellsASecret) {
  Created();
  const std::string path = directory_ + "/secrets.txt";
  const std::string text = TextOf(path);
  const std::string hex = text.substr(text.find("wrapping: ") + 10, 60);
  std::ofstream(path) << text.substr(0, text.size() - 3);
  const absl::Status refused = KeyRing::Load(directory_).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(std::string(refused.message()).find(hex), std::string::npos);
}

}  // namespace
}  // namespace landbook::storage
