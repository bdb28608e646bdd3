#include "services/conveyance/store_key.h"

#include <sys/stat.h>

#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "storage/digest.h"
#include "storage/durable_file.h"

namespace landbook::conveyance {
namespace {

constexpr char kKeyFileName[] = "/conveyance.key";
constexpr std::string_view kKeyFileTitle = "landbook conveyance key 1\n";
constexpr std::size_t kKeyFileBytesMax = 4'096;

absl::Status CheckOwnerOnly(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return absl::NotFoundError("there is no " + path);
  if ((status.st_mode & 077) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "KEYS_OPEN_TO_OTHERS: {} has mode {:04o}; make it 0600 with chmod, and consider whether the "
      "drafts were read",
      path, status.st_mode & 07777));
}

absl::StatusOr<storage::Secret> ParseKeyFile(const std::string& path, std::string_view text) {
  if (text.starts_with(kKeyFileTitle) && text.ends_with('\n')) {
    text.remove_prefix(kKeyFileTitle.size());
    text.remove_suffix(text.empty() ? 0 : 1);
    const auto bytes = storage::BytesFromHex(text);
    if (bytes.ok() && bytes->size() == storage::Secret::kSize) {
      return storage::Secret::FromBytes(*bytes);
    }
  }
  return absl::DataLossError(
      fmt::format("{} holds no key of a store of drafts; restore it from its backup", path));
}

absl::StatusOr<storage::Secret> MakeKeyFile(const std::string& path,
                                            storage::RandomSource& random) {
  auto key = storage::Secret::Fresh(random);
  if (!key.ok()) return key.status();
  const std::string text = fmt::format("{}{}\n", kKeyFileTitle, storage::HexOf(key->bytes()));
  if (auto written = storage::WriteDurableFile(path, text, storage::FileMode::kOwnerOnly);
      !written.ok()) {
    return written;
  }
  return key;
}

}  // namespace

absl::StatusOr<storage::Secret> LoadStoreKey(const std::string& keys_directory,
                                             bool create_if_missing,
                                             storage::RandomSource& random) {
  const std::string path = keys_directory + kKeyFileName;
  const auto text = storage::ReadSmallFile(path, kKeyFileBytesMax);
  if (absl::IsNotFound(text.status()) && create_if_missing) return MakeKeyFile(path, random);
  if (!text.ok()) return text.status();
  if (auto closed = CheckOwnerOnly(path); !closed.ok()) return closed;
  return ParseKeyFile(path, *text);
}

}  // namespace landbook::conveyance
