#include "storage/signed_head.h"

#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "storage/durable_file.h"
#include "storage/openssl_bridge.h"

namespace landbook::storage {
namespace {

using ::testing::HasSubstr;

// RFC 8032, 7.1, test 1: a key that everybody knows.
SigningKey PublishedKey() {
  const std::string der = BytesFromHex(
                              "302e020100300506032b657004220420"
                              "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                              .value();
  return SigningKey::FromPem(Suite::Sha256Ed25519(), "-----BEGIN PRIVATE KEY-----\n" +
                                                         openssl::Base64(der) +
                                                         "\n-----END PRIVATE KEY-----\n")
      .value();
}

Head SampleHead() {
  Head head;
  head.book = "counties/370303";
  head.format_version = 1;
  head.state = BookState::kOpen;
  head.trial = false;
  head.sequence = 42;
  head.tree_size = 97;
  head.root.fill(0xaa);
  head.status_size = 5;
  head.status_root.fill(0xbb);
  head.recorded_at_us = 1'764'000'000'123'456;
  return head;
}

SignedHead SampleSigned() { return SignHead(SampleHead(), PublishedKey()).value(); }

// FORMAT.md, "Heads". Anyone who verifies heads relies on these bytes.
TEST(SignedHead, SignsTheseBytes) {
  const SignedHead head = SampleSigned();
  EXPECT_EQ(HexOf(CanonicalBytes(head.head)),
            "6c616e64626f6f6b2d68656164"        // landbook-head
            "01"                                // encoding version
            "0f636f756e746965732f333730333033"  // book
            "01"                                // suite
            "00000001"                          // format version
            "02"                                // state
            "00"                                // trial
            "000000000000002a"                  // sequence
            "0000000000000061"                  // tree size
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "0000000000000005"  // status size
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
            "0006445941642240"  // recorded at
            "06e3fd8fda29bb60");
  EXPECT_EQ(HexOf(head.signature),
            "43cf87b156151cdef11a2f9f627c615674362b1c49b3730d5d28e7c146b34544c464aa052876d318d0ca41"
            "2f76cb6b04955534b744bc02a2e9efd016e4715d02");
}

// A book whose times are those of a trial clock says so in every head, also when it is open.
TEST(SignedHead, ComesBackAsATrialInEveryState) {
  for (const BookState state : {BookState::kPreparing, BookState::kOpen, BookState::kClosed}) {
    Head head = SampleHead();
    head.state = state;
    head.trial = true;
    const SignedHead signed_head = SignHead(head, PublishedKey()).value();
    EXPECT_TRUE(ParseCanonicalBytes(CanonicalBytes(signed_head.head)).value().trial);
    EXPECT_EQ(ParseHeadText(HeadText(signed_head)).value(), signed_head);
  }
}

TEST(SignedHead, HasThisText) {
  EXPECT_EQ(
      HeadText(SampleSigned()),
      "landbook head 1\n"
      "book: counties/370303\n"
      "suite: sha256-ed25519\n"
      "format: 1\n"
      "state: open\n"
      "trial: no\n"
      "sequence: 42\n"
      "tree size: 97\n"
      "tree root: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
      "status size: 5\n"
      "status root: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
      "recorded at: 2025-11-24T16:00:00.123456Z\n"
      "key: 06e3fd8fda29bb60\n"
      "signature: "
      "Q8+HsVYVHN7xGi+fYnxhVnQ2KxxJs3MNXSjnwUazRUTEZKoFKHbTGNDKQS92y2sElVU0t0S8AqLp79AW5HFdAg==\n");
}

TEST(SignedHead, ComesBackFromItsBytesAndItsText) {
  for (const std::string& book :
       {std::string("b"), std::string("县/临淄区"), std::string(255, 'x')}) {
    for (const Suite* suite : {&Suite::Sha256Ed25519(), &Suite::Sm3Sm2()}) {
      Head head = SampleHead();
      head.book = book;
      head.suite = suite->id();
      const SignedHead signed_head = SignHead(head, SigningKey::Generate(*suite).value()).value();
      EXPECT_EQ(ParseCanonicalBytes(CanonicalBytes(signed_head.head)).value(), signed_head.head);
      EXPECT_EQ(ParseHeadText(HeadText(signed_head)).value(), signed_head);
    }
  }
}

RC_GTEST_PROP(SignedHead, AnyTimeComesBackFromItsText, ()) {
  SignedHead head = SampleSigned();
  head.head.recorded_at_us = *rc::gen::inRange<std::int64_t>(0, 253'402'300'800'000'000);
  RC_ASSERT(ParseHeadText(HeadText(head)).value() == head);
}

TEST(SignedHead, VerifiesUnderItsKeyOnly) {
  const SignedHead head = SampleSigned();
  EXPECT_TRUE(VerifyHead(head, PublishedKey().public_key()).ok());
  const SigningKey other = SigningKey::Generate(Suite::Sha256Ed25519()).value();
  EXPECT_THAT(std::string(VerifyHead(head, other.public_key()).message()), HasSubstr("names key"));
}

TEST(SignedHead, AChangeOfAnyFieldBreaksTheSignature) {
  const std::vector<std::function<void(Head&)>> changes = {
      [](Head& head) { head.book = "counties/370304"; },
      [](Head& head) { head.suite = SuiteId::kSm3Sm2; },
      [](Head& head) { ++head.format_version; },
      [](Head& head) { head.state = BookState::kClosed; },
      [](Head& head) { head.state = BookState::kPreparing, head.trial = true; },
      [](Head& head) { head.trial = true; },
      [](Head& head) { ++head.sequence; },
      [](Head& head) { ++head.tree_size; },
      [](Head& head) { head.root[0] ^= 1; },
      [](Head& head) { ++head.status_size; },
      [](Head& head) { head.status_root[31] ^= 1; },
      [](Head& head) { ++head.recorded_at_us; },
      [](Head& head) { head.key_id[0] ^= 1; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    SignedHead head = SampleSigned();
    changes[i](head.head);
    EXPECT_EQ(VerifyHead(head, PublishedKey().public_key()).code(),
              absl::StatusCode::kInvalidArgument)
        << "change " << i;
  }
}

TEST(SignedHead, RefusesFieldsThatDoNotFit) {
  const std::vector<std::pair<std::string, std::function<void(Head&)>>> changes = {
      {"book", [](Head& head) { head.book.clear(); }},
      {"book", [](Head& head) { head.book = std::string(256, 'x'); }},
      {"book", [](Head& head) { head.book = "two\nlines"; }},
      {"book", [](Head& head) { head.book = "\xff\xfe"; }},
      {"book", [](Head& head) { head.book = "\xc0\xaf"; }},
      {"book", [](Head& head) { head.book = "\xed\xa0\x80"; }},
      {"book", [](Head& head) { head.book = "cut \xe5\x8e"; }},
      {"suite", [](Head& head) { head.suite = SuiteId{9}; }},
      {"state", [](Head& head) { head.state = BookState{0}; }},
      {"trial", [](Head& head) { head.state = BookState::kPreparing; }},
      {"recorded time", [](Head& head) { head.recorded_at_us = -1; }},
      {"recorded time", [](Head& head) { head.recorded_at_us = 253'402'300'800'000'000; }},
  };
  for (const auto& [field, change] : changes) {
    Head head = SampleHead();
    change(head);
    const absl::Status refused = SignHead(head, PublishedKey()).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(refused.message()), HasSubstr(field));
  }
}

TEST(SignedHead, RefusesBytesThatAreNotCanonical) {
  const std::string bytes = CanonicalBytes(SampleSigned().head);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParseCanonicalBytes(bytes.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(ParseCanonicalBytes(bytes + '\0').ok());
  std::string trial_of_two = bytes;
  trial_of_two[13 + 1 + 16 + 1 + 4 + 1] = 2;
  EXPECT_FALSE(ParseCanonicalBytes(trial_of_two).ok());
}

class HeadFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  absl::StatusOr<SignedHead> Read() const {
    return ReadHeadFile(path_, [](const SignedHead& head) {
      return VerifyHead(head, PublishedKey().public_key());
    });
  }
  void Overwrite(const std::string& text) const { std::ofstream(path_) << text; }

  std::string directory_ = ::testing::TempDir() + "landbook_head_file";
  std::string path_ = directory_ + "/370303.head";
};

TEST_F(HeadFile, ComesBackAndIsReplaced) {
  ASSERT_TRUE(WriteHeadFile(path_, SampleSigned()).ok());
  EXPECT_EQ(Read().value(), SampleSigned());
  Head later = SampleHead();
  later.sequence = 43;
  const SignedHead next = SignHead(later, PublishedKey()).value();
  ASSERT_TRUE(WriteHeadFile(path_, next).ok());
  EXPECT_EQ(Read().value(), next);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1)
      << "nothing unfinished is left";
}

TEST_F(HeadFile, IsAbsentBeforeItIsWritten) {
  EXPECT_EQ(Read().status().code(), absl::StatusCode::kNotFound);
}

TEST_F(HeadFile, CannotBeWrittenWhereThereIsNoDirectory) {
  EXPECT_FALSE(WriteHeadFile(directory_ + "/none/370303.head", SampleSigned()).ok());
}

TEST_F(HeadFile, IsRefusedWhenAnyByteIsChangedOrLost) {
  const std::string text = HeadText(SampleSigned());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    Overwrite(changed);
    EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss) << "byte " << i;
    Overwrite(text.substr(0, i));
    EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss) << i << " bytes";
  }
  for (const std::string& longer : {text + "\n", text + text, std::string(5000, 'x')}) {
    Overwrite(longer);
    EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(HeadFile, IsWrittenWithTheModeAskedFor) {
  ASSERT_TRUE(WriteDurableFile(path_, "x", FileMode::kOwnerOnly).ok());
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(ReadSmallFile(path_, 1).value(), "x");
  EXPECT_EQ(ReadSmallFile(path_, 0).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace landbook::storage
