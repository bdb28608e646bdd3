#include "tools/office_ca/office_ca.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace landbook::tools {
namespace {

namespace fs = std::filesystem;

const absl::Time kNow = absl::FromUnixSeconds(1'772'409'600);  // 2026-03-02

class OfficeCaTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/office-ca-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    directory_ = folder_ + "/ca";
  }
  void TearDown() override { fs::remove_all(folder_); }

  absl::StatusOr<OfficeCa> Create() {
    return OfficeCa::Create(directory_, "样例县自然资源局", kNow, storage::SystemRandom());
  }
  // The names in the folder of lists.
  std::vector<std::string> Lists() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_ + "/revoked")) {
      names.push_back(entry.path().filename().string().substr(8));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string folder_;
  std::string directory_;
};

TEST_F(OfficeCaTest, KeysAreForTheOwnerAlone) {
  auto office = Create();
  ASSERT_TRUE(office.ok()) << office.status();
  const auto issued = office->Issue({.name = "li"}, kNow, storage::SystemRandom());
  ASSERT_TRUE(issued.ok()) << issued.status();
  for (const std::string& key : {directory_ + "/ca.key.pem", issued->key}) {
    EXPECT_EQ(fs::status(key).permissions(), fs::perms::owner_read | fs::perms::owner_write) << key;
  }
}

TEST_F(OfficeCaTest, WhatWasIssuedIsThereAfterOpening) {
  auto office = Create();
  ASSERT_TRUE(office.ok());
  ASSERT_TRUE(office->Issue({.name = "李 四"}, kNow, storage::SystemRandom()).ok());
  ASSERT_TRUE(office
                  ->Issue({.name = "landbook",
                           .use = CertificateUse::kServer,
                           .hosts = {"localhost", "127.0.0.1", "::1"}},
                          kNow, storage::SystemRandom())
                  .ok());
  ASSERT_TRUE(office->Revoke("李 四", kNow + absl::Hours(1)).ok());
  const auto opened = OfficeCa::Open(directory_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->issued(), office->issued());
  EXPECT_EQ(opened->issued().front().revoked, kNow + absl::Hours(1));
  EXPECT_NE(opened->issued()[0].serial, opened->issued()[1].serial);
}

TEST_F(OfficeCaTest, EachListComesBesideTheOneBefore) {
  auto office = Create();
  ASSERT_TRUE(office.ok());
  ASSERT_TRUE(office->Issue({.name = "li"}, kNow, storage::SystemRandom()).ok());
  ASSERT_TRUE(office->Issue({.name = "li"}, kNow, storage::SystemRandom()).ok());
  EXPECT_THAT(Lists(), testing::ElementsAre(".r0"));
  const auto revoked = office->Revoke("li", kNow);
  ASSERT_TRUE(revoked.ok());
  EXPECT_EQ(*revoked, 2);
  EXPECT_THAT(Lists(), testing::ElementsAre(".r0", ".r1"));
  ASSERT_TRUE(office->Issue({.name = "wang"}, kNow, storage::SystemRandom()).ok());
  ASSERT_TRUE(office->Revoke("wang", kNow).ok());
  EXPECT_EQ(office->issued()[2].revoked, kNow + absl::Seconds(1))
      << "the later list would not show";
  EXPECT_EQ(office->Revoke("li", kNow).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(office->Revoke("nobody", kNow).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(OfficeCaTest, RefusesWhatCannotBeCertified) {
  auto office = Create();
  ASSERT_TRUE(office.ok());
  const auto refused = [&](const CertificateWish& wish) {
    return office->Issue(wish, kNow, storage::SystemRandom()).status().code();
  };
  EXPECT_EQ(refused({.name = ""}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused({.name = std::string(65, 'a')}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused({.name = "li\nwang"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused({.name = "li", .days = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused({.name = "li", .days = 4'000}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused({.name = "server", .use = CertificateUse::kServer}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused({.name = "server", .use = CertificateUse::kServer, .hosts = {"a,DNS:b"}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(office->issued().empty());
  EXPECT_EQ(Create().status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(OfficeCaTest, ADamagedListOfCertificatesIsToldAndNotRead) {
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(OfficeCa::Open(folder_).status().code(), absl::StatusCode::kNotFound);
  for (const char* line :
       {"x client 1 - li", "1 both 1 - li", "1 client - - li", "1 client 1 li", "1 client 1 - "}) {
    std::ofstream(directory_ + "/issued.txt") << line << "\n";
    EXPECT_EQ(OfficeCa::Open(directory_).status().code(), absl::StatusCode::kDataLoss) << line;
  }
}

}  // namespace
}  // namespace landbook::tools
