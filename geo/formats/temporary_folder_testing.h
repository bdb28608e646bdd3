// A folder for the files of one test.
#ifndef LANDBOOK_GEO_FORMATS_TEMPORARY_FOLDER_TESTING_H_
#define LANDBOOK_GEO_FORMATS_TEMPORARY_FOLDER_TESTING_H_

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace landbook::geo {

// A test whose files lie in a folder of its own, made empty and removed when it ends.
class TemporaryFolderTest : public testing::Test {
 protected:
  TemporaryFolderTest() {
    std::string name = std::filesystem::temp_directory_path() / "landbook-formats-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~TemporaryFolderTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  std::string Bytes(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(Path(name), std::ios::binary).rdbuf();
    return out.str();
  }
  void Put(const std::string& name, std::string_view bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
  }
  void Remove(const std::string& name) const { std::filesystem::remove(Path(name)); }
  void Cut(const std::string& name, std::size_t size) const {
    std::filesystem::resize_file(Path(name), size);
  }

 private:
  std::string folder_;
};

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FORMATS_TEMPORARY_FOLDER_TESTING_H_
