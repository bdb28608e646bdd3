#include "tools/office_ca/office_ca.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "fmt/format.h"
#include "storage/durable_file.h"

namespace landbook::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytesMax = 16u << 20;
constexpr std::string_view kNothing = "-";

absl::StatusOr<std::uint64_t> FreshSerial(storage::RandomSource& random) {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  if (auto filled = random.Fill(bytes); !filled.ok()) return filled;
  std::uint64_t serial = 0;
  std::memcpy(&serial, bytes.data(), sizeof(serial));
  return (serial >> 1) | 1;  // positive, and not 0
}

std::string UseName(CertificateUse use) {
  return use == CertificateUse::kServer ? "server" : "client";
}

std::string LineOf(const IssuedCertificate& one) {
  return fmt::format(
      "{:016x} {} {} {} {}\n", one.serial, UseName(one.use), absl::ToUnixSeconds(one.issued),
      one.revoked ? fmt::to_string(absl::ToUnixSeconds(*one.revoked)) : "-", one.name);
}

// The next word of a line, which is taken off it.
std::string_view TakeWord(std::string_view* line) {
  const std::size_t end = std::min(line->find(' '), line->size());
  const std::string_view word = line->substr(0, end);
  line->remove_prefix(std::min(end + 1, line->size()));
  return word;
}

std::optional<std::int64_t> NumberFrom(std::string_view digits, int base) {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<IssuedCertificate> IssuedFrom(std::string_view line) {
  const auto serial = NumberFrom(TakeWord(&line), 16);
  const std::string_view use = TakeWord(&line);
  const auto issued = NumberFrom(TakeWord(&line), 10);
  const std::string_view revoked = TakeWord(&line);
  const auto revoked_at = NumberFrom(revoked, 10);
  const bool known_use = use == "server" || use == "client";
  if (!serial || !issued || !known_use || line.empty()) return std::nullopt;
  if (!revoked_at && revoked != kNothing) return std::nullopt;
  IssuedCertificate one;
  one.serial = static_cast<std::uint64_t>(*serial);
  one.use = use == "server" ? CertificateUse::kServer : CertificateUse::kClient;
  one.issued = absl::FromUnixSeconds(*issued);
  if (revoked_at) one.revoked = absl::FromUnixSeconds(*revoked_at);
  one.name = std::string(line);
  return one;
}

absl::StatusOr<std::vector<IssuedCertificate>> ReadIssued(const std::string& path) {
  const auto text = storage::ReadSmallFile(path, kFileBytesMax);
  if (!text.ok()) return text.status();
  std::vector<IssuedCertificate> issued;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    auto one = IssuedFrom(rest.substr(0, end));
    if (!one) return absl::DataLossError(fmt::format("{} cannot be read", path));
    issued.push_back(*std::move(one));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return issued;
}

// Names stand in files line by line, and come to servers as an officer's.
absl::Status CheckName(std::string_view name) {
  const bool plain =
      std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (!name.empty() && name.size() <= 64 && plain) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" came as a name; 1 to 64 bytes of plain text are wanted", name));
}

absl::Status CheckWish(const CertificateWish& wish) {
  if (auto named = CheckName(wish.name); !named.ok()) return named;
  if (wish.use == CertificateUse::kServer && wish.hosts.empty()) {
    return absl::InvalidArgumentError("a server's certificate names the hosts it is reached under");
  }
  if (wish.days >= 1 && wish.days <= OfficeCa::kDaysMax) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "{} days came; a certificate holds for 1 to {} days", wish.days, OfficeCa::kDaysMax));
}

absl::Status WriteKeyPair(const std::string& stem, const CertifiedKey& made) {
  auto written =
      storage::WriteDurableFile(stem + ".key.pem", made.key, storage::FileMode::kOwnerOnly);
  if (!written.ok()) return written;
  return storage::WriteDurableFile(stem + ".pem", made.certificate,
                                   storage::FileMode::kEveryoneReads);
}

}  // namespace

