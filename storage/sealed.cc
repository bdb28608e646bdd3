#include "storage/sealed.h"

#include <algorithm>

#include "fmt/format.h"
#include "storage/bytes.h"

namespace landbook::storage {
namespace {

constexpr char kCommitmentMark = '\x02';

std::string_view BytesOfSalt(const Salt& salt) {
  return {reinterpret_cast<const char*>(salt.data()), salt.size()};
}

// What a wrapped key belongs to.
std::string KeyContext(std::uint64_t party_number) {
  std::string context = "party-key";
  AppendU64(context, party_number);
  return context;
}

// What a sealed field belongs to.
std::string FieldContext(std::uint64_t party_number, std::uint16_t field_number) {
  std::string context = "private-field";
  AppendU64(context, party_number);
  AppendU16(context, field_number);
  return context;
}

void WipeText(std::string& text) {
  Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

absl::StatusOr<Salt> FreshSalt(RandomSource& random) {
  Salt salt;
  if (absl::Status filled = random.Fill(salt); !filled.ok()) return filled;
  return salt;
}

Hash Commitment(const Suite& suite, const PrivateField& field) {
  std::string number;
  AppendU16(number, field.number);
  return suite.HashOf(
      {std::string_view(&kCommitmentMark, 1), BytesOfSalt(field.salt), number, field.value});
}

absl::Status VerifyCommitment(const Suite& suite, const PrivateField& field,
                              const Hash& commitment) {
  if (Commitment(suite, field) == commitment) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("private field {} is not what the journal committed to", field.number));
}

absl::StatusOr<std::string> PartyKeyWrapper::Wrap(std::uint64_t party_number,
                                                  const Secret& party_key) const {
  return suite_.Seal(wrapping_key_,
                     {.plaintext = party_key.bytes(), .associated = KeyContext(party_number)},
                     random_);
}

absl::StatusOr<Secret> PartyKeyWrapper::Unwrap(std::uint64_t party_number,
                                               std::string_view wrapped) const {
  absl::StatusOr<std::string> bytes =
      suite_.Open(wrapping_key_, {.sealed = wrapped, .associated = KeyContext(party_number)});
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<Secret> key = Secret::FromBytes(*bytes);
  WipeText(*bytes);
  return key;
}

absl::StatusOr<std::string> FieldSealer::Seal(const PrivateField& field) const {
  std::string plaintext(BytesOfSalt(field.salt));
  plaintext.append(field.value);
  absl::StatusOr<std::string> sealed = suite_.Seal(
      party_key_, {.plaintext = plaintext, .associated = FieldContext(party_number_, field.number)},
      random_);
  WipeText(plaintext);
  return sealed;
}

absl::StatusOr<PrivateField> FieldSealer::Open(std::uint16_t field_number,
                                               std::string_view sealed) const {
  absl::StatusOr<std::string> plaintext = suite_.Open(
      party_key_, {.sealed = sealed, .associated = FieldContext(party_number_, field_number)});
  if (!plaintext.ok()) return plaintext.status();
  if (plaintext->size() < kSaltSize) {
    return absl::InvalidArgumentError("a sealed field is shorter than its salt");
  }
  PrivateField field{.number = field_number, .salt = {}, .value = plaintext->substr(kSaltSize)};
  std::copy_n(plaintext->begin(), kSaltSize, field.salt.begin());
  WipeText(*plaintext);
  return field;
}

}  // namespace landbook::storage
