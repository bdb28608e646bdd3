#include "storage/key_ring.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "storage/check.h"
#include "storage/durable_file.h"
#include "storage/openssl_bridge.h"

namespace landbook::storage {
namespace {

constexpr std::string_view kKeysTitle = "landbook keys 1\n";
constexpr std::string_view kSecretsTitle = "landbook secrets 1\n";
constexpr std::size_t kFileSizeMax = 1 << 20;
constexpr mode_t kOthers = 077;

std::string KeysPath(const std::string& directory) { return directory + "/keys.txt"; }
std::string SecretsPath(const std::string& directory) { return directory + "/secrets.txt"; }

absl::Status Damaged(const std::string& path, std::string_view what) {
  return absl::DataLossError(
      fmt::format("{} is damaged: {}; restore the directory from its own backup", path, what));
}

absl::Status CheckPermissions(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    const std::string message = fmt::format("cannot look at {}: {}", path, std::strerror(errno));
    return errno == ENOENT ? absl::NotFoundError(message) : absl::UnavailableError(message);
  }
  if ((status.st_mode & kOthers) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "KEYS_OPEN_TO_OTHERS: {} has mode {:04o}, so others than its owner may use the book's keys; "
      "make it {} with chmod, and consider whether the keys must be succeeded",
      path, status.st_mode & 07777, S_ISDIR(status.st_mode) ? "0700" : "0600"));
}

absl::StatusOr<std::string> ReadPrivately(const std::string& path) {
  if (absl::Status closed = CheckPermissions(path); !closed.ok()) return closed;
  return ReadSmallFile(path, kFileSizeMax);
}

// A part of the directory that is not there is damage, while the directory itself may be missing.
absl::StatusOr<std::string> ReadRequired(const std::string& path) {
  absl::StatusOr<std::string> text = ReadPrivately(path);
  if (absl::IsNotFound(text.status())) return Damaged(path, "it is missing");
  return text;
}

std::string SecretsText(const BookSecrets& secrets) {
  return fmt::format("{}request: {}\nblind index: {}\nwrapping: {}\n", kSecretsTitle,
                     HexOf(secrets.request.bytes()), HexOf(secrets.blind_index.bytes()),
                     HexOf(secrets.wrapping.bytes()));
}

// The secret that stands behind `name`; `text` loses what was read.
absl::StatusOr<Secret> TakeSecret(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return absl::InvalidArgumentError(fmt::format("no {}", name));
  text.remove_prefix(name.size());
  const std::string_view hex = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), hex.size() + 1));
  absl::StatusOr<std::string> bytes = BytesFromHex(hex);
  if (!bytes.ok()) return bytes.status();
  return Secret::FromBytes(*bytes);
}

absl::StatusOr<BookSecrets> ParseSecrets(const std::string& path, std::string_view text) {
  if (!text.starts_with(kSecretsTitle)) return Damaged(path, "its first line is another");
  std::string_view rest = text.substr(kSecretsTitle.size());
  absl::StatusOr<Secret> request = TakeSecret(rest, "request: ");
  absl::StatusOr<Secret> blind_index = TakeSecret(rest, "blind index: ");
  absl::StatusOr<Secret> wrapping = TakeSecret(rest, "wrapping: ");
  if (!request.ok() || !blind_index.ok() || !wrapping.ok() || !rest.empty()) {
    return Damaged(path, "it does not hold the three secrets of a book");
  }
  return BookSecrets{.request = *request, .blind_index = *blind_index, .wrapping = *wrapping};
}

absl::StatusOr<BookSecrets> FreshSecrets(RandomSource& random) {
  absl::StatusOr<Secret> request = Secret::Fresh(random);
  if (!request.ok()) return request.status();
  absl::StatusOr<Secret> blind_index = Secret::Fresh(random);
  if (!blind_index.ok()) return blind_index.status();
  absl::StatusOr<Secret> wrapping = Secret::Fresh(random);
  if (!wrapping.ok()) return wrapping.status();
  return BookSecrets{.request = *request, .blind_index = *blind_index, .wrapping = *wrapping};
}

