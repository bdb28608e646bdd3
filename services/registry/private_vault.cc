#include "services/registry/private_vault.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "storage/bytes.h"
#include "storage/sealed.h"

namespace landbook::registry {
namespace {

using google::protobuf::FieldDescriptor;

// A field of PersonPrivate by its number, in clear.
struct ClearField {
  std::uint16_t number = 0;
  std::string value;
};

// The fields that are set, by number.
std::vector<ClearField> FieldsOf(const v1::PersonPrivate& values) {
  std::vector<const FieldDescriptor*> set;
  values.GetReflection()->ListFields(values,
                                     &set);  // by number, only those that differ from nothing
  std::vector<ClearField> fields;
  for (const FieldDescriptor* field : set) {
    const auto* reflection = values.GetReflection();
    fields.push_back({static_cast<std::uint16_t>(field->number()),
                      field->type() == FieldDescriptor::TYPE_ENUM
                          ? std::to_string(reflection->GetEnumValue(values, field))
                          : reflection->GetString(values, field)});
  }
  return fields;
}

// Puts one field back; false when the contract has no such field or the value is not of its kind.
bool SetField(const ClearField& clear, v1::PersonPrivate* values) {
  const FieldDescriptor* field = values->GetDescriptor()->FindFieldByNumber(clear.number);
  if (field == nullptr) return false;
  if (field->type() != FieldDescriptor::TYPE_ENUM) {
    values->GetReflection()->SetString(values, field, clear.value);
    return true;
  }
  int number = 0;
  const char* end = clear.value.data() + clear.value.size();
  const auto parsed = std::from_chars(clear.value.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return false;
  values->GetReflection()->SetEnumValue(values, field, number);
  return true;
}

// One sealed version as it lies in the engine.
struct SealedVersion {
  std::string blind;
  std::vector<ClearField> fields;  // here `value` is the sealed bytes
};

std::string Encode(const SealedVersion& version) {
  std::string bytes;
  storage::AppendLengthPrefixed(bytes, version.blind);
  for (const ClearField& field : version.fields) {
    storage::AppendU16(bytes, field.number);
    storage::AppendLengthPrefixed(bytes, field.value);
  }
  return bytes;
}

std::optional<SealedVersion> Decode(std::string_view bytes) {
  storage::ByteReader reader(bytes);
  SealedVersion version;
  version.blind = std::string(reader.ReadLengthPrefixed());
  while (reader.Ok() && !reader.Rest().empty()) {
    const std::uint16_t number = reader.ReadU16();
    version.fields.push_back({number, std::string(reader.ReadLengthPrefixed())});
  }
  if (!reader.FinishedOk()) return std::nullopt;
  return version;
}

absl::Status CannotBeOpened(const PrivateVersion& version) {
  return absl::DataLossError(fmt::format(
      "the private fields of party {}, version {}, are not those that the journal commits "
      "to",
      version.party, version.version));
}

class SealingVault final : public PrivateVault {
 public:
  SealingVault(BookNumber book, const storage::Suite& suite, const storage::BookSecrets& secrets,
               storage::RandomSource& random)
      : book_(book),
        suite_(suite),
        secrets_(secrets),
        random_(random),
        wrapper_(suite, secrets.wrapping, random) {}

  absl::StatusOr<std::vector<v1::FieldCommitment>> Seal(Overlay* overlay,
                                                        const PrivateVersion& version,
                                                        const v1::PersonPrivate& values) override;
  absl::StatusOr<std::optional<v1::PersonPrivate>> Open(
      const View& view, const PrivateVersion& version,
      const Commitments& commitments) const override;
  void Destroy(Overlay* overlay, std::uint64_t party) override;
  std::vector<std::uint64_t> FindByIdentityNumber(const View& view,
                                                  std::string_view number) const override;

 private:
  std::string PartyKeyKey(std::uint64_t party) const;
  std::string VersionsPrefix(std::uint64_t party) const;
  std::string VersionKey(const PrivateVersion& version) const;
  std::string ErasureKey(std::uint64_t party) const;
  // REQUIRES: `blind` is not empty.
  std::string BlindPrefix(std::string_view blind) const;
  std::string BlindKey(std::string_view blind, std::uint64_t party) const;
  // The blind index of an identity number; empty for none.
  std::string BlindOf(std::string_view identity_number) const;

  // The party's key, made and wrapped with its first version.
  absl::StatusOr<storage::Secret> KeyFor(Overlay* overlay, const PrivateVersion& version) const;
  bool IsCommitted(const storage::PrivateField& field, const v1::FieldCommitment& commitment) const;
  // Moves the party's line of the blind index from the version before to this one.
  void Reindex(Overlay* overlay, const PrivateVersion& version, const std::string& blind) const;

  BookNumber book_;
  const storage::Suite& suite_;
  const storage::BookSecrets& secrets_;
  storage::RandomSource& random_;
  storage::PartyKeyWrapper wrapper_;
};

std::string SealingVault::PartyKeyKey(std::uint64_t party) const {
  std::string key = SpacePrefix(book_, Space::kPartyKey);
  storage::AppendU64(key, party);
  return key;
}

std::string SealingVault::VersionsPrefix(std::uint64_t party) const {
  std::string key = SpacePrefix(book_, Space::kPrivate);
  storage::AppendU64(key, party);
  return key;
}

std::string SealingVault::VersionKey(const PrivateVersion& version) const {
  std::string key = VersionsPrefix(version.party);
  storage::AppendU32(key, version.version);
  return key;
}

std::string SealingVault::ErasureKey(std::uint64_t party) const {
  std::string key = SpacePrefix(book_, Space::kErasure);
  storage::AppendU64(key, party);
  return key;
}

std::string SealingVault::BlindPrefix(std::string_view blind) const {
  std::string key = SpacePrefix(book_, Space::kBlindIndex);
  key.push_back(blind.front());
  return key;
}

std::string SealingVault::BlindKey(std::string_view blind, std::uint64_t party) const {
  std::string key = BlindPrefix(blind);
  storage::AppendU64(key, party);
  return key;
}

std::string SealingVault::BlindOf(std::string_view identity_number) const {
  if (identity_number.empty()) return {};
  std::string number(identity_number);
  if (number.back() == 'x') number.back() = 'X';
  const storage::Hash hash = suite_.Hmac(secrets_.blind_index.bytes(), {number});
  return std::string(storage::BytesOf(hash));
}

absl::StatusOr<storage::Secret> SealingVault::KeyFor(Overlay* overlay,
                                                     const PrivateVersion& version) const {
  if (version.version > 1) {
    const auto wrapped = overlay->Get(PartyKeyKey(version.party));
    if (wrapped) return wrapper_.Unwrap(version.party, *wrapped);
    return absl::DataLossError("the key of a party's private fields is missing");
  }
  auto key = storage::Secret::Fresh(random_);
  if (!key.ok()) return key.status();
  auto wrapped = wrapper_.Wrap(version.party, *key);
  if (!wrapped.ok()) return wrapped.status();
  overlay->Put(PartyKeyKey(version.party), *std::move(wrapped));
  return key;
}

void SealingVault::Reindex(Overlay* overlay, const PrivateVersion& version,
                           const std::string& blind) const {
  if (version.version > 1) {
    const auto stored = overlay->Get(VersionKey({version.party, version.version - 1}));
    const auto before = stored ? Decode(*stored) : std::nullopt;
    if (before && !before->blind.empty()) overlay->Delete(BlindKey(before->blind, version.party));
  }
  if (!blind.empty()) overlay->Put(BlindKey(blind, version.party), blind);
}

absl::StatusOr<std::vector<v1::FieldCommitment>> SealingVault::Seal(
    Overlay* overlay, const PrivateVersion& version, const v1::PersonPrivate& values) {
  const auto key = KeyFor(overlay, version);
  if (!key.ok()) return key.status();
  const storage::FieldSealer sealer(suite_, version.party, *key, random_);
  SealedVersion sealed{BlindOf(values.identity_number()), {}};
  std::vector<v1::FieldCommitment> commitments;
  for (ClearField& clear : FieldsOf(values)) {
    const auto salt = storage::FreshSalt(random_);
    if (!salt.ok()) return salt.status();
    const storage::PrivateField field{clear.number, *salt, std::move(clear.value)};
    auto bytes = sealer.Seal(field);
    if (!bytes.ok()) return bytes.status();
    sealed.fields.push_back({field.number, *std::move(bytes)});
    const storage::Hash commitment = storage::Commitment(suite_, field);
    v1::FieldCommitment& told = commitments.emplace_back();
    told.set_field(field.number);
    told.set_commitment(std::string(storage::BytesOf(commitment)));
  }
  Reindex(overlay, version, sealed.blind);
  overlay->Put(VersionKey(version), Encode(sealed));
  return commitments;
}

absl::StatusOr<std::optional<v1::PersonPrivate>> SealingVault::Open(
    const View& view, const PrivateVersion& version, const Commitments& commitments) const {
  // The key last: an erasure in between takes both away, and is no damage.
  const auto stored = view.Get(VersionKey(version));
  const auto wrapped = view.Get(PartyKeyKey(version.party));
  if (!view.status().ok()) return view.status();
  if (!wrapped) return std::nullopt;
  const auto key = wrapper_.Unwrap(version.party, *wrapped);
  const auto sealed = stored ? Decode(*stored) : std::nullopt;
  if (!key.ok() || !sealed) return CannotBeOpened(version);
  if (sealed->fields.size() != static_cast<std::size_t>(commitments.size())) {
    return CannotBeOpened(version);
  }
  const storage::FieldSealer sealer(suite_, version.party, *key, random_);
  v1::PersonPrivate values;
  for (int i = 0; i < commitments.size(); ++i) {
    const ClearField& field = sealed->fields[static_cast<std::size_t>(i)];
    auto clear = sealer.Open(field.number, field.value);
    if (!clear.ok() || !IsCommitted(*clear, commitments[i])) return CannotBeOpened(version);
    if (!SetField({field.number, std::move(clear->value)}, &values)) return CannotBeOpened(version);
  }
  return values;
}

bool SealingVault::IsCommitted(const storage::PrivateField& field,
                               const v1::FieldCommitment& commitment) const {
  const auto hash = storage::HashFromBytes(commitment.commitment());
  return hash.ok() && commitment.field() == field.number &&
         storage::VerifyCommitment(suite_, field, *hash).ok();
}

void SealingVault::Destroy(Overlay* overlay, std::uint64_t party) {
  overlay->Delete(PartyKeyKey(party));
  std::vector<std::string> dead;
  overlay->Scan(storage::PrefixRange(VersionsPrefix(party)),
                [&](std::string_view key, std::string_view value) {
                  dead.emplace_back(key);
                  const auto sealed = Decode(value);
                  if (sealed && !sealed->blind.empty()) {
                    dead.push_back(BlindKey(sealed->blind, party));
                  }
                  return true;
                });
  for (const std::string& key : dead) overlay->Delete(key);
  overlay->Put(ErasureKey(party), "");
}

std::vector<std::uint64_t> SealingVault::FindByIdentityNumber(const View& view,
                                                              std::string_view number) const {
  std::vector<std::uint64_t> parties;
  if (number.empty()) return parties;
  const std::string blind = BlindOf(number);
  const std::string prefix = BlindPrefix(blind);
  view.Scan(storage::PrefixRange(prefix), [&](std::string_view key, std::string_view indexed) {
    if (indexed == blind) {
      parties.push_back(storage::ByteReader(key.substr(prefix.size())).ReadU64());
    }
    return true;
  });
  return parties;
}

}  // namespace

std::unique_ptr<PrivateVault> MakePrivateVault(BookNumber book, const storage::Suite& suite,
                                               const storage::BookSecrets& secrets,
                                               storage::RandomSource& random) {
  return std::make_unique<SealingVault>(book, suite, secrets, random);
}

absl::Status PurgeErased(storage::Engine& engine, BookNumber book) {
  // What is erased while this goes on is not among these, and stays for its own call.
  const auto unfinished = storage::ScanPage(
      engine, storage::PrefixRange(SpacePrefix(book, Space::kErasure)), storage::ScanLimit{});
  if (!unfinished.ok()) return unfinished.status();
  if (unfinished->items.empty()) return absl::OkStatus();
  for (const Space space : {Space::kPartyKey, Space::kPrivate, Space::kBlindIndex}) {
    const auto purged = engine.Purge(storage::PrefixRange(SpacePrefix(book, space)));
    if (!purged.ok()) return purged;
  }
  storage::WriteBatch finished;
  for (const storage::KeyValue& erasure : unfinished->items) finished.Delete(erasure.key);
  return engine.Write(finished, storage::kUnfenced, storage::Durability::kBuffered);
}

}  // namespace landbook::registry
