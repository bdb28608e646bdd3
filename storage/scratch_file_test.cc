#include "storage/scratch_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

namespace landbook::storage {
namespace {

namespace fs = std::filesystem;

TEST(ScratchFile, GivesBackWhatWasAppendedAndHasNoName) {
  const fs::path directory = fs::temp_directory_path() / "landbook-scratch-file-test";
  fs::create_directory(directory);
  auto file = ScratchFile::Make(directory.string());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(fs::is_empty(directory));
  ASSERT_TRUE(file->Append("first").ok());
  ASSERT_TRUE(file->Append("").ok());
  ASSERT_TRUE(file->Append(std::string(3'000'000, 'x') + "last").ok());
  EXPECT_EQ(file->size(), 3'000'009u);
  ScratchFile moved = *std::move(file);
  std::string bytes;
  ASSERT_TRUE(moved.Read(3, 4, &bytes).ok());
  EXPECT_EQ(bytes, "stxx");
  ASSERT_TRUE(moved.Read(3'000'004, 5, &bytes).ok());
  EXPECT_EQ(bytes, "xlast");
  ASSERT_TRUE(moved.Read(0, 0, &bytes).ok());
  EXPECT_EQ(bytes, "");
  fs::remove(directory);
}

TEST(ScratchFile, SaysWhereItCannotBeMade) {
  const auto file = ScratchFile::Make("/nonexistent/directory");
  EXPECT_TRUE(absl::IsUnavailable(file.status()));
  EXPECT_NE(std::string(file.status().message()).find("/nonexistent/directory"), std::string::npos);
}

}  // namespace
}  // namespace landbook::storage