// One line of keys.txt: sequence, suite, key id, and the public key in base64.
absl::StatusOr<KeyInForce> ParseKeyLine(const std::string& line) {
  std::istringstream words(line);
  std::uint64_t from_sequence = 0;
  std::string suite_name, id, base64, more;
  if (!(words >> from_sequence >> suite_name >> id >> base64) || words >> more) {
    return absl::InvalidArgumentError("a line does not have four words");
  }
  absl::StatusOr<const Suite*> suite = Suite::WithName(suite_name);
  if (!suite.ok()) return suite.status();
  absl::StatusOr<std::string> der = openssl::FromBase64(base64);
  if (!der.ok()) return der.status();
  absl::StatusOr<VerifyingKey> key = VerifyingKey::FromDer(**suite, *der);
  if (!key.ok()) return key.status();
  if (HexOf(key->id()) != id) {
    return absl::InvalidArgumentError(fmt::format("the key of id {} has another id", id));
  }
  return KeyInForce{.key = std::move(*key), .from_sequence = from_sequence};
}

// A directory that goes away with its contents unless it is kept.
class UnfinishedDirectory {
 public:
  explicit UnfinishedDirectory(std::string path) : path_(std::move(path)) {}
  ~UnfinishedDirectory() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove_all(path_, ignored);
  }
  UnfinishedDirectory(const UnfinishedDirectory&) = delete;
  UnfinishedDirectory& operator=(const UnfinishedDirectory&) = delete;

  const std::string& path() const { return path_; }

  absl::Status Make() const {
    if (::mkdir(path_.c_str(), 0700) == 0) return absl::OkStatus();
    return absl::UnavailableError(fmt::format("cannot make {}: {}", path_, std::strerror(errno)));
  }

  // Gives the directory its name. Rename refuses to replace a directory that holds anything.
  absl::Status KeepAs(const std::string& name) {
    if (std::rename(path_.c_str(), name.c_str()) != 0) {
      return absl::UnavailableError(fmt::format("cannot make {}: {}", name, std::strerror(errno)));
    }
    kept_ = true;
    const std::string parent = std::filesystem::path(name).parent_path().string();
    return SyncDirectory(parent.empty() ? "." : parent);
  }

 private:
  std::string path_;
  bool kept_ = false;
};

}  // namespace

absl::StatusOr<KeyRing> KeyRing::Create(const std::string& directory, const Suite& suite,
                                        RandomSource& random) {
  std::error_code unreadable;
  if (std::filesystem::exists(std::filesystem::symlink_status(directory, unreadable))) {
    return absl::AlreadyExistsError(
        fmt::format("there is something at {} already; keys are never replaced", directory));
  }
  absl::StatusOr<BookSecrets> secrets = FreshSecrets(random);
  if (!secrets.ok()) return secrets.status();
  absl::StatusOr<SigningKey> key = SigningKey::Generate(suite);
  if (!key.ok()) return key.status();

  KeyRing ring(directory, std::move(*secrets));
  ring.public_keys_.push_back({.key = key->public_key(), .from_sequence = 0});
  ring.private_keys_.push_back(*key);

  UnfinishedDirectory unfinished(fmt::format("{}.{}.unfinished", directory, ::getpid()));
  absl::Status done = unfinished.Make();
  const std::string& path = unfinished.path();
  if (done.ok()) done = ring.WriteKeyFile(path, *key);
  if (done.ok()) {
    done = WriteDurableFile(SecretsPath(path), SecretsText(ring.secrets_), FileMode::kOwnerOnly);
  }
  if (done.ok()) {
    done = WriteDurableFile(KeysPath(path), ring.KeysText(), FileMode::kOwnerOnly);
  }
  if (done.ok()) done = unfinished.KeepAs(directory);
  if (!done.ok()) return done;
  return ring;
}

absl::StatusOr<KeyRing> KeyRing::Load(const std::string& directory) {
  if (absl::Status closed = CheckPermissions(directory); !closed.ok()) return closed;
  absl::StatusOr<std::string> secrets_text = ReadRequired(SecretsPath(directory));
  if (!secrets_text.ok()) return secrets_text.status();
  absl::StatusOr<BookSecrets> secrets = ParseSecrets(SecretsPath(directory), *secrets_text);
  if (!secrets.ok()) return secrets.status();
  absl::StatusOr<std::string> keys_text = ReadRequired(KeysPath(directory));
  if (!keys_text.ok()) return keys_text.status();
  KeyRing ring(directory, std::move(*secrets));
  if (absl::Status loaded = ring.LoadKeys(*keys_text); !loaded.ok()) return loaded;
  return ring;
}

