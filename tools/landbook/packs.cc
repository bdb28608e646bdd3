#include "tools/landbook/packs.h"

#include <filesystem>

namespace landbook::tools {

std::string DefaultPackDirectory() {
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = binary.parent_path() / "../../deploy/policy";
  if (!error && std::filesystem::is_directory(beside, error)) {
    return std::filesystem::weakly_canonical(beside, error).string();
  }
  return "/usr/share/landbook/policy";
}

}  // namespace landbook::tools