absl::StatusOr<OfficeCa> OfficeCa::Create(const std::string& directory, const std::string& office,
                                          absl::Time now, storage::RandomSource& random) {
  if (auto named = CheckName(office); !named.ok()) return named;
  std::error_code error;
  if (fs::exists(directory, error)) {
    return absl::AlreadyExistsError(fmt::format("there is something at {} already", directory));
  }
  const auto serial = FreshSerial(random);
  if (!serial.ok()) return serial.status();
  auto authority = MakeAuthority(
      {.serial = *serial, .common_name = office, .validity = {now - kClockSkew, now + kLifetime}});
  if (!authority.ok()) return authority.status();
  fs::create_directories(directory + "/revoked", error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) {
    return absl::UnavailableError(fmt::format("cannot make {}: {}", directory, error.message()));
  }
  OfficeCa office_ca(directory, *std::move(authority));
  if (auto written = WriteKeyPair(directory + "/ca", office_ca.authority_); !written.ok()) {
    return written;
  }
  if (auto written = office_ca.WriteIssued(); !written.ok()) return written;
  // Before any that follows within the second.
  if (auto written = office_ca.WriteRevocations(now - kClockSkew); !written.ok()) return written;
  return office_ca;
}

absl::StatusOr<OfficeCa> OfficeCa::Open(const std::string& directory) {
  auto certificate = storage::ReadSmallFile(directory + "/ca.pem", kFileBytesMax);
  if (!certificate.ok()) return certificate.status();
  auto key = storage::ReadSmallFile(directory + "/ca.key.pem", kFileBytesMax);
  if (!key.ok()) return key.status();
  auto issued = ReadIssued(directory + "/issued.txt");
  if (!issued.ok()) return issued.status();
  OfficeCa office_ca(directory, {*std::move(certificate), *std::move(key)});
  office_ca.issued_ = *std::move(issued);
  return office_ca;
}

absl::StatusOr<IssuedFiles> OfficeCa::Issue(const CertificateWish& wish, absl::Time now,
                                            storage::RandomSource& random) {
  if (auto checked = CheckWish(wish); !checked.ok()) return checked;
  const auto serial = FreshSerial(random);
  if (!serial.ok()) return serial.status();
  const auto made = IssueCertificate(
      authority_, {.serial = *serial,
                   .common_name = wish.name,
                   .use = wish.use,
                   .hosts = wish.hosts,
                   .uri = wish.uri,
                   .validity = {now - kClockSkew, now + absl::Hours(24) * wish.days}});
  if (!made.ok()) return made.status();
  // Listed first: a certificate that nobody could revoke must not be about.
  issued_.push_back({*serial, wish.use, now, std::nullopt, wish.name});
  if (auto written = WriteIssued(); !written.ok()) {
    issued_.pop_back();
    return written;
  }
  const std::string stem = fmt::format("{}/{:016x}", directory_, *serial);
  if (auto written = WriteKeyPair(stem, *made); !written.ok()) return written;
  return IssuedFiles{*serial, stem + ".pem", stem + ".key.pem"};
}

absl::StatusOr<int> OfficeCa::Revoke(const std::string& name, absl::Time now) {
  // Of two lists a reader takes the later one, by the second.
  absl::Time since = now;
  for (const IssuedCertificate& one : issued_) {
    if (one.revoked) since = std::max(since, *one.revoked + absl::Seconds(1));
  }
  int count = 0;
  for (IssuedCertificate& one : issued_) {
    if (one.name != name || one.revoked) continue;
    one.revoked = since;
    ++count;
  }
  if (count == 0) {
    return absl::NotFoundError(fmt::format("{} has no certificate that is not revoked", name));
  }
  if (auto written = WriteRevocations(since); !written.ok()) return written;
  if (auto written = WriteIssued(); !written.ok()) return written;
  return count;
}

absl::Status OfficeCa::WriteIssued() const {
  std::string text;
  for (const IssuedCertificate& one : issued_) text += LineOf(one);
  return storage::WriteDurableFile(directory_ + "/issued.txt", text,
                                   storage::FileMode::kEveryoneReads);
}

absl::Status OfficeCa::WriteRevocations(absl::Time now) const {
  const auto name = RevocationFileName(authority_.certificate);
  if (!name.ok()) return name.status();
  std::vector<RevokedSerial> revoked;
  for (const IssuedCertificate& one : issued_) {
    if (one.revoked) revoked.push_back({one.serial, *one.revoked});
  }
  // A server that has read .rN looks for .rN+1 alone.
  std::uint64_t number = 0;
  std::error_code error;
  const auto path = [&] { return fmt::format("{}/revoked/{}.r{}", directory_, *name, number); };
  while (fs::exists(path(), error)) ++number;
  const auto list =
      SignRevocations(authority_, number + 1, {now - kClockSkew, now + kLifetime}, revoked);
  if (!list.ok()) return list.status();
  return storage::WriteDurableFile(path(), *list, storage::FileMode::kEveryoneReads);
}

}  // namespace landbook::tools