absl::Status KeyRing::LoadKeys(const std::string& text) {
  const std::string path = KeysPath(directory_);
  if (!text.starts_with(kKeysTitle)) return Damaged(path, "its first line is another");
  std::istringstream lines(text.substr(kKeysTitle.size()));
  for (std::string line; std::getline(lines, line);) {
    absl::StatusOr<KeyInForce> key = ParseKeyLine(line);
    if (!key.ok()) return Damaged(path, std::string(key.status().message()));
    public_keys_.push_back(std::move(*key));
  }
  if (public_keys_.empty()) return Damaged(path, "it holds no key");
  if (public_keys_.front().from_sequence != 0 || KeysText() != text) {
    return Damaged(path, "it is not as this program writes it");
  }
  for (std::size_t i = 0; i < public_keys_.size(); ++i) {
    const auto& [key, from_sequence] = public_keys_[i];
    if (i > 0 && from_sequence <= public_keys_[i - 1].from_sequence) {
      return Damaged(path, "the keys are not in the order of their sequences");
    }
    absl::StatusOr<std::string> pem = ReadPrivately(PrivatePath(key.id()));
    if (absl::IsNotFound(pem.status()) && i + 1 < public_keys_.size()) continue;
    if (absl::IsNotFound(pem.status())) {
      return Damaged(PrivatePath(key.id()), "the book's present key is missing");
    }
    if (!pem.ok()) return pem.status();
    absl::StatusOr<SigningKey> pair = SigningKey::FromPem(key.suite(), *pem);
    if (!pair.ok() || pair->public_key().der() != key.der()) {
      return Damaged(PrivatePath(key.id()), "it is not the private half of that key");
    }
    private_keys_.push_back(std::move(*pair));
  }
  return absl::OkStatus();
}

absl::Status KeyRing::WriteKeyFile(const std::string& directory, const SigningKey& key) const {
  absl::StatusOr<std::string> pem = key.ToPem();
  if (!pem.ok()) return pem.status();
  return WriteDurableFile(fmt::format("{}/{}.pem", directory, HexOf(key.public_key().id())), *pem,
                          FileMode::kOwnerOnly);
}

std::string KeyRing::KeysText() const {
  std::string text(kKeysTitle);
  for (const auto& [key, from_sequence] : public_keys_) {
    text += fmt::format("{} {} {} {}\n", from_sequence, key.suite().name(), HexOf(key.id()),
                        openssl::Base64(key.der()));
  }
  return text;
}

std::string KeyRing::PrivatePath(const KeyId& id) const {
  return fmt::format("{}/{}.pem", directory_, HexOf(id));
}

const VerifyingKey& KeyRing::KeyAt(std::uint64_t sequence) const {
  LANDBOOK_CHECK(!public_keys_.empty());
  const VerifyingKey* found = &public_keys_.front().key;
  for (const auto& [key, from_sequence] : public_keys_) {
    if (from_sequence <= sequence) found = &key;
  }
  return *found;
}

const VerifyingKey* KeyRing::Find(const KeyId& id) const {
  for (const auto& [key, from_sequence] : public_keys_) {
    if (key.id() == id) return &key;
  }
  return nullptr;
}

absl::StatusOr<SignedHead> KeyRing::Sign(const Head& head) const {
  const VerifyingKey& wanted = KeyAt(head.sequence);
  for (const SigningKey& key : private_keys_) {
    if (key.public_key().id() == wanted.id()) return SignHead(head, key);
  }
  return absl::FailedPreconditionError(
      fmt::format("the private half of key {}, in force at sequence {}, is not in {}",
                  HexOf(wanted.id()), head.sequence, directory_));
}

absl::Status KeyRing::VerifyHead(const SignedHead& head) const {
  return storage::VerifyHead(head, KeyAt(head.head.sequence));
}

absl::Status KeyRing::Succeed(const Suite& suite, std::uint64_t from_sequence) {
  if (from_sequence <= public_keys_.back().from_sequence) {
    return absl::InvalidArgumentError(
        fmt::format("a key from sequence {} on can't follow one from {} on; name a later sequence",
                    from_sequence, public_keys_.back().from_sequence));
  }
  absl::StatusOr<SigningKey> key = SigningKey::Generate(suite);
  if (!key.ok()) return key.status();
  absl::Status done = WriteKeyFile(directory_, *key);
  if (!done.ok()) return done;
  public_keys_.push_back({.key = key->public_key(), .from_sequence = from_sequence});
  done = WriteDurableFile(KeysPath(directory_), KeysText(), FileMode::kOwnerOnly);
  if (!done.ok()) {
    public_keys_.pop_back();
    return done;
  }
  private_keys_.push_back(std::move(*key));
  return absl::OkStatus();
}

}  // namespace landbook::storage
